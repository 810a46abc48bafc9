import type { EventPayload, Handoff } from '#protocol'
import type { Settings } from '#protocol/desk/service'
import type { Answers, StoredAnswers } from '#storage/desk/deadlines'
import type { StoredHandoff } from '#storage/desk/handoff'
import { afterOpenTime, closedBetween, nextClosing, openTimeBetween } from './hours.ts'

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

/** A clock that is running, or rests while the visitor is to write. */
interface Clock {
  kind: SlaClock
  since: string
  /** When it runs out, in milliseconds since the epoch; resting, when it would have. */
  at: number
  /** What was left of it when it began to rest, in milliseconds; null while it runs. */
  leftMs: number | null
}

type ClockSettings = Pick<Settings, 'sla' | 'hours'>

/** When clocks run; null: always. */
function clockHours({ sla, hours }: ClockSettings): Settings['hours'] {
  return sla.only_in_hours ? hours : null
}

/** As it is stored. */
export function toStoredAnswers(
  { seq, answered, unanswered, resting, rests }: Answers,
  settings: ClockSettings,
): StoredAnswers {
  const hours = clockHours(settings)
  const rested_ms = rests.reduce(
    (sum, { from, to }) => sum + openTimeBetween(hours, Date.parse(from), Date.parse(to)),
    0,
  )
  return { seq, answered, unanswered, resting, rested_ms }
}

/**
 * The clocks of a handoff that has not ended, but those that have run out. The first response is due from the request to the first word of
 * a person, whoever takes it and however often; then each further one from the visitor's words, whoever has it meanwhile. The time to the
 * end does not count while the visitor is to write: from the staff's last word to the visitor's next.
 */
function clocksOf(row: StoredHandoff, answers: StoredAnswers | null, settings: ClockSettings): Clock[] {
  const { first_response_s, next_response_s, resolution_s } = settings.sla
  const { answered = false, unanswered = null, resting = null, rested_ms = 0 } = answers ?? {}
  const hours = clockHours(settings)
  function clock(kind: SlaClock, since: string, seconds: number | null, restedMs = 0): Clock[] {
    if (seconds === null || row.warned.includes(kind)) return []
    return [
      { kind, since, at: afterOpenTime(hours, Date.parse(since), seconds * 1000 + restedMs), leftMs: null },
    ]
  }
  const response = answered
    ? unanswered === null
      ? []
      : clock('next_response', unanswered, next_response_s)
    : clock('first_response', row.created_at, first_response_s)
  const restsFrom = row.status === 'active' && resting !== null ? Date.parse(resting) : null
  const resolution = clock('resolution', row.created_at, resolution_s, rested_ms).map(running =>
    restsFrom === null || running.at <= restsFrom
      ? running
      : { ...running, leftMs: openTimeBetween(hours, restsFrom, running.at) },
  )
  return [...response, ...resolution]
}

/** As lists show them: what is due, until when, and when the clock does not run until then. */
export function shownClocks(row: StoredHandoff, settings: ClockSettings): NonNullable<Handoff['clocks']> {
  const hours = clockHours(settings)
  const toTime = (at: number) => new Date(at).toISOString()
  return clocksOf(row, row.answers, settings).map(({ kind, since, at, leftMs }) => ({
    clock: kind,
    due_at: leftMs === null ? toTime(at) : null,
    pauses:
      leftMs === null
        ? closedBetween(hours, Date.parse(since), at).map(({ from, to }) => ({
            from: toTime(from),
            to: toTime(to),
          }))
        : [],
  }))
}

/**
 * Everything that lies ahead of a handoff that has not ended, the past that was not done included, in order.
 * @param at the database's time
 */
export function deadlinesOf(
  row: StoredHandoff,
  answers: Answers,
  at: string,
  { settings, waitLimitS }: DeadlineParts,
): Deadline[] {
  const { sla, hours, silence_s } = settings
  if (row.ended_at !== null) return []
  const deadlines: Deadline[] = []
  if (row.status === 'pending') {
    deadlines.push({
      kind: 'expire',
      at: Date.parse(row.queued_at) + (settings.wait_limit_s ?? waitLimitS) * 1000,
    })
    const closing = nextClosing(hours, Date.parse(row.queued_at))
    if (closing !== null && !row.warned.includes('closing')) deadlines.push({ kind: 'closing', at: closing })
  }
  if (row.status === 'active' && silence_s !== null) {
    const since = answers.silent ?? at
    deadlines.push({
      kind: answers.silent === null ? 'look' : 'silence',
      at: Date.parse(since) + silence_s * 1000,
    })
  }
  const clocks = clocksOf(row, toStoredAnswers(answers, settings), settings)
  for (const clock of clocks)
    deadlines.push(
      clock.leftMs === null
        ? { kind: clock.kind, since: clock.since, at: clock.at }
        : // The visitor may write at once.
          { kind: 'look', at: afterOpenTime(clockHours(settings), Date.parse(at), clock.leftMs) },
    )
  const isWatched = answers.answered || row.status === 'active'
  const awaitsResponse = clocks.some(({ kind }) => responseClocks.includes(kind))
  // What is said next begins a clock: whoever looks so often is in time for it.
  if (!awaitsResponse && isWatched && sla.next_response_s !== null)
    deadlines.push({ kind: 'look', at: Date.parse(at) + sla.next_response_s * 1000 })
  return deadlines.sort((a, b) => a.at - b.at)
}

/** When to look at it next. */
export function nextDeadline(deadlines: Deadline[]): string | null {
  return deadlines.length === 0 ? null : new Date(deadlines[0]!.at).toISOString()
}
