import { DatabaseUnavailable } from '#storage/engine/transaction'
import type { Written } from '#storage/realtime/journal'
import type { Needs } from '#storage/realtime/participants'
import type { JournalParts } from './append.ts'
import type { RowCache } from './cache.ts'
import type { Change } from './change.ts'
import { decideAll, type Outcome } from './decide.ts'

/** A change that waits for its transaction. */
export interface Entry {
  change: Change<unknown>
  since: number
  resolve(value: unknown): void
  reject(error: unknown): void
}

export interface CommitterParts extends Omit<JournalParts, 'shards'> {
  rows: RowCache
}

/** A change is answered within this, also when it waited behind one that the database kept. */
const commitTimeoutMs = 2000
const minTimeoutMs = 300

/**
 * Two ways to the same end. Most changes are decided from the conversation's row as this node knows it and committed in one
 * statement, if it is still so (`appendOptimistic`); what is not known, needs more, or was changed elsewhere is decided under a lock.
 */
export function createCommitter(parts: CommitterParts) {
  const { storage, rows, clock } = parts
  const { publishCommitted, failUncertain } = createSettlement(parts)

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

  return commit
}

/** What follows for those who wait, and for this node's readers. */
function createSettlement({
  rows,
  metrics,
  publish,
  recheckLater,
}: Pick<CommitterParts, 'rows' | 'metrics' | 'publish' | 'recheckLater'>) {
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

  return { publishCommitted, failUncertain }
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
