import type { Language } from '#protocol'
import { spokenWordsEn } from './words.en.ts'
import { spokenWordsZh } from './words.zh.ts'

/** How what is written in signs is said in a language. */
export interface SpokenWords {
  /** By their sign: said behind a number. */
  units: Readonly<Record<string, { one: string; many: string }>>
  /** By sign or ISO 4217 code, lower case. */
  currencies: Readonly<Record<string, { one: string; many: string; cents: string }>>
  /** Between the number and its unit. */
  unitSpace: string
  /** Between two numbers, from the one to the other. */
  range: string
  /** Between two lengths. */
  times: string
  and: string
  about: string
  /** Code is not read out. */
  code: string
  link: string
  /** Between cells of a table, and between a column and its value. */
  cellSeparator: string
  valueSeparator: string
  sentenceEnd: string
  amount(whole: string, cents: string | null, currency: { one: string; many: string; cents: string }): string
}

export const spokenWords: Readonly<Record<Language, SpokenWords>> = { en: spokenWordsEn, zh: spokenWordsZh }
