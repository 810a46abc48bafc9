import { type IntervalHistogram, monitorEventLoopDelay } from 'node:perf_hooks'
import { getHeapSpaceStatistics } from 'node:v8'
import { isMainThread } from 'node:worker_threads'

/**
 * Preloaded into every measured server (`node --expose-gc --import probe.ts …`), whose own code knows nothing of it:
 * answers over the channel to its parent, and ends the process when asked or left alone.
 */
export type Question = 'cpu' | 'memory' | 'loop' | 'exit'
/**
 * Of the whole process, its threads included: microseconds of CPU since the start, or bytes after collecting garbage.
 * `heap` is what the program keeps there: without code, which V8 compiles anew for as long as something runs. Of the loop: its
 * delay and the most memory since it was asked about last; watched from the first such question on.
 */
export type Answer =
  | { cpu_us: number }
  | { rss: number; heap: number }
  | { delay_p99_ms: number; peak_rss: number }

const attempts = 20
const stable = 0.998
const isCode = /^(?:code|trusted)_/

if (isMainThread && process.send) {
  const answer = (reply: Answer) => process.send?.(reply)
  process.on('message', (question: Question) => {
    if (question === 'cpu') {
      const { user, system } = process.cpuUsage()
      answer({ cpu_us: user + system })
    } else if (question === 'memory') {
      void settle().then(answer)
    } else if (question === 'loop') {
      answer(loopSinceLast())
    } else {
      process.exit(0)
    }
  })
  process.on('disconnect', () => process.exit(0))
}

let delay: IntervalHistogram | undefined
let peakRss = 0

function loopSinceLast(): Answer {
  if (!delay) {
    delay = monitorEventLoopDelay({ resolution: 5 })
    delay.enable()
    setInterval(() => {
      peakRss = Math.max(peakRss, process.memoryUsage.rss())
    }, 100).unref()
  }
  const answer = { delay_p99_ms: delay.percentile(99) / 1e6, peak_rss: peakRss }
  delay.reset()
  peakRss = process.memoryUsage.rss()
  return answer
}

/** Collects until no more is given back: pages go back to the system some time after a collection. */
async function settle(): Promise<Answer> {
  let least = Infinity
  for (let attempt = 0; attempt < attempts; attempt++) {
    globalThis.gc?.()
    await new Promise(resolve => setTimeout(resolve, 150))
    const rss = process.memoryUsage.rss()
    if (rss > least * stable && attempt > 2) break
    least = Math.min(least, rss)
  }
  const dataSpaces = getHeapSpaceStatistics().filter(({ space_name }) => !isCode.test(space_name))
  const heap = dataSpaces.reduce((total, { space_used_size }) => total + space_used_size, 0)
  return { rss: process.memoryUsage.rss(), heap }
}
