import { OperationError } from '#protocol'
import { DatabaseUnavailable } from '#storage/engine/transaction'
import { LeaseLost } from './job.ts'

/** Between two attempts while the database is away. */
const databaseRetryMs = 1000

/** A database that is away fails no answer: what it needs is read once that is there again. */
export async function retryUntilAvailable<T>(read: () => Promise<T>, closed: AbortSignal): Promise<T> {
  for (;;) {
    try {
      return await read()
    } catch (error) {
      if (!(error instanceof DatabaseUnavailable) || closed.aborted) throw error
      await pause()
    }
  }
}

/** The database may be away: what readers were shown is kept until it is stored, or another node found it abandoned. */
export async function retryUntilStored<T>(store: () => Promise<T>, closed: AbortSignal): Promise<T> {
  for (;;) {
    try {
      return await store()
    } catch (error) {
      if (error instanceof LeaseLost || error instanceof OperationError) throw new LeaseLost()
      if (closed.aborted) throw error
      await pause()
    }
  }
}

const pause = () => new Promise(resolve => setTimeout(resolve, databaseRetryMs).unref())
