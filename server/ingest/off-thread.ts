import { runThread } from '../core/thread.ts'
import { type ReadDocument, readFile } from './read.ts'

export interface InputFile {
  name: string
  mime: string
  bytes: Uint8Array
}

/** With its sections as JSON, as they are stored. */
type StoredDocument = Omit<ReadDocument, 'sections'> & { sections: string }

/** More than this is worked on in a thread of its own. */
export const inlineMaxBytes = 256 * 1024

/** As `readFile`, without holding the loop: a large file's bytes move to its thread, and are gone here. */
export async function readDocument(file: InputFile): Promise<StoredDocument> {
  if (file.bytes.byteLength > inlineMaxBytes) {
    const bytes = isWhole(file.bytes) ? file.bytes : file.bytes.slice()
    return runThread(new URL('./read-worker.ts', import.meta.url), { ...file, bytes }, [bytes.buffer])
  }
  const { sections, ...read } = await readFile(file)
  return { ...read, sections: JSON.stringify(sections) }
}

function isWhole(bytes: Uint8Array): bytes is Uint8Array<ArrayBuffer> {
  return bytes.buffer instanceof ArrayBuffer && bytes.byteLength === bytes.buffer.byteLength
}
