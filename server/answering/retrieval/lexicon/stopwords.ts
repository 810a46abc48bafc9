import { tokenize } from '../text/tokens.ts'
import { stopwordsEn } from './stopwords.en.ts'
import { stopwordsZh } from './stopwords.zh.ts'

/** The words of a language that say little, separated by blanks. */
export interface StopwordLists {
  /**
   * They carry grammar rather than subject, also as the stems `tokenize` gives. In a small or one-sided corpus (a price list
   * never says "how") they are rare and would pass for the most informative terms of a question.
   */
  grammatical: string
  /** They say nothing on their own. */
  empty: string
  /** They say little about what a question is about ("how long does it take"). */
  weak: string
  /** They name what shops sell in general, or only that something is wanted. */
  general: string
}

const languages = [stopwordsEn, stopwordsZh]

/** The words of one list in all languages. */
export function wordsOf(list: keyof StopwordLists): string[] {
  return languages.flatMap(language => language[list].split(/\s+/))
}

export const functionWords: ReadonlySet<string> = new Set(wordsOf('grammatical'))

const stopWords = new Set(wordsOf('empty'))
const stopTerms = new Set(wordsOf('empty').flatMap(tokenize))
const weakTerms = new Set(wordsOf('weak').flatMap(tokenize))

/** As `isStopTerm`, of a lower-case word as written. */
export function isStopWord(word: string): boolean {
  return stopWords.has(word)
}

/** Whether a term says nothing on its own. */
export function isStopTerm(term: string): boolean {
  return stopTerms.has(term) || isStopPair(term)
}

/** Two Chinese signs that say nothing, which may be no word but stand beside each other. */
function isStopPair(term: string): boolean {
  return term.length === 2 && term >= '\u4e00' && stopTerms.has(term[0]!) && stopTerms.has(term[1]!)
}

/** Whether a term says little about what a question is about. */
export function isWeakTerm(term: string): boolean {
  return weakTerms.has(term)
}
