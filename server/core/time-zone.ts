import type { Settings } from '#protocol/desk/service'

const dayMs = 86_400_000

export interface Day {
  /** `YYYY-MM-DD`, as the zone's calendar has it. */
  date: string
  /** Milliseconds since the epoch. */
  start: number
}

/** The last `count` days of a zone, the one of `at` included, in order. A day is as long as that place made it. */
export function lastDays(timeZone: string, count: number, at: number): Day[] {
  const zone = createZone(timeZone)
  const today = Math.floor((at + zone.offsetAt(at)) / dayMs) * dayMs
  return Array.from({ length: count }, (_, index) => {
    const wall = today - (count - 1 - index) * dayMs
    return { date: new Date(wall).toISOString().slice(0, 10), start: zone.toInstant(wall) }
  })
}

export function addDays(date: string, count: number): string {
  return new Date(Date.parse(date) + count * dayMs).toISOString().slice(0, 10)
}

/** The days from one to another, both included. */
export function daysBetween(timeZone: string, from: string, to: string): Day[] {
  const zone = createZone(timeZone)
  const first = Date.parse(from)
  const count = Math.round((Date.parse(to) - first) / dayMs) + 1
  return Array.from({ length: count }, (_, index) => {
    const wall = first + index * dayMs
    return { date: new Date(wall).toISOString().slice(0, 10), start: zone.toInstant(wall) }
  })
}

/** The clock on the wall of a place, by its IANA name. */
export function createZone(timeZone: string) {
  const format = new Intl.DateTimeFormat('en-US', {
    timeZone,
    hourCycle: 'h23',
    year: 'numeric',
    month: 'numeric',
    day: 'numeric',
    hour: 'numeric',
    minute: 'numeric',
    second: 'numeric',
  })

  /** How far the clock on the wall is ahead of UTC. */
  function offsetAt(at: number): number {
    const parts = Object.fromEntries(format.formatToParts(at).map(part => [part.type, Number(part.value)]))
    const { year, month, day, hour, minute, second } = parts as Record<string, number>
    return Date.UTC(year!, month! - 1, day, hour, minute, second) - Math.floor(at / 1000) * 1000
  }

  return {
    offsetAt,
    /** `wall` is what the clock shows, as if it were UTC. Twice: the offset may change in between. */
    toInstant: (wall: number) => wall - offsetAt(wall - offsetAt(wall)),
  }
}

/** The machine's; asking costs a tenth of a millisecond. */
const ownTimeZone = Intl.DateTimeFormat().resolvedOptions().timeZone

/** Whose days the house counts. */
export function timeZoneOf({ time_zone, hours }: Partial<Settings>): string {
  return time_zone ?? hours?.time_zone ?? ownTimeZone
}
