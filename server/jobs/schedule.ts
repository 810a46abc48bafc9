import type { Log } from '../observability/log.ts'

/**
 * Runs `work` again `everyMs` after it ended. A failure is logged and tried again.
 * @returns what stops it, and resolves when what has begun has ended
 */
export function repeat(work: () => Promise<void>, intervalMs: number, log: Log): () => Promise<void> {
  let timer: NodeJS.Timeout
  let stopped = false
  let running = Promise.resolve()
  const next = () => {
    if (stopped) return
    timer = setTimeout(() => {
      running = work()
        .catch(error => log.warn({ error }, 'background work failed'))
        .finally(next)
    }, intervalMs)
    timer.unref()
  }
  next()
  return () => {
    stopped = true
    clearTimeout(timer)
    return running
  }
}
