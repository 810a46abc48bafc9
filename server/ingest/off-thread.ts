import { runThread } from '../core/thread.ts'
import { type ReadAttachment, readAttachment } from './attachment.ts'
import { type ReadDocument, readFile } from './read.ts'

interface GivenFile {
  name: string
  mime: string
  bytes: Uint8Array
}

export interface ReadingTask {
  kind: 'document' | 'attachment'
  file: GivenFile
}

/** With its sections as JSON, as they are stored. */
export type StoredDocument = Omit<ReadDocument, 'sections'> & { sections: string }

/** More than this is worked on in a thread of its own. */
export const inlineMaxBytes = 64 * 1024

const script = new URL('./read-worker.ts', import.meta.url)

/** As `readFile`, without holding the loop. */
export async function readDocument(file: GivenFile): Promise<StoredDocument> {
  if (file.bytes.byteLength > inlineMaxBytes) return runThread(script, { kind: 'document', file })
  const { sections, ...read } = await readFile(file)
  return { ...read, sections: JSON.stringify(sections) }
}

/** As `readAttachment`, without holding the loop. */
export async function readAttached(file: GivenFile): Promise<ReadAttachment> {
  if (file.bytes.byteLength > inlineMaxBytes) return runThread(script, { kind: 'attachment', file })
  return readAttachment(file)
}
