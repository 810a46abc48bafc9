import type { HandoffStorage, StoredHandoff } from '#storage/desk/handoff'
import type { Log } from '../../../observability/log.ts'
import { handledMax } from './queue.ts'
import { createQueuePublisher, type QueuePublisherParts } from './queue-publisher.ts'

export interface QueueSyncParts extends QueuePublisherParts {
  storage: Pick<HandoffStorage, 'present' | 'changesSince'>
  /** Nothing can have changed without a word. */
  isIdle(): boolean
  log: Log
}

/** Changes that come within this are told together, in milliseconds. */
const debounceMs = 50
/** How often a node looks although nobody told it to: other nodes' word may be lost, in milliseconds. */
const queuePollMs = 1000
const idlePollMs = 10_000

/** Keeps this node's queue as the database has it, and tells this node's sockets what that changes for them. */
export function createQueueSync({ storage, queue, isIdle, log, ...emitters }: QueueSyncParts) {
  const publisher = createQueuePublisher({ queue, ...emitters })
  const changed = new Map<string, StoredHandoff>()
  let from = Number.POSITIVE_INFINITY
  let horizon: string | null = null
  let timer: NodeJS.Timeout | undefined
  let refreshing: Promise<void> | null = null
  let again = false
  let closed = false

  async function readChanges(): Promise<void> {
    const changes = horizon === null ? await storage.present(handledMax) : await storage.changesSince(horizon)
    horizon = changes.horizon
    for (const agent of changes.agents) queue.applyAgent(agent)
    for (const row of changes.handoffs) applyRow(row)
    publishChanges()
  }

  function applyRow(row: StoredHandoff): void {
    // One whose conversation was deleted no longer says which it was.
    const conversation_id = row.conversation_id ?? queue.find(row.id)?.conversation_id ?? null
    const moved = queue.apply(row)
    if (moved === null) return
    changed.set(row.id, { ...row, conversation_id })
    from = Math.min(from, moved)
  }

  function publishChanges(): void {
    const rows = [...changed.values()]
    changed.clear()
    publisher.publish(rows, from)
    from = Number.POSITIVE_INFINITY
  }

  /** Looks now, or once more after the look that is on its way. */
  function refresh(): Promise<void> {
    if (refreshing) again = true
    refreshing ??= readChanges()
      .catch(error => log.debug({ error }, 'could not read the queue'))
      .finally(() => {
        refreshing = null
        setTimer(again ? debounceMs : isIdle() ? idlePollMs : queuePollMs)
        again = false
      })
    return refreshing
  }

  /** Something has changed. */
  function schedule(): void {
    if (refreshing) again = true
    else setTimer(debounceMs)
  }

  function setTimer(afterMs: number): void {
    clearTimeout(timer)
    if (closed) return
    timer = setTimeout(refresh, afterMs)
    timer.unref()
  }

  return {
    /** Resolves once the queue was read. */
    refresh,
    schedule,
    /** A row committed on this node: known at once, told with what else has changed. */
    apply(row: StoredHandoff): void {
      applyRow(row)
      schedule()
    },
    /** The database is another: what was read of the one before does not count. */
    async restart(): Promise<void> {
      await refreshing
      horizon = null
      queue.clear()
      await refresh()
    },
    async close(): Promise<void> {
      closed = true
      clearTimeout(timer)
      await refreshing
    },
  }
}
