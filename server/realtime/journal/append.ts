import type { ConversationRow } from '#storage/chat/conversation'
import { DatabaseUnavailable } from '#storage/engine/transaction'
import type { StoredEvent } from '#storage/realtime/events'
import type { JournalStorage, Written } from '#storage/realtime/journal'
import type { Needs } from '#storage/realtime/participants'
import type { Clock } from '../../core/clock.ts'
import type { Metrics } from '../../observability/metrics.ts'
import { createRowCache, type RowCache } from './cache.ts'
import type { Change } from './change.ts'
import { decideAll, type Outcome } from './decide.ts'

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

interface Entry {
  change: Change<unknown>
  since: number
  resolve(value: unknown): void
  reject(error: unknown): void
}

/** More than this waits for the next transaction: a bound on its size, far above what a busy node gathers in one. */
const batchMax = 256
/** A change is answered within this, also when it waited behind one that the database kept. */
const commitTimeoutMs = 2000
const minTimeoutMs = 300

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

/**
 * Two ways to the same end. Most changes are decided from the conversation's row as this node knows it and committed in one
 * statement, if it is still so (`appendOptimistic`); what is not known, needs more, or was changed elsewhere is decided under a lock.
 */
function createCommitter(parts: JournalParts & { rows: RowCache }) {
  const { storage, rows, clock, metrics, publish, recheckLater } = parts

  async function commit(batch: Entry[]): Promise<void> {
    const cached = new Map(
      batch.map(({ change }) => [change.conversationId, rows.get(change.conversationId)]),
    )
    for (const { change } of batch) if (needsLock(change)) cached.delete(change.conversationId)
    const optimistic = batch.filter(({ change }) => cached.get(change.conversationId))
    const locking = batch.filter(({ change }) => !cached.get(change.conversationId))
    await Promise.all([
      optimistic.length > 0 && appendOptimistic(optimistic),
      locking.length > 0 && lockAndWrite(locking),
    ])
  }

  async function appendOptimistic(batch: Entry[]): Promise<void> {
    const at = new Date(clock()).toISOString()
    const before = new Map(
      batch.map(({ change }) => [change.conversationId, rows.get(change.conversationId)!]),
    )
    const messages = batch.flatMap(({ change }) => change.message ?? [])
    const { written, outcomes } = decideAll(
      changesOf(batch),
      storage.lockedFromCache({
        at,
        heads: new Map(before),
        messages: new Map(messages.map(message => [message.id, message])),
      }),
    )
    const steps = written.heads.map(after => ({ before: before.get(after.id)!, after }))
    if (steps.length === 0 || !storage.fitsFastPath(steps, written)) return lockAndWrite(batch)
    let committed: Set<string>
    try {
      committed = await storage.appendOptimistic(steps, written, timeLeft(batch))
    } catch (error) {
      if (error instanceof DatabaseUnavailable) return failUncertain(batch, error)
      // Most likely a key that was used before: under the lock it is seen whose.
      return lockAndWrite(batch)
    }
    const isCommitted = (id: string) => committed.has(id)
    publishCommitted(batch, outcomes, { written, isCommitted })
    for (const { id } of written.heads) if (!isCommitted(id)) rows.evict(id)
    // What was refused, or changed nothing, was so by what this node knew: the database has the last word.
    const open = batch.filter(
      ({ change }, index) => !isCommitted(change.conversationId) || 'error' in outcomes[index]!,
    )
    if (open.length > 0) await lockAndWrite(open)
  }

  async function lockAndWrite(batch: Entry[]): Promise<void> {
    let outcomes: Outcome[] = []
    try {
      const written = await storage.write(
        needsOf(batch),
        locked => {
          const decided = decideAll(changesOf(batch), locked)
          outcomes = decided.outcomes
          return decided.written
        },
        timeLeft(batch),
      )
      publishCommitted(batch, outcomes, { written, isCommitted: () => true })
      batch.forEach((entry, index) => {
        const outcome = outcomes[index]!
        if ('error' in outcome) entry.reject(outcome.error)
      })
    } catch (error) {
      if (batch.length === 1 || error instanceof DatabaseUnavailable) return failUncertain(batch, error)
      // One that the database refuses must not take the others with it.
      for (const entry of batch) await lockAndWrite([entry])
    }
  }

  /** Committed: this node's readers are told, then who asked. */
  function publishCommitted(
    batch: Entry[],
    outcomes: Outcome[],
    { written, isCommitted }: { written: Written; isCommitted(conversationId: string): boolean },
  ): void {
    metrics.batch.observe(batch.length)
    for (const { role, conversation_id } of written.inserted)
      if (isCommitted(conversation_id)) metrics.messages.inc({ role })
    for (const head of written.heads) if (isCommitted(head.id)) rows.set(head)
    for (const event of written.events) {
      if (!isCommitted(event.conversation_id)) continue
      metrics.events.inc({ event: event.event })
      publish(event)
    }
    batch.forEach((entry, index) => {
      if (!isCommitted(entry.change.conversationId)) return
      const outcome = outcomes[index]!
      if ('value' in outcome) entry.resolve(outcome.value)
    })
  }

  /** Nobody knows whether it was committed. */
  function failUncertain(batch: Entry[], error: unknown): void {
    const ids = batch.map(({ change }) => change.conversationId)
    ids.forEach(rows.evict)
    recheckLater(ids)
    for (const entry of batch) entry.reject(error)
  }

  return commit
}

function changesOf(batch: Entry[]): Change<unknown>[] {
  return batch.map(({ change }) => change)
}

function timeLeft(batch: Entry[]): number {
  const waited = performance.now() - Math.min(...batch.map(entry => entry.since))
  return Math.max(commitTimeoutMs - waited, minTimeoutMs)
}

function needsLock({ reply, needs, messageId, message }: Change<unknown>): boolean {
  return Boolean(reply || needs) || (messageId !== undefined && message === undefined)
}

function needsOf(batch: Entry[]) {
  const changes = changesOf(batch)
  return {
    conversationIds: [...new Set(changes.map(change => change.conversationId))],
    messageIds: changes.flatMap(change => change.messageId ?? []),
    keys: changes.flatMap(({ conversationId, sender }) =>
      sender ? { conversation_id: conversationId, sender_id: sender.id, key: sender.key } : [],
    ),
    replyIds: [...new Set(changes.flatMap(change => (change.reply ? change.conversationId : [])))],
    participants: mergeNeeds(changes.flatMap(change => change.needs ?? [])),
  }
}

function mergeNeeds(all: Needs[]): Needs {
  const merged: Record<string, unknown[]> = {}
  for (const needs of all)
    for (const [name, list] of Object.entries(needs)) merged[name] = [...(merged[name] ?? []), ...list]
  return merged as Needs
}
