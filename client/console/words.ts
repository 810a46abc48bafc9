import { createTranslator, type Language, type Translator } from '../ui/i18n.ts'
import { en } from './words.en.ts'
import { zh } from './words.zh.ts'

export type Word = keyof typeof en
export type Words = Record<Word, string>

export const translator = createTranslator({ en, zh })
export type T = ReturnType<typeof translator>

/** The words of a page, beside those of the whole console. */
export function pageTranslator<K extends string>(
  words: Record<Language, Record<K, string>>,
): Translator<K | Word> {
  return createTranslator<K | Word>({ en: { ...en, ...words.en }, zh: { ...zh, ...words.zh } })
}
