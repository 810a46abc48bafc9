interface DateParts {
  year: number
  month: number
  day: number
  hour: number
  minute: number
}

/** What clocks of a zone show, as if it were UTC: milliseconds since the epoch, to the minute. */
function clockOf(ms: number, timeZone: string): number {
  const numeric = {
    year: 'numeric',
    month: 'numeric',
    day: 'numeric',
    hour: 'numeric',
    minute: 'numeric',
  } as const
  const format = new Intl.DateTimeFormat('en', { ...numeric, hourCycle: 'h23', timeZone })
  const parts = Object.fromEntries(format.formatToParts(ms).map(({ type, value }) => [type, Number(value)]))
  const { year, month, day, hour, minute } = parts as unknown as DateParts
  return Date.UTC(year, month - 1, day, hour, minute)
}

/** The moment at which clocks of a zone show `clock`, given as if it were UTC. */
function momentOf(clock: number, timeZone: string): Date {
  const guess = clock - (clockOf(clock, timeZone) - clock)
  // Near a change of the clocks the first guess may lie on its other side.
  return new Date(guess - (clockOf(guess, timeZone) - clock))
}

/** `hour` o'clock, some days after the day that it is in a zone. */
export function dayAt(now: number, timeZone: string, days: number, hour: number): Date {
  const today = new Date(clockOf(now, timeZone))
  return momentOf(
    Date.UTC(today.getUTCFullYear(), today.getUTCMonth(), today.getUTCDate() + days, hour),
    timeZone,
  )
}

/** How many days it is from the day in a zone to the next Monday: 1 to 7. */
export function daysToMonday(now: number, timeZone: string): number {
  return 7 - ((new Date(clockOf(now, timeZone)).getUTCDay() + 6) % 7)
}

/** What a `datetime-local` field holds, by the clocks of a zone; null where that is no time. */
export function fieldTime(value: string, timeZone: string): Date | null {
  const clock = Date.parse(`${value}Z`)
  return Number.isNaN(clock) ? null : momentOf(clock, timeZone)
}

/** A moment as such a field holds it. */
export function toField(moment: Date, timeZone: string): string {
  return new Date(clockOf(moment.getTime(), timeZone)).toISOString().slice(0, 16)
}
