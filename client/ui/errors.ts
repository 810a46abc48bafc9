import type { ErrorCode } from '../sdk/types.ts'
import { type Language, type LanguageWords, languageWords } from './i18n.ts'

/** Those that a visitor can meet. What is left is in the console, which completes the table. */
export type VisitorCode = Extract<keyof LanguageWords, ErrorCode>

/** What to tell a person; `more` knows codes that visitors do not meet. */
export function errorSentence(
  code: string,
  language: Language,
  more?: Record<Language, Record<string, string>>,
): string {
  const known: Record<string, string> = languageWords[language]
  return known[code] ?? more?.[language][code] ?? languageWords[language].INTERNAL_ERROR
}
