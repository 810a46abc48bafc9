import { fileWords } from '../../../ui/file-words.ts'
import { pageTranslator } from '../../words.ts'
import { en } from './words.en.ts'
import { zh } from './words.zh.ts'

export type Words = Record<keyof typeof en, string>

export const translator = pageTranslator({ en: { ...en, ...fileWords.en }, zh: { ...zh, ...fileWords.zh } })
export type T = ReturnType<typeof translator>
export type Word = Parameters<T>[0]
