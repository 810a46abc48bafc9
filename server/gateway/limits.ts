import type { Operation } from '#protocol'

/** Token buckets: `burst` at once, then `perSecond` sustained. */
const rates = {
  connection: { burst: 20, perSecond: 10 },
  sign_in: { burst: 30, perSecond: 0.5 },
  message: { burst: 100, perSecond: 5 },
  none: { burst: 400, perSecond: 100 },
} as const satisfies Record<'connection' | Operation['rate'], { burst: number; perSecond: number }>

export type RateKind = keyof typeof rates

interface Bucket {
  tokens: number
  at: number
}

/** A bucket untouched for this long is full again, whatever its kind, and forgotten. */
const forgetMs = 120_000

export interface Limits {
  /** Takes one token; returns 0, or the milliseconds after which the same call will be let through. */
  take(kind: RateKind, who: string): number
  close(): void
}

export function createLimits(enabled: boolean): Limits {
  if (!enabled) return { take: () => 0, close() {} }
  const buckets = new Map<string, Bucket>()

  function take(kind: RateKind, who: string): number {
    const { burst, perSecond } = rates[kind]
    const now = performance.now()
    const name = `${kind} ${who}`
    let bucket = buckets.get(name)
    if (!bucket) {
      bucket = { tokens: burst, at: now }
      buckets.set(name, bucket)
    }
    bucket.tokens = Math.min(burst, bucket.tokens + ((now - bucket.at) / 1000) * perSecond)
    bucket.at = now
    if (bucket.tokens < 1) return Math.ceil(((1 - bucket.tokens) / perSecond) * 1000)
    bucket.tokens -= 1
    return 0
  }

  const sweep = setInterval(() => {
    const before = performance.now() - forgetMs
    for (const [name, bucket] of buckets) if (bucket.at < before) buckets.delete(name)
  }, forgetMs)
  sweep.unref()
  return { take, close: () => clearInterval(sweep) }
}
