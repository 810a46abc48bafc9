import type { Language } from '#protocol'

export type { Language }
export type Translate<K extends string> = (key: K, values?: Record<string, string | number>) => string

/** Two dictionaries with the same keys: one that only one language has does not compile. */
export function createTranslator<const W extends Record<string, string>>(en: W, zh: Record<keyof W, string>) {
  return (language: Language): Translate<keyof W & string> => {
    const words: Record<string, string> = language === 'zh' ? zh : en
    return (key, values) =>
      (words[key] ?? key).replace(/\{(\w+)\}/g, (_, name) => String(values?.[name] ?? ''))
  }
}

export function browserLanguage(): Language {
  return navigator.language.toLowerCase().startsWith('zh') ? 'zh' : 'en'
}

export function locale(language: Language): string {
  return language === 'zh' ? 'zh-CN' : 'en-GB'
}
