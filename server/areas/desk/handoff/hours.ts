import type { Hours } from '#protocol/desk/service'
import { createZone } from '../../../core/time-zone.ts'

const dayMs = 86_400_000
/** How far ahead an opening is looked for: longer than any holidays, in days. */
const aheadDays = 60

interface Span {
  from: number
  to: number
}

/** Milliseconds since the epoch throughout; `null` hours are always open. */
export function isOpen(hours: Hours | null, at: number): boolean {
  return hours === null || (nextSpan(hours, at)?.from ?? at + 1) <= at
}

/** When it opens next; null when not within two months. */
export function nextOpening(hours: Hours, at: number): number | null {
  for (const span of spans(hours, at)) if (span.from > at) return span.from
  return null
}

/** When it closes that is open now; null where it is not, or never does. */
export function nextClosing(hours: Hours | null, at: number): number | null {
  const span = hours && nextSpan(hours, at)
  return span && span.from <= at ? span.to : null
}

/** The moment when so much open time has passed since `since`. */
export function afterOpenTime(hours: Hours | null, since: number, ms: number): number {
  if (hours === null) return since + ms
  let left = ms
  for (const span of spans(hours, since)) {
    const from = Math.max(span.from, since)
    if (span.to - from >= left) return from + left
    left -= span.to - from
  }
  return since + aheadDays * dayMs
}

/** How much of the time between two moments is open, in milliseconds. */
export function openTimeBetween(hours: Hours | null, from: number, to: number): number {
  if (hours === null) return Math.max(0, to - from)
  let open = 0
  for (const span of spans(hours, from)) {
    if (span.from >= to) break
    open += Math.min(span.to, to) - Math.max(span.from, from)
  }
  return open
}

/** What of the time between two moments is closed, in order. */
export function closedBetween(hours: Hours | null, from: number, to: number): Span[] {
  if (hours === null) return []
  const closed: Span[] = []
  let last = from
  for (const span of spans(hours, from)) {
    if (span.from >= to) break
    if (span.from > last) closed.push({ from: last, to: span.from })
    last = span.to
  }
  if (last < to) closed.push({ from: last, to })
  return closed
}

function nextSpan(hours: Hours, at: number): Span | null {
  return spans(hours, at).next().value ?? null
}

/** What is open from `at` on, in order; spans that touch are one. */
function* spans({ time_zone, weekdays, holidays }: Hours, at: number): Generator<Span, undefined> {
  const zone = createZone(time_zone)
  const own = new Map(holidays.map(day => [day.date, day.intervals]))
  const today = Math.floor((at + zone.offsetAt(at)) / dayMs) * dayMs
  let last: Span | null = null
  for (let day = 0; day <= aheadDays; day++) {
    const date = new Date(today + day * dayMs)
    const intervals = own.get(date.toISOString().slice(0, 10)) ?? weekdays[date.getUTCDay()]!
    for (const interval of intervals.toSorted((a, b) => (a.from < b.from ? -1 : 1))) {
      const from = zone.toInstant(date.getTime() + minutesOf(interval.from) * 60_000)
      const to = zone.toInstant(date.getTime() + minutesOf(interval.to) * 60_000)
      if (to <= at) continue
      if (last && from <= last.to) last.to = Math.max(last.to, to)
      else {
        if (last) yield last
        last = { from, to }
      }
    }
  }
  if (last) yield last
}

function minutesOf(clock: string): number {
  const [hour, minute] = clock.split(':').map(Number) as [number, number]
  return hour * 60 + minute
}
