import type { EventPayload, Handoff } from '#protocol'
import type { HandoffStorage, StoredHandoff } from '#storage/desk/handoff'
import type { Log } from '../../../observability/log.ts'
import { maskHandoff, toHandoff } from './move.ts'
import { estimateMs, handledMax, type Queue } from './queue.ts'

export interface QueueSyncParts {
  storage: Pick<HandoffStorage, 'present' | 'changesSince'>
  queue: Queue
  /** Nothing can have changed without a word. */
  isIdle(): boolean
  /** To everybody of the desk on this node. */
  toStaff<E extends 'queue:changed' | 'presence:changed'>(event: E, payload: EventPayload<E>): void
  /** To a conversation's readers on this node. */
  toConversation(conversationId: string, event: 'handoff:moved', payload: EventPayload<'handoff:moved'>): void
  hasSubscribers(conversationId: string): boolean
  log: Log
}

/** Changes that come within this are told together, in milliseconds. */
const debounceMs = 50
/** How often a node looks although nobody told it to: other nodes' word may be lost, in milliseconds. */
const queuePollMs = 1000
const idlePollMs = 10_000

/** Keeps this node's queue as the database has it, and tells this node's sockets what that changes for them. */
export function createQueueSync({
  storage,
  queue,
  isIdle,
  toStaff,
  toConversation,
  hasSubscribers,
  log,
}: QueueSyncParts) {
  const sentAgents = new Map<string, string>()
  const sentPositions = new Map<string, string>()
  const changed = new Map<string, StoredHandoff>()
  let from = Number.POSITIVE_INFINITY
  let sentCounts = ''
  let sentPace = ''
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
    publishAgents()
    publishCounts(rows.flatMap(row => (row.conversation_id === null ? [] : toHandoff(row, queue))))
    // A seat more or less, or another handling time, moves everybody's estimate.
    const pace = JSON.stringify(queue.pace())
    publishPositions(pace === sentPace ? from : 0)
    sentPace = pace
    from = Number.POSITIVE_INFINITY
    for (const { id, status } of rows) if (status !== 'pending') sentPositions.delete(id)
  }

  function publishAgents(): void {
    for (const agent of queue.agents()) {
      const current = JSON.stringify(agent)
      if (sentAgents.get(agent.id) === current) continue
      sentAgents.set(agent.id, current)
      toStaff('presence:changed', { agent })
    }
  }

  function publishCounts(handoffs: Handoff[]): void {
    const counts = queue.counts()
    if (handoffs.length === 0 && sentCounts === JSON.stringify(counts)) return
    sentCounts = JSON.stringify(counts)
    toStaff('queue:changed', { ...counts, handoffs: handoffs.map(maskHandoff) })
  }

  function publishPositions(from: number): void {
    const pace = queue.pace()
    for (let index = from; index < queue.waiting.length; index++) {
      const { id, conversation_id } = queue.waiting[index]!
      if (conversation_id === null || !hasSubscribers(conversation_id)) continue
      const position = { queue_position: index + 1, estimated_wait_ms: estimateMs(pace, index + 1) }
      const current = JSON.stringify(position)
      if (sentPositions.get(id) === current) continue
      sentPositions.set(id, current)
      toConversation(conversation_id, 'handoff:moved', { conversation_id, handoff_id: id, ...position })
    }
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
