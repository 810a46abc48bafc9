import type { Refusal } from '../sdk/refusals.ts'
import type { ErrorCode } from '../sdk/types.ts'
import { errorSentence, type VisitorCode } from './errors.ts'
import { fileWords } from './file-words.ts'
import type { Language } from './i18n.ts'
import { en } from './page-errors.en.ts'
import { zh } from './page-errors.zh.ts'

export type ErrorWords = Record<keyof typeof en, string>

/** A new code does not compile until it has words: here, or among those a visitor can meet. The console is never on another's page. */
const sentences: Record<Language, Record<Exclude<ErrorCode, VisitorCode | Refusal>, string>> = {
  en: { ...en, ...fileWords.en },
  zh: { ...zh, ...fileWords.zh },
}

export function pageErrorSentence(code: string, language: Language): string {
  return errorSentence(code, language, sentences)
}
