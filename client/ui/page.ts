import { useEffect, useState } from 'preact/hooks'
import { createSlots } from '../sdk/storage.ts'
import { browserLanguage, type Language, languages, languageWords } from './i18n.ts'

const slots = createSlots('page:')

function remembered<T extends string>(name: string, allowed: readonly T[]): T | null {
  const value = slots.read<string>(name)
  return allowed.find(one => one === value) ?? null
}

export function pageLanguage(): Language {
  return remembered('language', languages) ?? browserLanguage()
}

/** The language of a page, kept for the next one. */
export function useLanguage(): [Language, (language: Language) => void] {
  const [language, set] = useState(pageLanguage)
  useEffect(() => {
    document.documentElement.lang = languageWords[language].tag
    slots.write('language', language)
  }, [language])
  return [language, set]
}

/** Follows the system until the person chooses. */
export function useTheme(): () => void {
  const [theme, set] = useState<'light' | 'dark' | null>(() => remembered('theme', ['light', 'dark']))
  useEffect(() => {
    if (!theme) return
    document.documentElement.dataset.theme = theme
    slots.write('theme', theme)
  }, [theme])
  return () => {
    const isDark = theme ? theme === 'dark' : matchMedia('(prefers-color-scheme: dark)').matches
    set(isDark ? 'light' : 'dark')
  }
}
