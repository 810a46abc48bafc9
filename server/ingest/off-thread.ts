import { runThread } from '../core/thread.ts'
import { type ReadDocument, readFile } from './read.ts'

export interface GivenFile {
  name: string
  mime: string
  bytes: Uint8Array
}

/** With its sections as JSON, as they are stored. */
type StoredDocument = Omit<ReadDocument, 'sections'> & { sections: string }

/** More than this is worked on in a thread of its own. */
export const inlineMaxBytes = 256 * 1024

/** As `readFile`, without holding the loop. */
export async function readDocument(file: GivenFile): Promise<StoredDocument> {
  if (file.bytes.byteLength > inlineMaxBytes)
    return runThread(new URL('./read-worker.ts', import.meta.url), file)
  const { sections, ...read } = await readFile(file)
  return { ...read, sections: JSON.stringify(sections) }
}
