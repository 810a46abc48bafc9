import type { EventPayload } from '#protocol'
import type { Settings } from '#protocol/desk/service'
import type { StoredHandoff } from '#storage/desk/handoff'
import { afterOpenTime, nextClosing } from './hours.ts'

export type SlaClock = EventPayload<'sla:passed'>['clock']

/** What happens by itself at a time, in milliseconds since the epoch. */
export type Deadline =
  | { kind: 'expire' | 'silence' | 'closing'; at: number }
  /** Nothing is due, but somebody must look again. */
  | { kind: 'look'; at: number }
  | { kind: SlaClock; at: number; since: string }

export interface DeadlineParts {
  settings: Settings
  /** HANDOFF_TIMEOUT_S. */
  waitLimitS: number
}

/**
 * Everything that lies ahead of a handoff that has not ended, the past that was not done included, in order.
 * @param unanswered since when the visitor waits for the agent's word; null when they do not
 * @param at the database's time
 */
export function deadlinesOf(
  row: StoredHandoff,
  unanswered: string | null,
  at: string,
  { settings, waitLimitS }: DeadlineParts,
): Deadline[] {
  const { sla, hours, silence_s } = settings
  const clock = (kind: SlaClock, since: string, seconds: number | null): Deadline[] =>
    seconds === null || row.warned.includes(kind)
      ? []
      : [
          {
            kind,
            since,
            at: afterOpenTime(sla.only_in_hours ? hours : null, Date.parse(since), seconds * 1000),
          },
        ]
  if (row.ended_at !== null) return []
  const deadlines = clock('resolution', row.created_at, sla.resolution_s)
  if (row.status === 'pending') {
    deadlines.push({
      kind: 'expire',
      at: Date.parse(row.queued_at) + (settings.wait_limit_s ?? waitLimitS) * 1000,
    })
    deadlines.push(...clock('first_response', row.created_at, sla.first_response_s))
    const closing = nextClosing(hours, Date.parse(row.queued_at))
    if (closing !== null && !row.warned.includes('closing')) deadlines.push({ kind: 'closing', at: closing })
  }
  if (row.status === 'active') {
    const passed = unanswered === null ? null : Date.parse(unanswered)
    if (silence_s !== null) {
      const since = passed ?? Date.parse(at)
      deadlines.push({ kind: passed === null ? 'look' : 'silence', at: since + silence_s * 1000 })
    }
    if (unanswered !== null) deadlines.push(...clock('next_response', unanswered, sla.next_response_s))
    else if (sla.next_response_s !== null)
      deadlines.push({ kind: 'look', at: Date.parse(at) + sla.next_response_s * 1000 })
  }
  return deadlines.sort((a, b) => a.at - b.at)
}

/** When to look at it next. */
export function nextDeadline(deadlines: Deadline[]): string | null {
  return deadlines.length === 0 ? null : new Date(deadlines[0]!.at).toISOString()
}
