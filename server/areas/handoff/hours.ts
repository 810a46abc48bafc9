import type { Hours } from '#protocol/service'

const dayMs = 86_400_000
/** How far ahead an opening is looked for: longer than any holidays, in days. */
const aheadDays = 60

interface Span {
  from: number
  to: number
}

/** Milliseconds since the epoch throughout; `null` hours are always open. */
export function isOpen(hours: Hours | null, at: number): boolean {
  return hours === null || spans(hours, at).some(span => span.from <= at && at < span.to)
}

/** When it opens next; null when not within two months. */
export function nextOpening(hours: Hours, at: number): number | null {
  return spans(hours, at).find(span => span.from > at)?.from ?? null
}

/** When it closes that is open now; null where it never does. */
export function nextClosing(hours: Hours | null, at: number): number | null {
  if (hours === null) return null
  return spans(hours, at).find(span => span.from <= at && at < span.to)?.to ?? null
}

/** The moment when so much open time has passed since `since`. */
export function afterOpenTime(hours: Hours | null, since: number, ms: number): number {
  if (hours === null) return since + ms
  let left = ms
  for (const span of spans(hours, since)) {
    const from = Math.max(span.from, since)
    if (span.to - from >= left) return from + left
    left -= Math.max(0, span.to - from)
  }
  return since + aheadDays * dayMs
}

/** What is open from the day of `at` on, in order; spans that touch are one. */
function spans({ time_zone, weekdays, holidays }: Hours, at: number): Span[] {
  const own = new Map(holidays.map(day => [day.date, day.intervals]))
  const found: Span[] = []
  const today = Date.parse(dateIn(time_zone, at))
  for (let day = 0; day <= aheadDays; day++) {
    const date = new Date(today + day * dayMs)
    const intervals = own.get(date.toISOString().slice(0, 10)) ?? weekdays[date.getUTCDay()]!
    for (const interval of [...intervals].sort((a, b) => (a.from < b.from ? -1 : 1))) {
      const [from, to] = [interval.from, interval.to].map(clock =>
        toInstant(time_zone, date.getTime() + minutesOf(clock) * 60_000),
      ) as [number, number]
      const last = found.at(-1)
      if (last && from <= last.to) last.to = Math.max(last.to, to)
      else found.push({ from, to })
    }
  }
  return found.filter(span => span.to > at)
}

function minutesOf(clock: string): number {
  const [hour, minute] = clock.split(':').map(Number) as [number, number]
  return hour * 60 + minute
}

function dateIn(timeZone: string, at: number): string {
  return new Intl.DateTimeFormat('en-CA', { timeZone, dateStyle: 'short' }).format(at)
}

/** `wall` is what the clock on the wall shows, as if it were UTC. Twice: the offset may change in between. */
function toInstant(timeZone: string, wall: number): number {
  const first = wall - offsetAt(timeZone, wall)
  return wall - offsetAt(timeZone, first)
}

function offsetAt(timeZone: string, at: number): number {
  const parts = new Intl.DateTimeFormat('en-US', {
    timeZone,
    hourCycle: 'h23',
    year: 'numeric',
    month: 'numeric',
    day: 'numeric',
    hour: 'numeric',
    minute: 'numeric',
    second: 'numeric',
  }).formatToParts(at)
  const read = (type: string) => Number(parts.find(part => part.type === type)!.value)
  const wall = Date.UTC(
    read('year'),
    read('month') - 1,
    read('day'),
    read('hour'),
    read('minute'),
    read('second'),
  )
  return wall - Math.floor(at / 1000) * 1000
}
