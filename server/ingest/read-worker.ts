import { serveThread } from '../core/thread.ts'
import { readAttachment } from './attachment.ts'
import type { ReadingTask } from './off-thread.ts'
import { readFile } from './read.ts'

/** Reads one file off the main thread. A document's sections leave it as JSON, which is how they are stored. */
serveThread(async function* ({ kind, file }: ReadingTask) {
  if (kind === 'attachment') yield await readAttachment(file)
  else {
    const { sections, ...read } = await readFile(file)
    yield { ...read, sections: JSON.stringify(sections) }
  }
})
