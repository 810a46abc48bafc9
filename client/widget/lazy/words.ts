import { fileWords } from '../../ui/file-words.ts'
import type { Language } from '../../ui/i18n.ts'
import { createTranslator, locale, useWidget } from '../core/shared.ts'
import { en } from './words.en.ts'
import { zh } from './words.zh.ts'

export type Words = Record<keyof typeof en, string>

const translator = createTranslator({ en: { ...en, ...fileWords.en }, zh: { ...zh, ...fileWords.zh } })

export function useLazy() {
  const widget = useWidget()
  return { ...widget, t: translator(widget.language) }
}

/** Whole minutes up to an hour and a half, then hours. */
export function durationLabel(ms: number, language: Language): string {
  const minutes = Math.max(1, Math.ceil(ms / 60_000))
  const [amount, unit] = minutes < 90 ? [minutes, 'minute'] : [Math.round(minutes / 60), 'hour']
  return new Intl.NumberFormat(locale(language), { style: 'unit', unit, unitDisplay: 'long' }).format(amount)
}
