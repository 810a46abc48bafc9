import { fileWords } from '../ui/file-words.ts'
import { createTranslator } from '../ui/i18n.ts'
import { en } from './words.en.ts'
import { zh } from './words.zh.ts'

export type Words = Record<keyof typeof en, string>

export const translator = createTranslator({
  en: { ...en, ...fileWords.en },
  zh: { ...zh, ...fileWords.zh },
})
export type T = ReturnType<typeof translator>
