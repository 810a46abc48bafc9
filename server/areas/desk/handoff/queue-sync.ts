import type { EventPayload, Handoff } from '#protocol'
import type { HandoffStorage, StoredHandoff } from '#storage/desk/handoff'
import type { Log } from '../../../observability/log.ts'
import { maskHandoff, toHandoff } from './move.ts'
import { estimateMs, handledKept, type Queue } from './queue.ts'

export interface WatchParts {
  storage: Pick<HandoffStorage, 'present' | 'changesSince'>
  queue: Queue
  /** Nothing can have changed without a word. */
  isIdle(): boolean
  /** To everybody of the desk on this node. */
  toStaff<E extends 'queue:changed' | 'presence:changed'>(event: E, payload: EventPayload<E>): void
  /** To a conversation's readers on this node. */
  toConversation(conversationId: string, event: 'handoff:moved', payload: EventPayload<'handoff:moved'>): void
  isHeard(conversationId: string): boolean
  log: Log
}

/** Changes that come within this are told together, in milliseconds. */
const gatherMs = 50
/** How often a node looks although nobody told it to: other nodes' word may be lost, in milliseconds. */
const lookMs = 1000
const idleLookMs = 10_000

/** Keeps this node's queue as the database has it, and tells this node's sockets what that changes for them. */
export function createWatch({ storage, queue, isIdle, toStaff, toConversation, isHeard, log }: WatchParts) {
  const toldAgents = new Map<string, string>()
  const toldPlaces = new Map<string, string>()
  const changed = new Map<string, StoredHandoff>()
  let from = Number.POSITIVE_INFINITY
  let toldCounts = ''
  let toldPace = ''
  let horizon: string | null = null
  let timer: NodeJS.Timeout | undefined
  let looking: Promise<void> | null = null
  let again = false
  let closed = false

  async function look(): Promise<void> {
    const changes =
      horizon === null ? await storage.present(handledKept) : await storage.changesSince(horizon)
    horizon = changes.horizon
    for (const agent of changes.agents) queue.takeAgent(agent)
    for (const row of changes.handoffs) take(row)
    tell()
  }

  function take(row: StoredHandoff): void {
    // One whose conversation was deleted no longer says which it was.
    const conversation_id = row.conversation_id ?? queue.find(row.id)?.conversation_id ?? null
    const moved = queue.take(row)
    if (moved === null) return
    changed.set(row.id, { ...row, conversation_id })
    from = Math.min(from, moved)
  }

  function tell(): void {
    const rows = [...changed.values()]
    changed.clear()
    tellAgents()
    tellCounts(rows.flatMap(row => (row.conversation_id === null ? [] : toHandoff(row, queue))))
    // A seat more or less, or another handling time, moves everybody's estimate.
    const pace = JSON.stringify(queue.pace())
    tellMoved(pace === toldPace ? from : 0)
    toldPace = pace
    from = Number.POSITIVE_INFINITY
    for (const { id, status } of rows) if (status !== 'pending') toldPlaces.delete(id)
  }

  function tellAgents(): void {
    for (const agent of queue.agents()) {
      const told = JSON.stringify(agent)
      if (toldAgents.get(agent.id) === told) continue
      toldAgents.set(agent.id, told)
      toStaff('presence:changed', { agent })
    }
  }

  function tellCounts(handoffs: Handoff[]): void {
    const counts = queue.counts()
    if (handoffs.length === 0 && toldCounts === JSON.stringify(counts)) return
    toldCounts = JSON.stringify(counts)
    toStaff('queue:changed', { ...counts, handoffs: handoffs.map(maskHandoff) })
  }

  function tellMoved(from: number): void {
    const pace = queue.pace()
    for (let index = from; index < queue.waiting.length; index++) {
      const { id, conversation_id } = queue.waiting[index]!
      if (conversation_id === null || !isHeard(conversation_id)) continue
      const place = { queue_position: index + 1, estimated_wait_ms: estimateMs(pace, index + 1) }
      const told = JSON.stringify(place)
      if (toldPlaces.get(id) === told) continue
      toldPlaces.set(id, told)
      toConversation(conversation_id, 'handoff:moved', { conversation_id, handoff_id: id, ...place })
    }
  }

  /** Looks now, or once more after the look that is on its way. */
  function refresh(): Promise<void> {
    if (looking) again = true
    looking ??= look()
      .catch(error => log.debug({ error }, 'could not read the queue'))
      .finally(() => {
        looking = null
        schedule(again ? gatherMs : isIdle() ? idleLookMs : lookMs)
        again = false
      })
    return looking
  }

  /** Something has changed. */
  function poke(): void {
    if (looking) again = true
    else schedule(gatherMs)
  }

  function schedule(afterMs: number): void {
    clearTimeout(timer)
    if (closed) return
    timer = setTimeout(refresh, afterMs)
    timer.unref()
  }

  return {
    /** Resolves once the queue was read. */
    refresh,
    poke,
    /** A row committed on this node: known at once, told with what else has changed. */
    learn(row: StoredHandoff): void {
      take(row)
      poke()
    },
    /** The database is another: what was read of the one before does not count. */
    async restart(): Promise<void> {
      await looking
      horizon = null
      queue.clear()
      await refresh()
    },
    async close(): Promise<void> {
      closed = true
      clearTimeout(timer)
      await looking
    },
  }
}
