import { type Language, locale } from './i18n.ts'
import { en } from './time.en.ts'
import { zh } from './time.zh.ts'

export type TimeUnits = Record<keyof typeof en, string>

const units: Record<Language, TimeUnits> = { en, zh }

/** Its two greatest parts: 3 min, 2 h 5 min, 4 d 1 h. */
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
