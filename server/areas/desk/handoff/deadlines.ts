import type { EventPayload } from '#protocol'
import type { Settings } from '#protocol/desk/service'
import type { Answers } from '#storage/desk/deadlines'
import type { StoredHandoff } from '#storage/desk/handoff'
import { afterOpenTime, nextClosing } from './hours.ts'

export type SlaClock = EventPayload<'sla:passed'>['clock']

const responseClocks: readonly string[] = ['first_response', 'next_response'] satisfies SlaClock[]

/** Warnings of a clock: another than that the desk closes. */
export function overdueOf(warned: string[]): SlaClock[] {
  return warned.filter(kind => kind === 'resolution' || responseClocks.includes(kind)) as SlaClock[]
}

/** The clocks that ran out and still hold, after what was said. */
export function warningsAfter(warned: string[], { answered, unanswered }: Answers): string[] {
  return warned.filter(
    kind => !responseClocks.includes(kind) || (kind === 'first_response' ? !answered : unanswered !== null),
  )
}

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
 * The first response is due from the request to the first word of a person, whoever takes it and however often; then each
 * further one from the visitor's words, whoever has it meanwhile.
 * @param at the database's time
 */
export function deadlinesOf(
  row: StoredHandoff,
  { answered, unanswered, silent }: Answers,
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
    const closing = nextClosing(hours, Date.parse(row.queued_at))
    if (closing !== null && !row.warned.includes('closing')) deadlines.push({ kind: 'closing', at: closing })
  }
  if (row.status === 'active' && silence_s !== null) {
    const since = silent ?? at
    deadlines.push({
      kind: silent === null ? 'look' : 'silence',
      at: Date.parse(since) + silence_s * 1000,
    })
  }
  const response = answered
    ? unanswered === null
      ? []
      : clock('next_response', unanswered, sla.next_response_s)
    : clock('first_response', row.created_at, sla.first_response_s)
  deadlines.push(...response)
  const isWatched = answered || row.status === 'active'
  // What is said next begins a clock: whoever looks so often is in time for it.
  if (response.length === 0 && isWatched && sla.next_response_s !== null)
    deadlines.push({ kind: 'look', at: Date.parse(at) + sla.next_response_s * 1000 })
  return deadlines.sort((a, b) => a.at - b.at)
}

/** When to look at it next. */
export function nextDeadline(deadlines: Deadline[]): string | null {
  return deadlines.length === 0 ? null : new Date(deadlines[0]!.at).toISOString()
}
