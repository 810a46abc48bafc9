import type { Language } from '#protocol'
import type { Objection } from '../../../answering/memory/screen.ts'
import { memoryWordsEn } from './words.en.ts'
import { memoryWordsZh } from './words.zh.ts'

/** What the assistant says of its memory. Never what it remembers: a conversation may have other readers. */
export interface MemoryWords {
  remembered: string
  refused: Readonly<Record<Objection, string>>
  full: string
  /** Somebody asks for something to be remembered who has not allowed it. */
  isOff: string
  switchedOn: string
  switchedOff: string
  forgotten(count: number): string
  forgottenAll(count: number): string
  nothingToForget: string
}

export const memoryWords: Readonly<Record<Language, MemoryWords>> = { en: memoryWordsEn, zh: memoryWordsZh }
