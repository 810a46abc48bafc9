import type { ConversationRow } from '#storage/chat/conversation'
import type { StoredEvent } from '#storage/realtime/events'
import type { JournalStorage } from '#storage/realtime/journal'
import type { Clock } from '../../core/clock.ts'
import type { Metrics } from '../../observability/metrics.ts'
import { createRowCache } from './cache.ts'
import type { Change } from './change.ts'
import { createCommitter, type Entry } from './commit.ts'

export interface Journal {
  /** Resolves once committed and told to this node's readers. Rejects with what `decide` threw, or DatabaseUnavailable. */
  append<T>(change: Change<T>): Promise<T>
  /** A conversation's row as it was just read: the next change to it may be decided from that. */
  cacheRow(head: ConversationRow): void
  /** The row as this node knows it; another may have changed it since. */
  cachedRow(conversationId: string): ConversationRow | undefined
  /** Another node changed it: what is known of its row is old. */
  evictRow(conversationId: string): void
  /** What is known of all rows is old. */
  evictAllRows(): void
  /** Resolves when everything begun has ended. */
  idle(): Promise<void>
}

export interface JournalParts {
  storage: JournalStorage
  /** The database's time, in milliseconds since the epoch: no node's own clock decides anything. */
  clock: Clock
  /** Tells the readers of this node: called in the order of seq (law D6). */
  publish(event: StoredEvent): void
  metrics: Pick<Metrics, 'events' | 'messages' | 'batch' | 'watch'>
  /** Whether these were committed is not known. */
  recheckLater(conversationIds: string[]): void
  /** How many transactions may run side by side. A conversation always goes through the same one. */
  shards: number
}

/** More than this waits for the next transaction: a bound on its size, far above what a busy node gathers in one. */
const batchMax = 256
/**
 * The one path by which a durable change gets its seq, is committed and told (laws D1, D2, D3, D6). What arrives while
 * a transaction runs is committed together by the next one: no waiting is added, and a busy database sees fewer commits.
 */
export function createJournal(parts: JournalParts): Journal {
  const rows = createRowCache()
  const commit = createCommitter({ ...parts, rows })
  const shards = Array.from({ length: parts.shards }, () => createShard(commit))
  parts.metrics.watch('parley_journal_waiting', 'Changes that wait for the next transaction', () =>
    shards.reduce((total, shard) => total + shard.waiting(), 0),
  )
  return {
    append<T>(change: Change<T>): Promise<T> {
      const shard = shards[shardOf(change.conversationId, shards.length)]!
      return new Promise<T>((resolve, reject) => {
        shard.add({ change, since: performance.now(), resolve: resolve as Entry['resolve'], reject })
      })
    },
    cacheRow: rows.set,
    cachedRow: rows.get,
    evictRow: rows.evict,
    evictAllRows: rows.clear,
    async idle() {
      await Promise.all(shards.map(shard => shard.idle()))
    },
  }
}

/** The last hex digits of a UUIDv7 are random. */
function shardOf(conversationId: string, shards: number): number {
  return Number.parseInt(conversationId.slice(-4), 16) % shards || 0
}

function createShard(commit: (batch: Entry[]) => Promise<void>) {
  const waiting: Entry[] = []
  let running: Promise<void> | null = null

  async function drain(): Promise<void> {
    while (waiting.length > 0) {
      const batch = waiting.splice(0, batchMax)
      await commit(batch)
    }
    running = null
  }

  return {
    add(entry: Entry) {
      waiting.push(entry)
      running ??= drain()
    },
    idle: () => running ?? Promise.resolve(),
    waiting: () => waiting.length,
  }
}
