import { tokenize } from '../text/tokens.ts'
import { canonicalTerm } from './attributes.ts'
import { isStopTerm, isWeakTerm, wordsOf } from './stopwords.ts'

/** The informative terms of a text, canonical, in order. */
export function informativeTerms(text: string): string[] {
  return tokenize(text)
    .filter(term => !isStopTerm(term))
    .map(canonicalTerm)
}

const generalTerms = new Set(wordsOf('general').flatMap(informativeTerms))

/** Whether a term names what shops sell in general, or only that something is wanted: no product is chosen by it. */
export function isGeneralTerm(term: string): boolean {
  return generalTerms.has(term) || isWeakTerm(term)
}
