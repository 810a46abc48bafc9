import type { Log } from './log.ts'
import type { Metrics } from './metrics.ts'

export interface DependencyParts {
  /** As the log and the figures name it. */
  name: 'database'
  /** Whether it answers. Never rejects. */
  answers(): Promise<boolean>
  /** Between two looks, in milliseconds. */
  pollMs: number
  metrics: Metrics
  log: Log
}

/**
 * A look at something this node stands on: one line when it goes, one when it is back, and `parley_<name>_up` for alerts.
 * What fails in between because of it is logged at `debug` alone (`log.ts`).
 */
export function watchDependency({ name, answers, pollMs, metrics, log }: DependencyParts) {
  let up = true
  let awaySince = 0
  let timer: NodeJS.Timeout
  let closed = false
  metrics.watch(`parley_${name}_up`, `Whether the ${name} answers: 1 or 0`, () => Number(up))

  async function check(): Promise<void> {
    const answered = await answers()
    if (closed) return
    if (answered !== up) report(answered)
    timer = setTimeout(check, pollMs)
    timer.unref()
  }

  function report(answered: boolean): void {
    up = answered
    if (answered) log.warn({ away_ms: Math.round(performance.now() - awaySince) }, `${name} back`)
    else log.error(`${name} away`)
    awaySince = performance.now()
  }

  void check()
  return {
    get up() {
      return up
    },
    close(): void {
      closed = true
      clearTimeout(timer)
    },
  }
}
