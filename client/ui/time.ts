import { type Language, locale } from './i18n.ts'
import { en } from './time.en.ts'
import { zh } from './time.zh.ts'

export type TimeUnits = Record<keyof typeof en, string>

const units: Record<Language, TimeUnits> = { en, zh }

const minuteMs = 60_000

/** How much has passed, never more than that; of hours and days the two greatest parts: 3 min, 2 h 5 min, 4 d 1 h. */
export function durationLabel(ms: number, language: Language): string {
  const whole = ms < minuteMs ? Math.max(0, ms) : ms - (ms % minuteMs)
  return figureLabel(whole, language, Math.floor)
}

const steps = [
  ['d', 86_400, 3600, 'h'],
  ['h', 3600, 60, 'm'],
  ['m', 60, 1, 's'],
] as const

/** A figure: its two greatest parts, to the nearest, or up for a bound that holds: 3 min 30 s, 2 h 6 min. */
export function figureLabel(
  ms: number,
  language: Language,
  round: (value: number) => number = Math.round,
): string {
  for (const [unit, whole, part, below] of steps) {
    const seconds = round(ms / 1000 / part) * part
    if (seconds < whole) continue
    const first = `${Math.floor(seconds / whole)}${units[language][unit]}`
    const rest = (seconds % whole) / part
    return rest ? `${first} ${rest}${units[language][below]}` : first
  }
  return `${round(ms / 1000)}${units[language].s}`
}

export function dateTimeLabel(at: string, language: Language): string {
  return new Date(at).toLocaleString(locale(language), { dateStyle: 'medium', timeStyle: 'short' })
}

export function dateLabel(at: string, language: Language): string {
  return new Date(at).toLocaleDateString(locale(language), { dateStyle: 'medium' })
}

export function clockLabel(at: string, language: Language): string {
  return new Date(at).toLocaleTimeString(locale(language), { hour: '2-digit', minute: '2-digit' })
}
