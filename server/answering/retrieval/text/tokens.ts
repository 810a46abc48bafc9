import { stemmer } from 'stemmer'
import { dictionaryZh } from '../lexicon/dictionary.zh.ts'
import { isKnownWord } from './common-words.ts'
import { LruCache } from './lru-cache.ts'
import { toSimplified } from './simplified.ts'

/** Scripts written without spaces: their words come from the dictionary of Intl.Segmenter. */
const unspaced = String.raw`[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}\p{Script=Thai}ー]`
/** Of any other script. Found by pattern, five times as fast as the segmenter, which would also split "i5-7200u". */
const word = String.raw`[[\p{L}\p{N}\p{M}]--${unspaced}]{1,1000}`
/** Repetitions are bounded: unbounded ones overflow the stack on megabytes of one word. */
const runs = new RegExp(
  String.raw`(${unspaced}{1,1000})|(${word}(?:[\-_.,'’·\/]${word}){0,15}(?:\+\+|#)?)`,
  'gv',
)
const segmenter = new Intl.Segmenter('zh', { granularity: 'word' })
const ownWords = new Set(dictionaryZh.split(/\s+/))
const ownStarts = new Set(Array.from(ownWords, own => Array.from(segmenter.segment(own))[0]!.segment))
/** The longest of them, in segments. */
const segmentsMax = 3

const han = /\p{Script=Han}/u
const plainWord = /^[a-z]+$/
const number = /^\d+(?:[.,]\d+)*$/
const thousands = /^\d{1,3}(?:,\d{3})+(?:\.\d+)?$/
const separators = /[-_,'’·/]|(?<!\d)\.|\.(?!\d)/u
const pieces = /\d+(?:\.\d+)*|[\p{L}\p{M}]+/gu

/** A longer "word" carries no meaning (base64, one letter held down) and is cut, so that no input makes a term of megabytes. */
const termMax = 64
/** NFKC makes eighteen characters of one ligature: more than this many times a text's length is no writing. */
const expansionMax = 3

/**
 * The terms a text is found by, in order, repeats kept: Latin words as Porter stems; words of unspaced scripts as
 * Intl.Segmenter finds them, with their character pairs where longer than two (a question may be split differently);
 * numbers with their decimal point; joined names ("i5-7200u", "MX150", "Wi-Fi", "node.js") whole without their separators
 * and by parts. Case, width (NFKC) and punctuation do not count. The same for documents and questions.
 * For passages and questions: it does not yield, at 1 to 6 million characters a second.
 */
export function tokenize(text: string): string[] {
  const terms: string[] = []
  const plain = toSimplified(
    text
      .normalize('NFKC')
      .slice(0, text.length * expansionMax)
      .toLowerCase(),
  )
  runs.lastIndex = 0
  for (let run = runs.exec(plain); run; run = runs.exec(plain)) {
    if (run[1] !== undefined) addUnspaced(run[1], terms)
    else addWord(run[2]!, terms)
  }
  return terms
}

function addUnspaced(run: string, terms: string[]) {
  const segments = Array.from(segmenter.segment(run), ({ segment }) => segment)
  for (let at = 0; at < segments.length; at++) {
    const first = segments[at]!
    const joined = ownStarts.has(first) ? ownWordAt(segments, at) : 1
    addSegment(joined === 1 ? first : segments.slice(at, at + joined).join(''), terms)
    at += joined - 1
  }
}

/** Of how many segments from `at` on a word is that the segmenter lacks; 1: of none. */
function ownWordAt(segments: readonly string[], at: number): number {
  for (let count = segmentsMax; count > 1; count--)
    if (ownWords.has(segments.slice(at, at + count).join(''))) return count
  return 1
}

function addSegment(segment: string, terms: string[]) {
  terms.push(segment.slice(0, termMax))
  if (segment.length > 2 && segment.length <= termMax && han.test(segment))
    for (let at = 0; at + 2 <= segment.length; at++) terms.push(segment.slice(at, at + 2))
}

function addWord(run: string, terms: string[]) {
  if (plainWord.test(run)) terms.push(stem(withoutDigraphs(run)))
  else if (foldable.test(run)) terms.push(stem(folded(run)))
  else if (number.test(run)) addNumbers(run, terms)
  else addJoined(run, terms)
}

/** Latin letters with marks, as those who lack them write them: "ü" is "u" to some and "ue" to others, and both are found. */
const foldable = /^[a-zß-öø-ÿāăąćčďđēęěğīįıłńňőœřśşšţťūůűźżž]+$/

function folded(word: string): string {
  return word
    .replaceAll('ß', 'ss')
    .replaceAll('œ', 'oe')
    .replaceAll('æ', 'ae')
    .replaceAll('ø', 'o')
    .replaceAll('ł', 'l')
    .replaceAll('đ', 'd')
    .replaceAll('ı', 'i')
    .normalize('NFD')
    .replace(/\p{M}/gu, '')
}

/** "Kueche" is "Küche": in words that are no English ones the digraph is one letter. */
function withoutDigraphs(word: string): string {
  return /[^aeoq]ue[^aeiou]/.test(word) && !isKnownWord(word)
    ? word.replace(/(?<=[^aeoq])ue(?=[^aeiou])/g, 'u')
    : word
}

function addJoined(run: string, terms: string[]) {
  const parts = run.split(separators).filter(Boolean)
  // "don't", "l'eau", "shop's": the short side of an apostrophe says nothing.
  if (parts.length === 2 && /['’]/.test(run)) return addWord(longest(parts), terms)
  for (const part of parts) addPart(part, terms)
  if (parts.length < 2 || run.length > termMax || /[/,]/.test(run)) return
  const joined = parts.join('')
  terms.push(plainWord.test(joined) ? stem(joined) : joined)
}

/** One side of a separator: a word, a number, or letters and digits in one ("16gb"), which is found by its pieces too. */
function addPart(part: string, terms: string[]) {
  if (plainWord.test(part)) return void terms.push(stem(part))
  if (number.test(part)) return addNumbers(part, terms)
  const whole = part.slice(0, termMax)
  terms.push(whole)
  const inner = whole.match(pieces) ?? []
  // "i5", "4k": one letter beside one digit is a name, not two facts.
  if (inner.length < 2 || whole.length <= 2) return
  for (const piece of inner) if (piece.length > 1 || /\d/.test(piece)) terms.push(stem(piece))
}

/** "1,000" is 1000; "1,2,3" are three numbers; "2.0.1" stays whole. */
function addNumbers(run: string, terms: string[]) {
  if (thousands.test(run)) terms.push(run.replaceAll(',', '').slice(0, termMax))
  else for (const each of run.split(',')) terms.push(each.slice(0, termMax))
}

/** A language's common words: most of any text. */
const stems = new LruCache<string>(4096)

function stem(word: string): string {
  return word.length > termMax ? word.slice(0, termMax) : stems.get(word, () => stemmer(word))
}

/** What can be done with a thing, by the term of the verb: "stackable" of "stack". */
export function ableForms(term: string): string[] {
  return /^[a-z]{4,}$/.test(term) && !term.endsWith('abl') ? [stem(`${term}able`)] : []
}

function longest(parts: string[]): string {
  return parts.reduce((best, part) => (part.length > best.length ? part : best))
}
