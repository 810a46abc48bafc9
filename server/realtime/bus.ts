import { Redis } from 'ioredis'
import { redisStartError } from '#storage/engine/start-error'
import type { Log } from '../observability/log.ts'

export interface Bus {
  /** Whether messages go through at the moment. */
  readonly up: boolean
  /** Best effort, at most once: while Redis is away nothing is queued, readers catch up by seq (law D6). */
  publish(channel: string, message: unknown): void
  /** Resolves once messages to the channel will be heard, or at once while Redis is away. */
  subscribe(channel: string): Promise<void>
  unsubscribe(channel: string): void
  close(): void
}

export interface BusParts {
  url: string
  log: Log
  /** A message of another node. */
  onBusMessage(channel: string, message: unknown): void
  /** Messages may have been missed until now. */
  onReconnect(): void
}

/** Between attempts to reach Redis, in milliseconds: short, so that its return is noticed soon. */
const retryMs = [50, 100, 200, 400, 800]

export function reconnectDelayMs(attempt: number): number {
  return retryMs[Math.min(attempt, retryMs.length) - 1]!
}

/** Replies that no waiting mends. */
const misconfigured = /^(NOAUTH|WRONGPASS|NOPERM|ENOTFOUND)$/

/**
 * Tries Redis once before a start. Without it a node works by itself; with a wrong password, or a name nobody has, it always would.
 * @throws StartError
 */
export async function assertRedis(url: string, log: Log): Promise<void> {
  const client = new Redis(url, { lazyConnect: true, retryStrategy: () => null, connectTimeout: 2000 })
  let failure: unknown
  client.on('error', error => {
    failure ??= error
  })
  try {
    await client.connect()
    await client.publish('parley', '')
  } catch (error) {
    const problem = redisStartError(failure ?? error, url)
    if (misconfigured.test(problem.code ?? '')) throw problem
    log.warn(
      { error: failure ?? error },
      'Redis does not answer yet; this node works by itself until it does',
    )
  } finally {
    client.disconnect()
  }
}

/** What the nodes tell each other, over Redis: one channel per open conversation, which only nodes that have it open hear. */
export function createBus({ url, log, onBusMessage, onReconnect }: BusParts): Bus {
  const options = {
    // Nothing waits inside the client: its queue is without bound (ioredis #76).
    enableOfflineQueue: false,
    maxRetriesPerRequest: 0,
    autoResubscribe: false,
    retryStrategy: reconnectDelayMs,
  }
  const publisher = new Redis(url, options)
  const subscriber = new Redis(url, options)
  const channels = new Set<string>()
  const self = crypto.randomUUID()
  let reported = false

  for (const client of [publisher, subscriber]) {
    client.on('error', error => {
      if (!reported)
        log.warn({ error }, 'Redis does not answer; other nodes are caught up with from the database')
      reported = true
    })
  }
  subscriber.on('ready', () => {
    if (reported) log.info('Redis answers again')
    reported = false
    if (channels.size === 0) return onReconnect()
    subscriber.subscribe(...channels).then(onReconnect, () => {})
  })
  subscriber.on('message', (channel, text) => {
    const { from, message } = JSON.parse(text) as { from: string; message: unknown }
    if (from !== self) onBusMessage(channel, message)
  })

  return {
    get up() {
      return publisher.status === 'ready' && subscriber.status === 'ready'
    },
    publish(channel, message) {
      if (publisher.status !== 'ready') return
      publisher.publish(channel, JSON.stringify({ from: self, message })).catch(() => {})
    },
    async subscribe(channel) {
      channels.add(channel)
      if (subscriber.status === 'ready') await subscriber.subscribe(channel).catch(() => {})
    },
    unsubscribe(channel) {
      channels.delete(channel)
      if (subscriber.status === 'ready') subscriber.unsubscribe(channel).catch(() => {})
    },
    close() {
      publisher.disconnect()
      subscriber.disconnect()
    },
  }
}
