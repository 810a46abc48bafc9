import { canonicalTerm } from '../lexicon/attributes.ts'
import { productTypeMentions } from '../lexicon/product-types.ts'
import { functionWords } from '../lexicon/stopwords.ts'
import { frequentWords, isEverydayWord, isKnownWord } from './common-words.ts'
import { LruCache } from './lru-cache.ts'

/** Words an index consists of, each with in how many passages it stands. */
export type Vocabulary = ReadonlyMap<string, number>

/** Shorter words are too near to too many others; longer ones are none. */
const lengthMin = 3
const lengthMax = 24
/** From this length on two wrong letters may be meant. */
const twoErrorsFrom = 6
const shortWord = 4
/** Of a word that is written as two: "sundays" are no sun. */
const partMin = 4
/** Words that are looked at for the language of a question. */
const wordsMax = 40
/** Words of one question that are looked at. */
const correctedMax = 12
const word = /[a-z]+/gi
const functionWordsBy = Map.groupBy(
  [...functionWords].filter(each => /^[a-z]+$/.test(each)),
  startOf,
)

/** Corrects words of a question that neither the index nor the language has to the nearest word of the index. */
export function createSpeller(vocabulary: Vocabulary) {
  const byStart = Map.groupBy(vocabulary.keys(), startOf)
  const corrected = new LruCache<string>(2048)

  function correct(written: string): string {
    const plain = written.toLowerCase()
    if (
      plain.length < lengthMin ||
      plain.length > lengthMax ||
      vocabulary.has(plain) ||
      isEverydayWord(plain)
    )
      return plain
    // A rare word is what it says, unless it is one letter from what things are asked by: "prise" is the price.
    const isRare = isKnownWord(plain)
    let best: { word: string; errors: number; passages: number } | null = null
    for (const start of startsOf(plain))
      for (const other of byStart.get(start) ?? []) {
        if (isRare && canonicalTerm(other) === other) continue
        const maxErrors = isRare ? 1 : errorsAllowed(plain, other)
        if (Math.abs(other.length - plain.length) > maxErrors) continue
        const errors = distance(plain, other, maxErrors)
        if (errors > maxErrors) continue
        const passages = vocabulary.get(other)!
        if (!best || errors < best.errors || (errors === best.errors && passages > best.passages))
          best = { word: other, errors, passages }
      }
    const parts = best === null ? partsOf(plain, vocabulary) : null
    if (parts !== null) return parts
    // "Mutch" is a "much" before it is a "match".
    const little = isRare ? null : nearestFunctionWord(plain)
    if (little && (best === null || best.errors > 0)) return little
    return best?.word ?? (isRare ? plain : nearestCommonWord(plain)) ?? plain
  }

  const isKnown = (plain: string) => vocabulary.has(plain) || isKnownWord(plain)

  /** Most of it, and a little word such as every language has its own of, are none of ours: "et les tailles". */
  function isForeign(text: string): boolean {
    // A name within Chinese is no sentence of another language.
    if (/\p{Script=Han}/u.test(text)) return false
    const words = text.toLowerCase().match(word) ?? []
    const unknown = words.slice(0, wordsMax).filter(each => !isKnown(each))
    return unknown.length * 2 > words.length && unknown.some(each => each.length < shortWord)
  }

  /** Case of unchanged words, and all other signs, stay. */
  return (text: string): string => {
    if (isForeign(text)) return text
    let left = correctedMax
    return text.replace(word, (written, at: number) => {
      // "iphone15", "x-large", "doesn't": part of a name, or of a word.
      if (/[\d_'’]/.test(text[at - 1] ?? '') || /[\d_'’]/.test(text[at + written.length] ?? '') || left === 0)
        return written
      const plain = written.toLowerCase()
      const right = corrected.get(plain, () => correct(plain))
      if (right === plain) return written
      left -= 1
      return right
    })
  }
}

export type Speller = ReturnType<typeof createSpeller>

/** "Lawnmower" where the index has only "lawn mower". */
function partsOf(plain: string, vocabulary: Vocabulary): string | null {
  if (productTypeMentions(plain).length > 0) return null
  for (let at = partMin; at <= plain.length - partMin; at++) {
    const [first, second] = [plain.slice(0, at), plain.slice(at)]
    if (vocabulary.has(first) && vocabulary.has(second)) return `${first} ${second}`
  }
  return null
}

function errorsAllowed(written: string, other: string): number {
  const shorter = Math.min(written.length, other.length)
  return shorter < twoErrorsFrom ? 1 : 2
}

/** First letters are seldom wrong; where they are, the first two have changed places. */
function startOf(plain: string): string {
  return plain.slice(0, 1)
}

function startsOf(plain: string): string[] {
  return [...new Set([plain[0]!, plain[1] ?? ''])].filter(Boolean)
}

/** Of Damerau and Levenshtein, neighbours that changed places counting once; more than `most` is not told apart. */
function distance(a: string, b: string, maxErrors: number): number {
  let beforeLast: number[] = []
  let last = Array.from({ length: b.length + 1 }, (_, at) => at)
  for (let row = 1; row <= a.length; row++) {
    const current = [row]
    let least = row
    for (let at = 1; at <= b.length; at++) {
      const same = a[row - 1] === b[at - 1]
      let cost = Math.min(last[at]! + 1, current[at - 1]! + 1, last[at - 1]! + (same ? 0 : 1))
      if (row > 1 && at > 1 && a[row - 1] === b[at - 2] && a[row - 2] === b[at - 1])
        cost = Math.min(cost, beforeLast[at - 2]! + 1)
      current.push(cost)
      if (cost < least) least = cost
    }
    if (least > maxErrors) return maxErrors + 1
    beforeLast = last
    last = current
  }
  return last[b.length]!
}

/** Of the words that every question has. */
function nearestFunctionWord(plain: string): string | null {
  return plain.length > shortWord ? oneErrorFrom(plain, functionWordsBy.get(plain[0]!) ?? []) : null
}

function nearestCommonWord(plain: string): string | null {
  if (plain.length < shortWord) return null
  for (const start of startsOf(plain)) {
    const found = oneErrorFrom(plain, frequentWords(start))
    if (found !== null) return found
  }
  return null
}

function oneErrorFrom(plain: string, words: Iterable<string>): string | null {
  for (const other of words)
    if (
      Math.abs(other.length - plain.length) <= 1 &&
      other.length >= shortWord &&
      distance(plain, other, 1) === 1
    )
      return other
  return null
}
