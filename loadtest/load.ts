import type { ServerProcess } from './process.ts'
import type { Wire } from './wire.ts'

/** One connection of the generator and what it sends next. */
export interface Caller {
  wire: Wire
  frame(): string
}

export interface Load {
  cpu_us: number
  per_s: number
  p50_ms: number
  p95_ms: number
  p99_ms: number
}

const refused = Buffer.from('"success":false')
const settleMs = 10_000

/** Closed loop: each caller sends its next operation when the last one was answered. CPU is per operation. */
export async function hammer(
  server: ServerProcess,
  callers: Caller[],
  { warmMs, measureMs }: { warmMs: number; measureMs: number },
): Promise<Load> {
  let latencies: number[] = []
  let running = true
  const idle = callers.map(
    ({ wire, frame }) =>
      new Promise<void>((resolve, reject) => {
        let sent = performance.now()
        wire.onAnswer = answer => {
          const now = performance.now()
          latencies.push(now - sent)
          sent = now
          if (answer.includes(refused)) reject(new Error(`Refused: ${answer}`))
          if (running) wire.send(frame())
          else resolve()
        }
        wire.send(frame())
      }),
  )
  const ended = Promise.all(idle)
  await Promise.race([pause(warmMs), ended])
  latencies = []
  const { cpu_us, seconds } = await spent(server, () => Promise.race([pause(measureMs), ended]))
  const measured = latencies
  running = false
  latencies = []
  await deadline(ended, 'answers to the last operations')
  for (const { wire } of callers) wire.onAnswer = undefined
  return {
    cpu_us: cpu_us / measured.length,
    per_s: measured.length / seconds,
    ...percentiles(measured),
  }
}

/**
 * Open loop: `perSecond` operations spread evenly, callers in turn. An operation's time runs from when it was due, so
 * that a server that stalls is charged for those that had to wait. Answers of one caller come in order.
 */
export async function pace(
  callers: Caller[],
  { perSecond, seconds }: { perSecond: number; seconds: number },
): Promise<Omit<Load, 'cpu_us'>> {
  const total = Math.round(perSecond * seconds)
  const latencies: number[] = []
  let last = 0
  const answered = new Promise<void>((resolve, reject) => {
    const due = callers.map((): number[] => [])
    callers.forEach(({ wire }, index) => {
      wire.onAnswer = answer => {
        last = performance.now()
        latencies.push(last - due[index]!.shift()!)
        if (answer.includes(refused)) reject(new Error(`Refused: ${answer}`))
        if (latencies.length === total) resolve()
      }
    })
    every(total, seconds * 1000, (number, at) => {
      const index = number % callers.length
      due[index]!.push(at)
      callers[index]!.wire.send(callers[index]!.frame())
    })
  })
  const began = performance.now()
  await deadline(answered, 'answers to every paced operation', seconds * 1000 + settleMs)
  for (const { wire } of callers) wire.onAnswer = undefined
  return { per_s: total / ((last - began) / 1000), ...percentiles(latencies) }
}

/** Calls `work` `count` times, spread evenly over `durationMs`, each with the time it was due. */
export function every(count: number, durationMs: number, work: (number: number, at: number) => void): void {
  const began = performance.now()
  let done = 0
  const timer = setInterval(() => {
    const now = performance.now()
    for (; done < count; done++) {
      const at = began + (done * durationMs) / count
      if (at > now) return
      work(done, at)
    }
    clearInterval(timer)
  }, 1)
}

/** CPU that `server` used while `work` ran, in microseconds. */
export async function spent(
  server: ServerProcess,
  work: () => Promise<unknown>,
): Promise<{ cpu_us: number; seconds: number }> {
  const before = await server.cpu()
  const began = performance.now()
  await work()
  const seconds = (performance.now() - began) / 1000
  return { cpu_us: (await server.cpu()) - before, seconds }
}

export function percentiles(latencies: number[]): { p50_ms: number; p95_ms: number; p99_ms: number } {
  const sorted = Float64Array.from(latencies).sort()
  const at = (share: number) => sorted[Math.max(0, Math.ceil(sorted.length * share) - 1)] ?? Number.NaN
  return { p50_ms: at(0.5), p95_ms: at(0.95), p99_ms: at(0.99) }
}

/** How much `values`, taken at even intervals, grow from the first to the last by least squares, in per cent of their mean. */
export function growthPercent(values: number[]): number {
  const middle = (values.length - 1) / 2
  const mean = values.reduce((total, value) => total + value, 0) / values.length
  let covariance = 0
  let variance = 0
  for (const [index, value] of values.entries()) {
    covariance += (index - middle) * (value - mean)
    variance += (index - middle) ** 2
  }
  return ((covariance / variance) * (values.length - 1) * 100) / mean
}

export function pause(ms: number): Promise<void> {
  return new Promise(resolve => setTimeout(resolve, ms))
}

export async function deadline<T>(work: Promise<T>, what: string, ms = settleMs): Promise<T> {
  let limit: NodeJS.Timeout | undefined
  const timeout = new Promise<never>((_resolve, reject) => {
    limit = setTimeout(() => reject(new Error(`Waited ${ms / 1000} s in vain for ${what}.`)), ms)
  })
  try {
    return await Promise.race([work, timeout])
  } finally {
    clearTimeout(limit)
  }
}

/** Looks every 20 ms. */
export async function until(
  what: string,
  condition: () => boolean | Promise<boolean>,
  ms = 30_000,
): Promise<void> {
  const limit = performance.now() + ms
  while (!(await condition())) {
    if (performance.now() > limit) throw new Error(`Waited ${ms / 1000} s in vain for ${what}.`)
    await pause(20)
  }
}
