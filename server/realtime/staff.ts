import { RedisAdapter } from '@socket.io/redis-adapter'
import { Redis } from 'ioredis'
import type { Server } from 'socket.io'
import type { Log } from '../observability/log.ts'
import { reconnectDelayMs } from './bus.ts'

/** What another node has changed: each reads it in the database. */
const signals = ['queue', 'settings', 'providers', 'revocations', 'articles', 'documents'] as const
type StaffSignal = (typeof signals)[number]

export interface StaffParts {
  io: Server
  /** Of Redis; null where this node is the only one. */
  url: string | null
  log: Log
}

/** Nobody writes there: Redis answers a subscription to it after all that were asked for before. */
const barrierChannel = 'parley#barrier'
/** A Redis that accepts and does not answer is left, before much waits for it. */
const answerMs = 5000

/**
 * Joins the namespace of staff on all nodes, by socket.io's own adapter: what is emitted there without `local` reaches
 * everybody who answers, wherever they are connected. At most once: while Redis is away each node has its own sockets, and
 * what it missed is in the database. Conversations have a path of their own (`hub.ts`), which keeps their order.
 */
export function joinStaff({ io, url, log }: StaffParts) {
  const refreshes = new Map<StaffSignal, () => unknown>()
  const clients = url === null ? [] : openClients(url)
  const [publisher, subscriber] = clients
  const namespace = io.of('/agent')
  if (publisher && subscriber) {
    namespace.adapter = new RedisAdapter(namespace, publisher, subscriber, { key: 'parley' })
    subscriber.on('ready', async () => {
      await subscriber.subscribe(barrierChannel)
      for (const signal of signals) void refresh(signal)
    })
  }
  for (const signal of signals) namespace.on(signal, () => refresh(signal))

  async function refresh(signal: StaffSignal): Promise<void> {
    try {
      await refreshes.get(signal)?.()
    } catch (error) {
      log.debug({ error, signal }, 'could not read what another node has changed')
    }
  }

  return {
    /** Another node has changed something, or may have while it could not be heard. */
    onSignal(signal: StaffSignal, refresh: () => unknown): void {
      refreshes.set(signal, refresh)
    },
    /** To the other nodes. */
    signal(signal: StaffSignal): void {
      // The adapter in memory prints that it has nobody to send to.
      if (publisher) namespace.serverSideEmit(signal)
    },
    close(): void {
      for (const client of clients) client.disconnect()
    },
  }
}

function openClients(url: string): [publisher: Redis, subscriber: Redis] {
  const retryStrategy = reconnectDelayMs
  const publisher = new Redis(url, {
    enableOfflineQueue: false,
    maxRetriesPerRequest: 0,
    socketTimeout: answerMs,
    retryStrategy,
  })
  // Holds the adapter's few subscriptions until Redis is there, and renews them when it is back.
  const subscriber = new Redis(url, { maxRetriesPerRequest: null, retryStrategy })
  for (const client of [publisher, subscriber]) {
    // The bus reports for all connections.
    client.on('error', () => {})
    ignoreFailures(client)
  }
  return [publisher, subscriber]
}

/** The adapter waits for nothing it sends: what Redis refused would end the process. */
function ignoreFailures(client: Redis): void {
  for (const name of ['publish', 'subscribe', 'psubscribe', 'unsubscribe', 'punsubscribe'] as const) {
    const send = client[name].bind(client) as (...input: unknown[]) => Promise<unknown>
    client[name] = (...input: unknown[]) => send(...input).catch(() => undefined) as never
  }
}
