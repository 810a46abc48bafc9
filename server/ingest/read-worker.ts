import { serveThread } from '../core/thread.ts'
import type { InputFile } from './off-thread.ts'
import { readFile } from './read.ts'

/** Reads one document off the main thread. Its sections leave it as JSON, which is how they are stored. */
serveThread(async function* (file: InputFile) {
  const { sections, ...read } = await readFile(file)
  yield { ...read, sections: JSON.stringify(sections) }
})
