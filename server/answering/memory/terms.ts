import { isStopTerm, isWeakTerm } from '../retrieval/lexicon/stopwords.ts'
import { termId } from '../retrieval/ranking/bm25.ts'
import { tokenize } from '../retrieval/text/tokens.ts'
import { type Fact, memoryLexicons } from './facts.ts'

/** So many at most: a memory is a sentence or two, a question may be long. */
const termsMax = 200

/** By which words a memory is found: its own, and those that people ask by when it helps to know what it is about. */
export function memoryTerms({ subject, content }: Fact): number[] {
  const [kind] = subject.split(':') as [string]
  const cues = memoryLexicons.map(({ cues }) => cues[kind] ?? '')
  return [...new Set([...ownTerms({ subject, content }), ...termsOf(cues.join(' '))])]
}

/** Without those that people ask by. */
export function ownTerms({ subject, content }: Fact): number[] {
  return termsOf(subject.startsWith('fact:') ? content : `${content} ${subject.replace(':', ' ')}`)
}

/** Words that people ask by, whatever else they say little of. */
const cueWords = new Set(
  memoryLexicons
    .flatMap(({ cues }) => tokenize(Object.values(cues).join(' ')))
    .filter(word => !isStopTerm(word)),
)
/** It asks for something, and says nothing of what is liked. */
const wishes = /\b(?:(?:i|we)(?:'d| would)|would you) like\b|我想要?/giu

/** Those of a question, without the ones that say nothing. */
export function termsOf(text: string): number[] {
  const plain = text.replaceAll('’', "'").replace(wishes, ' ')
  const words = new Set(
    tokenize(plain).filter(word => cueWords.has(word) || !(isStopTerm(word) || isWeakTerm(word))),
  )
  return [...words].slice(0, termsMax).map(word => termId('document', word))
}
