import { isMainThread } from 'node:worker_threads'

/**
 * Preloaded into a server: on SIGUSR2 it prints the longest turn of the loop since the last time, in milliseconds of the
 * thread's own CPU time, which a busy machine does not lengthen.
 */
if (isMainThread) {
  const cpuMs = () => {
    const { user, system } = process.threadCpuUsage()
    return (user + system) / 1000
  }
  let longest = 0
  let last = cpuMs()
  setInterval(() => {
    const now = cpuMs()
    longest = Math.max(longest, now - last)
    last = now
  }, 1).unref()
  process.on('SIGUSR2', () => {
    console.log(`longest turn ${Math.round(longest)} ms;`)
    longest = 0
  })
}
