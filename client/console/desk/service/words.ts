import { pageTranslator } from '../../words.ts'
import { en } from './words.en.ts'
import { zh } from './words.zh.ts'

export type Word = keyof typeof en
export type Words = Record<Word, string>

export const translator = pageTranslator({ en, zh })
