import { setTimeout } from 'node:timers/promises'
import { StartError } from '#storage/engine/start-error'
import type { Log } from '../observability/log.ts'

/** What passes by itself: the database, its machine or the network is away, or starting. */
const passing = new Set([
  'ECONNREFUSED',
  'ECONNRESET',
  'EHOSTUNREACH',
  'ENETUNREACH',
  'ETIMEDOUT',
  'EAI_AGAIN',
  'ENOENT',
  '57P03',
  '53300',
])
const retryMs = 2000

/**
 * Opens the database; a node that has worked with one waits for it. One that starts for the first time says what is wrong
 * and ends, since that is rather a mistake in its settings.
 * @throws StartError
 */
export async function openWhenThere<Opened>(
  open: () => Promise<Opened>,
  { hasWorked, log }: { hasWorked: boolean; log: Log },
): Promise<Opened> {
  for (let waiting = false; ; waiting = true) {
    try {
      const opened = await open()
      if (waiting) log.info('the database is there')
      return opened
    } catch (error) {
      if (!hasWorked || !isPassing(error)) throw error
      if (!waiting) log.warn({ error }, 'the database is away: the start waits for it')
      await setTimeout(retryMs)
    }
  }
}

function isPassing(error: unknown): error is StartError {
  return error instanceof StartError && passing.has(error.code ?? '')
}
