import type { RevocationStorage } from '#storage/identity/revocations'
import type { Log } from '../observability/log.ts'
import { longestTokenSeconds } from './identity.ts'

export interface IssuedToken {
  personId: string
  sessionId: string
  /** The person's token version at the time of issue. */
  version: number
}

export interface RevocationParts {
  storage: RevocationStorage
  /** Other nodes write to the same database. */
  shared: boolean
  /** Something was taken back. */
  onRevoked(): void
  log: Log
}

/** Law S3 asks for a second; so often every node looks, whether Redis is there or not. */
const revocationPollMs = 400
/** A transaction may become visible this much after its time, in seconds. */
const visibilityDelaySeconds = 10
/** After this every token that was taken back has run out by itself. */
const retentionSeconds = longestTokenSeconds + 60
const pruneMs = 10 * 60_000

export type Revocations = ReturnType<typeof createRevocations>

/** What was taken back before it ran out: known in memory, so that checking a token asks nobody. */
export function createRevocations({ storage, shared, onRevoked, log }: RevocationParts) {
  const sessions = new Set<string>()
  const versions = new Map<string, number>()
  let refreshedAt = Number.NEGATIVE_INFINITY
  let loaded = false

  /** TOKEN_EXPIRED: a renewal may help; UNAUTHORIZED: it will not; null: the token holds. */
  function problem({ personId, sessionId, version }: IssuedToken): 'UNAUTHORIZED' | 'TOKEN_EXPIRED' | null {
    if (sessions.has(sessionId)) return 'UNAUTHORIZED'
    return version < (versions.get(personId) ?? 0) ? 'TOKEN_EXPIRED' : null
  }

  /** Reads what was taken back since the last look, by whichever node. */
  async function refresh(): Promise<void> {
    const startedAt = performance.now()
    const since = loaded ? (startedAt - refreshedAt) / 1000 + visibilityDelaySeconds : retentionSeconds
    const rows = await storage.recent(Math.min(since, retentionSeconds))
    refreshedAt = startedAt
    loaded = true
    let hasNew = false
    for (const { session_id, person_id, least_version } of rows) {
      if (session_id && !sessions.has(session_id)) {
        sessions.add(session_id)
        hasNew = true
      }
      if (person_id && least_version! > (versions.get(person_id) ?? 0)) {
        versions.set(person_id, least_version!)
        hasNew = true
      }
    }
    if (hasNew) onRevoked()
  }

  /** Starts over with what still matters: the memory does not grow with the years. */
  async function prune(): Promise<void> {
    await storage.prune(retentionSeconds)
    const rows = await storage.recent(retentionSeconds)
    sessions.clear()
    versions.clear()
    for (const { session_id, person_id, least_version } of rows) {
      if (session_id) sessions.add(session_id)
      if (person_id) versions.set(person_id, Math.max(least_version!, versions.get(person_id) ?? 0))
    }
  }

  /** The database is another: versions may be lower there. Whom it does not know as signed out stays so. */
  async function restart(): Promise<void> {
    versions.clear()
    loaded = false
    await refresh()
  }

  let isRefreshing = false
  async function tick(): Promise<void> {
    if (isRefreshing) return
    isRefreshing = true
    await refresh().catch(error => log.debug({ error }, 'could not read what was taken back'))
    isRefreshing = false
  }
  const timers = [
    ...(shared ? [setInterval(tick, revocationPollMs)] : []),
    setInterval(() => prune().catch(() => {}), pruneMs),
  ]
  for (const timer of timers) timer.unref()

  return { problem, refresh, restart, close: () => timers.forEach(clearInterval) }
}
