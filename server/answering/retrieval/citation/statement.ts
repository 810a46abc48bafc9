import { calendarOf } from '../lexicon/calendar.ts'
import { type Term, termsOf } from '../lexicon/meanings.ts'
import { negation } from '../lexicon/negation.ts'
import { qualifiers } from '../lexicon/qualifiers.ts'
import { blanked } from '../text/blanked.ts'
import { isChinese } from '../text/language.ts'
import type { Quantity } from '../text/quantities.ts'
import { type Figure, figuresIn, tieFigures, withPlainNumbers } from './figures.ts'
import { namesIn } from './names.ts'

/** What a clause says, in the parts that can be compared. */
export interface Statement {
  text: string
  /** Most of its letters are Chinese. */
  isChinese: boolean
  figures: Figure[]
  /** Proper names, model names and one-letter values, as written. */
  names: string[]
  terms: Term[]
  /** A bit for each day of the week, or month, it names. */
  days: number
  months: number
  /** It is denied, by an odd number of negations. */
  isDenied: boolean
  /** It says all of something, or nothing else. */
  isUniversal: boolean
  isExclusive: boolean
  /** Words that compare. */
  compared: string[]
}

/** `raw`: a sentence or a part of one. */
export function readStatement(raw: string): Statement {
  const text = withPlainNumbers(withoutMarkup(raw))
  const chinese = isChinese(text)
  const figures = figuresIn(text)
  const { days, months, rest } = calendarOf(
    blanked(
      text,
      figures.map(({ quantity }) => quantity),
    ),
  )
  const { names, numbers } = namesIn(text, rest, figures, chinese)
  const terms = termsOf(rest)
  const counted = figures.filter(({ quantity }) => !(numbers.has(quantity) || countsList(text, quantity)))
  tieFigures(rest, counted, terms)
  return {
    text,
    isChinese: chinese,
    figures: counted,
    names,
    terms,
    days,
    months,
    isDenied:
      isDenied(
        blanked(
          rest,
          terms.filter(({ id }) => id.startsWith('=')),
        ),
      ) !==
      (isNone(counted, terms) !== isRefused(terms)),
    isUniversal: qualifiers.universal.test(rest),
    isExclusive: qualifiers.exclusive.test(text),
    compared: Array.from(text.matchAll(qualifiers.comparison), ([found]) =>
      found.toLowerCase().replace(/\s?\bthan\b|^(?:the|our|its|their|in|as)\s/g, ''),
    ).filter(word => counted.length === 0 || !qualifiers.extreme.test(word)),
  }
}

/** "Black, white and red: three of them" counts what it lists. */
function countsList(text: string, { dimension, end }: Quantity): boolean {
  return dimension === null && /^[种款]/.test(text.slice(end)) && /[、和]/.test(text)
}

export function withoutMarkup(text: string): string {
  return text
    .replace(/\\([!-/:-@[-`{-~])/g, '$1')
    .replace(/^[\s>]*(?:#{1,6}\s+|[-*+•]\s+)?(?:\(?\d{1,3}[.)、]\s*(?=\D))?/u, '')
    .replace(/\*\*|__|`|~~/g, '')
    .replace(/(?<![\p{L}\d])\*|\*(?![\p{L}\d])/gu, '')
    .replace(/\]\([^)\s]*\)/g, ']')
    .trim()
}

/** "Returns are refused". */
function isRefused(terms: readonly Term[]): boolean {
  return terms.filter(({ id, isDenied }) => id === '=allow' && isDenied).length % 2 === 1
}

/** "Stock: 0". */
function isNone(figures: readonly Figure[], terms: readonly Term[]): boolean {
  return figures.length === 1 && figures[0]!.quantity.value === 0 && terms.some(({ id }) => id === '=stock')
}

/** Whether a text, without the words whose meaning is known, is denied: two negations are none. */
function isDenied(text: string): boolean {
  const plain = text.replace(negation.innocent, found => ' '.repeat(found.length))
  let count = 0
  for (const [found] of plain.matchAll(negation.negator)) if (found !== 'nor') count++
  if (qualifiers.denyingCondition.test(plain)) count++
  return count % 2 === 1
}
