import { canonicalTerm } from '../lexicon/attributes.ts'
import { clauseBreaks } from '../lexicon/clauses.ts'
import { informativeTerms } from '../lexicon/informative.ts'
import { limits } from '../lexicon/limits.ts'
import { sentenceOpenersEn } from '../lexicon/sentence-openers.en.ts'
import { isStopTerm, isStopWord } from '../lexicon/stopwords.ts'
import { isChinese } from '../text/language.ts'
import { type Quantity, quantities } from '../text/quantities.ts'
import { tokenize } from '../text/tokens.ts'
import { type Polarity, polarityOf } from './polarity.ts'

/** A number of a statement with what it is said of. */
export interface Figure {
  quantity: Quantity
  /** Canonical terms of its clause that stand nearer to it than to other numbers. */
  about: ReadonlySet<string>
  /** "at least" or "at most", where said. */
  limit: 'least' | 'most' | null
}

/** What a sentence or passage says, in the parts that can be compared. */
export interface Statement {
  text: string
  /** Most of its letters are Chinese. */
  chinese: boolean
  figures: Figure[]
  /** Proper names and model names, as written. */
  names: string[]
  /** Informative terms without numbers. */
  terms: ReadonlySet<string>
  polarity: Polarity
}

export function readStatement(raw: string): Statement {
  const text = withoutMarkup(raw)
  const found = quantities(text)
  const chinese = isChinese(text)
  const rest = blank(text, found)
  const names = namesIn({ text, rest }, chinese, found)
  const figures = figuresOf(
    text,
    rest,
    found.filter(quantity => !names.numbers.has(quantity)),
  )
  const terms = new Set(informativeTerms(rest).filter(term => !/^(?:\d+|[a-z])$/.test(term)))
  return {
    text,
    chinese,
    figures,
    names: names.found,
    terms,
    polarity: polarityOf(rest, terms),
  }
}

function withoutMarkup(text: string): string {
  return text
    .replace(/\\([!-/:-@[-`{-~])/g, '$1')
    .replace(/^[\s>]*(?:#{1,6}\s+|[-*+•]\s+)?(?:\(?\d{1,3}[.)、]\s*(?=\D))?/u, '')
    .replace(/\*\*|__|`|~~/g, '')
    .replace(/(?<![\p{L}\d])\*|\*(?![\p{L}\d])/gu, '')
    .replace(/\]\([^)\s]*\)/g, ']')
    .trim()
}

function blank(text: string, found: Quantity[]): string {
  let rest = ''
  let at = 0
  for (const { start, end } of found) {
    rest += text.slice(at, start) + ' '.repeat(Math.max(0, end - Math.max(at, start)))
    at = Math.max(at, end)
  }
  return rest + text.slice(at)
}

const latinWord = /[\p{Script=Latin}\d][\p{Script=Latin}\d]*(?:[-'’.&+/][\p{Script=Latin}\d]+)*/gu
const common = /(?:ing|ed|ly|tion|sion|ment|ness|ity|ies|ers|[^s]s|able|ible|ful|less|ance|ence|ary|ory)$/

/** Capitalised words inside a sentence, acronyms, model ids, and any Latin word of a Chinese text. */
function namesIn(
  { text: original, rest: text }: { text: string; rest: string },
  chinese: boolean,
  found: Quantity[],
) {
  const names: string[] = []
  const numbers = new Set<Quantity>()
  for (const match of text.matchAll(latinWord)) {
    const word = match[0].replace(/['’]s$/u, '')
    if (!isName(word, text.slice(Math.max(0, match.index - 4), match.index), chinese)) continue
    // "Windows 10", "XPS 13": a bare number right behind a name belongs to it.
    const end = match.index + match[0].length
    const number = found.find(
      (q, at) =>
        q.unit === null &&
        found[at + 1]?.start !== q.end + 1 &&
        q.start === end + 1 &&
        /\s/.test(text[end] ?? ''),
    )
    if (number && !sentenceOpenersEn.has(word.toLowerCase()) && !isStopTerm(tokenize(word)[0] ?? '')) {
      numbers.add(number)
      names.push(`${word} ${original.slice(number.start, number.end)}`)
    } else names.push(word)
  }
  return { found: names, numbers }
}

function isName(word: string, before: string, chinese: boolean): boolean {
  if (/^\d+$/.test(word) || (word.length < 2 && !/\d/.test(word))) return false
  // Most words: looked at no closer.
  if (!chinese && !/[\p{Lu}\d]/u.test(word)) return false
  if (sentenceOpenersEn.has(word.toLowerCase())) return false
  // The stem of "UPS" is that of "up".
  if (/^\p{Lu}{2,6}$/u.test(word)) return !isStopWord(word.toLowerCase())
  const terms = tokenize(word)
  if (terms.length === 1 && isStopTerm(terms[0]!)) return false
  if (/\d/.test(word) && /\p{L}/u.test(word)) return !/^\d+(?:st|nd|rd|th|x)$/i.test(word)
  if (/^.+\p{Lu}/u.test(word)) return true
  if (chinese) return true
  if (!/^\p{Lu}/u.test(word)) return false
  const begins = /(?:^|[.!?:;"“”([|–—•]\s?|-\s)$/u.test(before)
  return !begins || !isCommon(word.toLowerCase())
}

function isCommon(word: string): boolean {
  const [term] = tokenize(word)
  return common.test(word) || (term !== undefined && canonicalTerm(term) !== term)
}

function figuresOf(text: string, rest: string, found: Quantity[]): Figure[] {
  const breaks = [0, ...Array.from(rest.matchAll(clauseBreaks.figure), match => match.index), rest.length]
  return found.map((quantity, index) => {
    const [from, to] = clauseAround(quantity, breaks)
    const before = found[index - 1]
    const after = found[index + 1]
    const left = before && before.end > from ? before.end : from
    const right = after && after.start < to ? after.start : to
    return {
      quantity,
      about: aboutOf(rest, quantity, { left, right, shared: left === from, closed: right < to }),
      limit: limitOf(text, quantity),
    }
  })
}

/** A colon ends no clause for the number behind it: "Weight: 1.37 kg". */
function clauseAround(quantity: Quantity, breaks: number[]): [number, number] {
  let from = 0
  let to = breaks.at(-1)!
  for (const at of breaks) {
    if (at <= quantity.start) from = at
    else if (at >= quantity.end) {
      to = at
      break
    }
  }
  return [from, to]
}

interface Span {
  left: number
  right: number
  shared: boolean
  closed: boolean
}

function aboutOf(
  rest: string,
  quantity: Quantity,
  { left, right, shared, closed }: Span,
): ReadonlySet<string> {
  let before = rest.slice(left, quantity.start)
  // Behind a colon the clause is the label in front of it.
  if (/^[:：]\s*$/.test(before)) before = rest.slice(lineStart(rest, left), quantity.start)
  const after = rest.slice(quantity.end, right)
  const terms = new Set(informativeTerms(after).slice(0, closed ? 2 : 8))
  const leading = informativeTerms(before)
  // A word right behind the number before belongs to that one ("8 GB RAM 256 GB SSD").
  for (const term of shared ? leading : leading.slice(1)) terms.add(term)
  return terms
}

function lineStart(text: string, at: number): number {
  const before = text.slice(0, at)
  return Math.max(0, ...[...before.matchAll(/[.。;；,，\n|]/g)].map(match => match.index + 1))
}

function limitOf(text: string, quantity: Quantity): Figure['limit'] {
  const before = text.slice(Math.max(0, quantity.start - 20), quantity.start)
  const after = text.slice(quantity.end, quantity.end + 12)
  // "no more than" ends with "more than".
  if (limits.stated.most.test(before) || limits.stated.mostAfter.test(after)) return 'most'
  if (limits.stated.least.test(before) || limits.stated.leastAfter.test(after)) return 'least'
  return null
}
