import type { Language } from '#protocol'
import { voiceWordsEn } from './words.en.ts'
import { voiceWordsZh } from './words.zh.ts'

/** What somebody who speaks is told where it does not work. */
export interface VoiceWords {
  notConfigured: string
  noSpeech: string
  unreadable(format: string): string
  tooLong(seconds: number): string
  tooMuchToday: string
  unavailable: string
  overBudget: string
  tooManyStreams: string
  nodeFull: string
  tooFast: string
  ended: string
}

const words: Readonly<Record<Language, VoiceWords>> = { en: voiceWordsEn, zh: voiceWordsZh }

export function voiceWords(language: Language | null): VoiceWords {
  return words[language ?? 'en']
}
