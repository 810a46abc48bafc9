import type { Operation } from '#protocol'
import type { Bus, BusParts } from '../realtime/bus.ts'

/** Token buckets: `burst` at once, then `perSecond` sustained. */
const rates = {
  connection: { burst: 20, perSecond: 10 },
  sign_in: { burst: 30, perSecond: 0.5 },
  message: { burst: 100, perSecond: 5 },
  none: { burst: 400, perSecond: 100 },
  /** All calls of one network: an office behind one address has many visitors. */
  network: { burst: 4000, perSecond: 1000 },
  /** People asked for by one network: an office at once, then who comes one by one. */
  handoff: { burst: 20, perSecond: 1 / 30 },
  /** Seconds that a person speaks: twenty minutes at once, and an hour in a day. */
  voice: { burst: 1200, perSecond: 3600 / 86_400 },
  /** Seconds that are spoken to a person, the same. */
  speech: { burst: 2400, perSecond: 7200 / 86_400 },
  /** Refusals of one socket: who heeds none of them is closed. */
  refused: { burst: 200, perSecond: 2 },
  /** What a caller, and a network, sends in bytes: two of the largest files at once. */
  bytes: { burst: 22_000_000, perSecond: 1_000_000 },
  network_bytes: { burst: 110_000_000, perSecond: 5_000_000 },
} as const satisfies Record<string, { burst: number; perSecond: number }> &
  Record<Operation['rate'], { burst: number; perSecond: number }>

export type RateKind = keyof typeof rates
const kinds = Object.keys(rates) as RateKind[]

interface Bucket {
  tokens: number
  at: number
}

/** Sockets one network may have open; and when a place may be free again, in milliseconds. */
export const openMax = 1000
const openRetryMs = 10_000
/** So often the buckets that are full again are forgotten. */
const sweepMs = 60_000
/** So often the nodes tell each other what was taken. */
const shareMs = 200
const channel = 'parley:limits'

export interface Limits {
  /** Takes `cost` tokens; returns 0, or the milliseconds after which the same call will be let through. */
  consume(kind: RateKind, who: string, cost?: number): number
  /** Takes `cost` tokens although they may not be there: what is owed has the bound of a burst. */
  charge(kind: RateKind, who: string, cost: number): void
  /** Whether the network may have one more open socket: 0, or the milliseconds after which to try again. */
  checkOpen(network: string): number
  enter(network: string): void
  leave(network: string): void
  close(): void
}

export interface LimitParts {
  enabled: boolean
  /** Several nodes take from the same buckets: what one took, the others hear within 200 ms. No call waits for Redis. */
  createBus: ((parts: Pick<BusParts, 'onBusMessage' | 'onReconnect'>) => Bus) | null
}

/** From the most that can be owed to a full bucket. */
function fullAfterMs(kind: RateKind): number {
  const { burst, perSecond } = rates[kind]
  return ((2 * burst) / perSecond) * 1000
}

export function createLimits({ enabled, createBus }: LimitParts): Limits {
  if (!enabled)
    return { consume: () => 0, charge() {}, checkOpen: () => 0, enter() {}, leave() {}, close() {} }
  const buckets = Object.fromEntries(kinds.map(kind => [kind, new Map()])) as Record<
    RateKind,
    Map<string, Bucket>
  >
  const open = new Map<string, number>()
  const unshared = new Map<string, number>()
  const bus = createBus?.({ onBusMessage, onReconnect() {} })
  void bus?.subscribe(channel)

  /** As full as it is by now. */
  function bucketOf(kind: RateKind, who: string): Bucket {
    const { burst, perSecond } = rates[kind]
    const now = performance.now()
    let bucket = buckets[kind].get(who)
    if (!bucket) {
      bucket = { tokens: burst, at: now }
      buckets[kind].set(who, bucket)
    }
    bucket.tokens = Math.min(burst, bucket.tokens + ((now - bucket.at) / 1000) * perSecond)
    bucket.at = now
    return bucket
  }

  function consume(kind: RateKind, who: string, cost = 1): number {
    const bucket = bucketOf(kind, who)
    if (bucket.tokens < cost) return Math.ceil(((cost - bucket.tokens) / rates[kind].perSecond) * 1000)
    bucket.tokens -= cost
    recordUsage(kind, who, cost)
    return 0
  }

  function charge(kind: RateKind, who: string, cost: number): void {
    owe(kind, who, cost)
    recordUsage(kind, who, cost)
  }

  function owe(kind: RateKind, who: string, cost: number): void {
    const bucket = bucketOf(kind, who)
    bucket.tokens = Math.max(bucket.tokens - cost, -rates[kind].burst)
  }

  /** For the other nodes. */
  function recordUsage(kind: RateKind, who: string, cost: number): void {
    if (!bus) return
    const name = `${kind} ${who}`
    unshared.set(name, (unshared.get(name) ?? 0) + cost)
  }

  function onBusMessage(_channel: string, message: unknown): void {
    for (const [name, cost] of Object.entries(message as Record<string, number>)) {
      const [kind, who] = name.split(' ') as [RateKind, string]
      // Two nodes may both have given the last ones away.
      owe(kind, who, cost)
    }
  }

  function share(): void {
    if (unshared.size === 0) return
    bus!.publish(channel, Object.fromEntries(unshared))
    unshared.clear()
  }

  function evictFull(): void {
    for (const kind of kinds) {
      const before = performance.now() - fullAfterMs(kind)
      for (const [who, bucket] of buckets[kind]) if (bucket.at < before) buckets[kind].delete(who)
    }
  }

  const timers = [setInterval(evictFull, sweepMs), ...(bus ? [setInterval(share, shareMs)] : [])]
  for (const timer of timers) timer.unref()

  return {
    consume,
    charge,
    checkOpen: network => ((open.get(network) ?? 0) < openMax ? 0 : openRetryMs),
    enter: network => void open.set(network, (open.get(network) ?? 0) + 1),
    leave(network) {
      const count = open.get(network) ?? 0
      if (count > 1) open.set(network, count - 1)
      else open.delete(network)
    },
    close() {
      timers.forEach(clearInterval)
      bus?.close()
    },
  }
}
