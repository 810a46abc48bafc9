import { type Language, locale } from './i18n.ts'
import { en } from './time.en.ts'
import { zh } from './time.zh.ts'

export type TimeUnits = Record<keyof typeof en, string>

const units: Record<Language, TimeUnits> = { en, zh }

/** How much has passed, never more than that; of hours and days the two greatest parts: 3 min, 2 h 5 min, 4 d 1 h. */
export function durationLabel(ms: number, language: Language): string {
  const { s, m, h, d } = units[language]
  const seconds = Math.max(0, Math.floor(ms / 1000))
  if (seconds < 60) return `${seconds}${s}`
  const minutes = Math.floor(seconds / 60)
  if (minutes < 60) return `${minutes}${m}`
  const hours = Math.floor(minutes / 60)
  if (hours < 24) return joined(`${hours}${h}`, minutes % 60, m)
  return joined(`${Math.floor(hours / 24)}${d}`, hours % 24, h)
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
    const count = Math.floor(seconds / whole)
    return joined(
      `${count}${units[language][unit]}`,
      (seconds - count * whole) / part,
      units[language][below],
    )
  }
  return `${round(ms / 1000)}${units[language].s}`
}

function joined(first: string, count: number, unit: string): string {
  return count ? `${first} ${count}${unit}` : first
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
