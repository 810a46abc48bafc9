import { en } from './file-words.en.ts'
import { zh } from './file-words.zh.ts'
import type { Language } from './i18n.ts'

export type FileWords = Record<keyof typeof en, string>

/** Of files that go with a message: what their controls are called, and what only who hands files over can be told. */
export const fileWords: Record<Language, FileWords> = { en, zh }
