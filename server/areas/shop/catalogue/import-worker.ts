import { serveThread } from '../../../core/thread.ts'
import { type ImportedBytes, parseBytes, readRows } from './import-rows.ts'
import { derive } from './read-catalogue.ts'

/** Reads one catalogue off the main thread: first what it is as a whole, then its rows in slices. */
serveThread(function* (input: ImportedBytes) {
  const { nextRows, ...read } = derive(readRows(parseBytes(input)))
  yield read
  for (let rows = nextRows(); rows !== null; rows = nextRows()) yield rows
})
