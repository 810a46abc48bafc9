import { type Language, locale } from '../../ui/i18n.ts'
import type { Shown } from './context.ts'
import type { T } from './words.ts'

const groupMs = 5 * 60_000

/** Said by the same one within a few minutes. */
export function isSameGroup(before: Shown, message: Shown): boolean {
  const gap = Date.parse(message.created_at) - Date.parse(before.created_at)
  return before.role === message.role && before.author?.id === message.author?.id && gap < groupMs
}

/** The day above the first message of each day, else nothing. `now` is by the clock that `at` is of. */
export function dayLabel(
  at: string,
  before: string | undefined,
  { now, language, t }: { now: number; language: Language; t: T },
): string | null {
  const day = new Date(at).toDateString()
  if (before && new Date(before).toDateString() === day) return null
  const today = new Date(now)
  if (day === today.toDateString()) return t('today')
  today.setDate(today.getDate() - 1)
  return day === today.toDateString() ? t('yesterday') : dateLabel(at, language)
}

export function dateLabel(at: string, language: Language): string {
  return new Date(at).toLocaleDateString(locale(language), { day: 'numeric', month: 'long', year: 'numeric' })
}

const timeFormats: Partial<Record<Language, Intl.DateTimeFormat>> = {}

/** By a format that is made once: to make one takes longer than to show a word of an answer. */
export function timeLabel(at: string, language: Language): string {
  timeFormats[language] ??= new Intl.DateTimeFormat(locale(language), { hour: '2-digit', minute: '2-digit' })
  return timeFormats[language].format(Date.parse(at))
}
