import type { Language } from '#protocol'
import { productWordsEn } from './words.en.ts'
import { productWordsZh } from './words.zh.ts'

/** What recommendations and comparisons say in their own words: all else they say stands in the columns. */
export interface ProductWords {
  currency: string
  /** A price's heading where all prices are in one currency. */
  labelIn(label: string, currency: string): string
  /** Between columns in a row. */
  comma: string
  /** Why the best of what fits is shown, and another that fits. */
  first(facts: string): string
  fits(facts: string): string
  /** Nothing but words speaks for it. */
  closest(facts: string): string
}

export const productWords: Readonly<Record<Language, ProductWords>> = {
  en: productWordsEn,
  zh: productWordsZh,
}
