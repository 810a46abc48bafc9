import { functionWords } from '../lexicon/stopwords.ts'
import { meaningsIn } from '../lexicon/synonyms.ts'
import { ableForms, tokenize } from '../text/tokens.ts'

/**
 * BM25 (Robertson and Zaragoza, "The Probabilistic Relevance Framework", 2009) split in two: the database keeps each
 * passage's saturated term frequencies as a sparse vector, a query brings its inverse document frequencies, and their
 * inner product is the score.
 */
export const saturation = { k1: 1.8, b: 0.7 } as const

/** A term of a title counts as this many in the text: a title names the subject. */
const titleWeight = 1.5
/** Function words still tell one question from another ("how to" from "why"), but less than their rarity says. */
const functionWordWeight = 0.7

/** Terms are hashed to 1..dimensions, the most that pgvector's sparsevec has. */
const dimensions = 1_000_000_000
/** Of pgvector's sparsevec. A passage of 1,000 characters has a few hundred terms. */
const termsMax = 16_000

export type Source = 'document' | 'product'

/** The lexical side of a passage: distinct terms ascending, how often each occurs, and the length they are measured by. */
export interface TermCounts {
  terms: number[]
  frequencies: number[]
  length: number
  /** Its Latin words as written, lower case, each once: what questions are corrected to. */
  words: { word: string; term: number }[]
}

/** `context` (title, heading path) counts more than `text`. */
export function countTerms(source: Source, context: string, text: string): TermCounts {
  const counts = new Map<number, number>()
  let length = 0
  function add(words: string[], weight: number) {
    length += words.length * weight
    for (const word of words) {
      const term = termId(source, word)
      counts.set(term, (counts.get(term) ?? 0) + weight)
    }
  }
  add(tokenize(context), titleWeight)
  add(tokenize(text), 1)
  const entries = [...counts].slice(0, termsMax).sort((a, b) => a[0] - b[0])
  return {
    terms: entries.map(([term]) => term),
    frequencies: entries.map(([, count]) => count),
    length,
    words: latinWords(`${context}\n${text}`).map(word => ({
      word,
      term: termId(source, tokenize(word)[0]!),
    })),
  }
}

function latinWords(text: string): string[] {
  return [...new Set(text.toLowerCase().match(/(?<![\p{L}\p{N}])[a-z]{3,24}(?![\p{L}\p{N}])/gu))]
}

/** A term of a question. `weight` scales its inverse document frequency. */
interface QueryTerm {
  weight: number
  /** Not a function word: it decides which passages are looked at. */
  informative: boolean
  /** Of the question itself, not of what it was blended with: it counts for the coverage. */
  isOwn: boolean
  /** The asked terms it is another word for: a passage with it has them, too. */
  standsFor?: readonly number[]
}
export type QueryTerms = Map<number, QueryTerm>

/** The terms of `text`, each once; a `factor` below 1 makes a lesser part of a blended query. */
export function queryTerms(source: Source, text: string, factor = 1): QueryTerms {
  const found: QueryTerms = new Map()
  for (const word of new Set(tokenize(text))) {
    const informative = !functionWords.has(word)
    const weight = factor * (informative ? 1 : functionWordWeight)
    found.set(termId(source, word), { weight, informative, isOwn: factor === 1 })
  }
  return found
}

/** Another word for what is asked counts half: a passage may mean something else by it. */
const synonymFactor = 0.5

/** The terms of a question with the other words for what it says (see synonyms.ts). */
export function withSynonyms(source: Source, text: string, own: QueryTerms): QueryTerms {
  const terms: QueryTerms = new Map(own)
  const words = tokenize(text)
  for (const word of new Set(words)) addAble(source, word, terms)
  for (const { matched, others } of meaningsIn(text.toLowerCase(), words, source)) {
    const standsFor = matched.map(word => termId(source, word)).filter(term => own.get(term)?.isOwn)
    if (standsFor.length === 0) continue
    for (const other of others) {
      // However many words say it, it is one thing: "send it back" is a return.
      const weight = (synonymFactor * standsFor.length) / other.length
      for (const word of other) {
        const term = termId(source, word)
        if (functionWords.has(word) || terms.has(term)) continue
        terms.set(term, { weight, informative: true, isOwn: false, standsFor })
      }
    }
  }
  return terms
}

function addAble(source: Source, word: string, terms: QueryTerms) {
  const term = termId(source, word)
  if (!terms.get(term)?.informative) return
  for (const form of ableForms(word))
    if (!terms.has(termId(source, form)))
      terms.set(termId(source, form), { weight: 1, informative: true, isOwn: false, standsFor: [term] })
}

/** Of a term in `matching` of `all` passages; never negative (Lucene's form). */
export function inverseFrequency(all: number, matching: number): number {
  return Math.log(1 + (all - matching + 0.5) / (matching + 0.5))
}

/** FNV-1a over the source and the word's UTF-16 units, mixed; apart by source, so that neither's index sees the other. */
export function termId(source: Source, word: string): number {
  let hash = source === 'document' ? 0x811c9dc5 : 0x01000193
  for (let at = 0; at < word.length; at++) hash = Math.imul(hash ^ word.charCodeAt(at), 0x01000193)
  hash = Math.imul(hash ^ (hash >>> 16), 0x85ebca6b)
  hash = Math.imul(hash ^ (hash >>> 13), 0xc2b2ae35)
  return (((hash ^ (hash >>> 16)) >>> 0) % dimensions) + 1
}
