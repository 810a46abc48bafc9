import { parentPort, workerData } from 'node:worker_threads'
import { OperationError } from '#protocol'
import { derive, type WorkerAnswer } from './import.ts'
import { type ImportedBytes, parseBytes, readRows } from './import-rows.ts'

/** Reads one catalogue off the main thread, and gives its rows in slices as they are asked for. */
const port = parentPort!

function answer(message: WorkerAnswer): void {
  port.postMessage(message)
}

try {
  const { nextRows, ...read } = derive(readRows(parseBytes(workerData as ImportedBytes)))
  port.on('message', () => answer({ rows: nextRows() }))
  answer({ read })
} catch (error) {
  if (!(error instanceof OperationError)) throw error
  answer({ refused: { code: error.code, message: error.message, details: error.details } })
}
