import { isMainThread } from 'node:worker_threads'

/**
 * Preloaded into every measured server (`node --expose-gc --import probe.ts …`), whose own code knows nothing of it:
 * answers over the channel to its parent, and ends the process when asked or left alone.
 */
export type Question = 'cpu' | 'memory' | 'exit'
/** Of the whole process, its threads included: microseconds of CPU since the start, or bytes after collecting garbage. */
export type Answer = { cpu_us: number } | { rss: number; heap: number }

if (isMainThread && process.send) {
  const answer = (reply: Answer) => process.send?.(reply)
  process.on('message', (question: Question) => {
    if (question === 'cpu') {
      const { user, system } = process.cpuUsage()
      answer({ cpu_us: user + system })
    } else if (question === 'memory') {
      globalThis.gc?.()
      // The second collection takes what finalizers of the first let go of.
      setTimeout(() => {
        globalThis.gc?.()
        const { rss, heapUsed } = process.memoryUsage()
        answer({ rss, heap: heapUsed })
      }, 200)
    } else {
      process.exit(0)
    }
  })
  process.on('disconnect', () => process.exit(0))
}
