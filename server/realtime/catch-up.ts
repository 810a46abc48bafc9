import type { EventStorage, StoredEvent } from '#storage/realtime/events'
import type { Log } from '../observability/log.ts'
import type { Metrics } from '../observability/metrics.ts'
import type { Bus } from './bus.ts'

export interface CatchUpParts {
  storage: Pick<EventStorage, 'afterEach'>
  /** Null where no other node can be there. */
  bus: Pick<Bus, 'up'> | null
  /** The conversations that are open here, and the newest seq each was given; null until somebody read it. */
  open: ReadonlyMap<string, { position: number | null }>
  deliver(event: StoredEvent): void
  metrics: Pick<Metrics, 'caughtUp'>
  log: Log
}

const tickMs = 300
/** What is missing is mostly on its way: it comes from another node by another path. */
const gapMs = 20
/** Longer than `statement_timeout`. */
const uncertainMs = 35_000
/** Messages of other nodes are at most once: everything open is looked at this often, in milliseconds. */
const resyncMs = 5000

/** Reads from the database what readers here are missing: after a gap, after Redis was away, and by the way every few seconds. */
export function createCatchUp({ storage, bus, open, deliver, metrics, log }: CatchUpParts) {
  const stale = new Set<string>()
  const uncertain = new Map<string, number>()
  let resyncedAt = performance.now()
  let isBehind = false
  let timer: NodeJS.Timeout | undefined
  let closed = false
  let catchingUp = false

  /** A transaction that was given up may still commit, until the database ends it itself. */
  function addUncertain(): void {
    const now = performance.now()
    for (const [id, until] of uncertain) {
      if (until < now || !open.has(id)) uncertain.delete(id)
      else stale.add(id)
    }
  }

  /** It is not known whether changes to these were committed: their readers may miss events. */
  function recheckLater(conversationIds: string[]): void {
    for (const id of conversationIds) if (open.has(id)) uncertain.set(id, performance.now() + uncertainMs)
  }

  async function catchUp(): Promise<void> {
    addUncertain()
    const everything = bus !== null && (isBehind || !bus.up || performance.now() - resyncedAt >= resyncMs)
    if (!everything && stale.size === 0) return
    const ids = everything ? [...open.keys()] : [...stale]
    const positions = ids.flatMap(id => {
      const position = open.get(id)?.position
      return position === null || position === undefined ? [] : [{ conversation_id: id, seq: position }]
    })
    if (everything) {
      resyncedAt = performance.now()
      isBehind = false
    }
    for (const id of ids) stale.delete(id)
    if (positions.length === 0) return
    try {
      const events = await storage.afterEach(positions)
      metrics.caughtUp.inc(events.length)
      for (const event of events) deliver(event)
    } catch (error) {
      recheckLater(ids)
      throw error
    }
  }

  function schedule(afterMs: number) {
    if (closed || catchingUp) return
    clearTimeout(timer)
    timer = setTimeout(async () => {
      catchingUp = true
      await catchUp().catch(error => log.debug({ error }, 'could not catch up'))
      catchingUp = false
      schedule(tickMs)
    }, afterMs)
    timer.unref()
  }
  schedule(tickMs)

  return {
    recheckLater,
    /** Its readers miss something. */
    markStale(conversationId: string): void {
      stale.add(conversationId)
      schedule(gapMs)
    },
    /** Its readers have everything that was heard of. */
    markComplete(conversationId: string): void {
      stale.delete(conversationId)
    },
    /** Messages of other nodes may have been missed. */
    markAllStale(): void {
      isBehind = true
    },
    restart(): void {
      stale.clear()
      uncertain.clear()
    },
    close(): void {
      closed = true
      clearTimeout(timer)
    },
  }
}
