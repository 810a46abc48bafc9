import type { Language } from '#protocol'
import { en } from './language.en.ts'
import { zh } from './language.zh.ts'

export type { Language }
export type LanguageWords = Record<Exclude<keyof typeof en, 'direction'>, string> & {
  direction: 'ltr' | 'rtl'
}
export type Translate<K extends string> = (key: K, values?: Record<string, string | number>) => string
export type Translator<K extends string> = (language: Language) => Translate<K>

/** What is the same wherever a language is spoken: another one is added here, and wherever the compiler then asks for its words. */
export const languageWords: Record<Language, LanguageWords> = { en, zh }
export const languages = Object.keys(languageWords) as Language[]

/** Dictionaries with the same keys: one that only one language has does not compile. */
export function createTranslator<K extends string>(
  words: Record<Language, Record<K, string>>,
): Translator<K> {
  return language => (key, values) =>
    (words[language][key] ?? key).replace(/\{(\w+)\}/g, (_, name) => String(values?.[name] ?? ''))
}

export function browserLanguage(): Language {
  const spoken = navigator.language.toLowerCase()
  return languages.find(language => spoken.startsWith(language)) ?? 'en'
}

export function locale(language: Language): string {
  return languageWords[language].locale
}

/** The one that a switch leads to. */
export function nextLanguage(language: Language): Language {
  return languages[(languages.indexOf(language) + 1) % languages.length] as Language
}
