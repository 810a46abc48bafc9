import { blanked } from '../text/blanked.ts'
import { calendarEn } from './calendar.en.ts'
import { calendarZh } from './calendar.zh.ts'

/** Names of days and months, each by its number: a weekday's from Monday on. */
export interface CalendarWords {
  /** Stands in every text that names one. */
  cue: RegExp
  /** In its group 1 the name; `dayNumber` tells which. */
  day: RegExp
  days: Readonly<Record<string, number>>
  month: RegExp
  months: Readonly<Record<string, number>>
  weekdays: RegExp
  weekend: RegExp
  everyDay: RegExp
}

/** What makes a range of two names. */
const joint = /^\s*(?:-|–|—|~|至|到|to|through|thru|until)\s*$/i

const languages: readonly CalendarWords[] = [calendarEn, calendarZh]

export interface Calendar {
  /** A bit for each day of the week. */
  days: number
  /** A bit for each month. */
  months: number
  /** The text without their names. */
  rest: string
}

const weekdays = 0b0011111
const weekend = 0b1100000
const everyDay = weekdays | weekend

/** The days and months a text names, ranges filled. */
export function calendarOf(text: string): Calendar {
  const found: Calendar = { days: 0, months: 0, rest: text }
  for (const words of languages) {
    if (!words.cue.test(found.rest)) continue
    const dayNames = namesIn(found.rest, words.day, words.days)
    found.days |= fill(found.rest, dayNames, 7)
    if (words.weekdays.test(found.rest)) found.days |= weekdays
    if (words.weekend.test(found.rest)) found.days |= weekend
    if (words.everyDay.test(found.rest)) found.days |= everyDay
    const monthNames = namesIn(found.rest, words.month, words.months)
    found.months |= fill(found.rest, monthNames, 12)
    found.rest = blanked(found.rest, [...dayNames, ...monthNames])
    for (const pattern of [words.weekdays, words.weekend])
      found.rest = found.rest.replace(pattern, name => ' '.repeat(name.length))
  }
  return found
}

interface Named {
  number: number
  start: number
  end: number
}

function namesIn(text: string, pattern: RegExp, numbers: Readonly<Record<string, number>>): Named[] {
  return Array.from(text.matchAll(pattern), match => {
    const end = match.index + match[0].length
    return {
      number: numbers[(match[1] ?? match[0]).toLowerCase()]!,
      start: end - match[0].trimStart().length,
      end,
    }
  })
}

function fill(text: string, names: Named[], count: number): number {
  let bits = 0
  for (const [at, { number, start }] of names.entries()) {
    bits |= 1 << number
    const before = names[at - 1]
    if (!before || !joint.test(text.slice(before.end, start))) continue
    for (let next = before.number; next !== number; next = (next + 1) % count) bits |= 1 << next
  }
  return bits
}
