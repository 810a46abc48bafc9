import type { Language } from '#protocol'
import { speechWordsEn } from './words.en.ts'
import { speechWordsZh } from './words.zh.ts'

/** What somebody who listens is told where it does not work. */
export interface SpeechWords {
  notConfigured: string
  unavailable: string
  overBudget: string
  tooMuchToday: string
  tooManySpeeches: string
}

const words: Readonly<Record<Language, SpeechWords>> = { en: speechWordsEn, zh: speechWordsZh }

export function speechWords(language: Language | null): SpeechWords {
  return words[language ?? 'en']
}
