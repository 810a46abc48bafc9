import { attributesAsked, dimensionsAsked } from '../retrieval/question/answer-type.ts'
import { boundsIn } from '../retrieval/question/bounds.ts'
import type { Reading } from '../retrieval/question/reading.ts'
import { type Quantity, quantities } from '../retrieval/text/quantities.ts'
import { candidatesOf, type PassageCache } from './candidates.ts'
import type { Quote } from './excerpt.ts'
import { missingLabels } from './passages.ts'
import type { Shown } from './products.ts'
import { best, coverage, type QuestionTerm, readQuestionTerms } from './question-terms.ts'

/** What a product's description says to a question. */
export interface Described {
  quotes: Quote[]
  isSure: boolean
  /** By its words, not only by the kind of amount. */
  says: boolean
  /** What is asked and neither the description nor a column names, as written. */
  missing: string[]
}

/** A description that says this share of what is asked answers it. */
const sureShare = 0.4
const quotesMax = 2

/** The sentences of the description that answer: by their words, by the kind of amount asked for, by a range that holds the one named. */
export function describe(reading: Reading, one: Shown, cache: PassageCache): Described {
  const text = one.product.short_description.trim()
  const sentences = candidatesOf({ ...one, title: '', text }, cache).filter(
    ({ quotable, kind }) => quotable || kind === 'prose',
  )
  const items = readQuestionTerms(reading.text, reading.expects).filter(item => item.label !== '')
  const dimensions = dimensionsAsked(reading)
  const amounts = boundsIn(reading.text).filter(({ dimension }) => dimension !== null)
  const scored = sentences.map(sentence => {
    const own = coverage(items, item => best(item, sentence.terms))
    const found = quantities(sentence.text)
    const measures = found.some(({ dimension }) => dimension !== null && dimensions.includes(dimension))
    const inRange = amounts.some(({ lowValue, dimension }) =>
      isWithin(
        lowValue,
        found.filter(each => each.dimension === dimension),
      ),
    )
    return {
      sentence,
      own,
      measures: measures && isMeant(items, own),
      inRange,
      score: own + (measures ? 0.5 : 0) + (inRange ? 0.5 : 0),
    }
  })
  const top = scored.reduce<(typeof scored)[number] | null>(
    (a, b) => (a === null || b.score > a.score ? b : a),
    null,
  )
  const statements = [...sentences, ...candidatesOf(one, cache)]
  const missing = missingLabels(items, item =>
    Math.max(0, ...statements.map(({ terms, title }) => Math.max(best(item, terms), best(item, title)))),
  )
  const covered =
    top !== null &&
    top.own >= sureShare &&
    items.some(item => item.informative && best(item, top.sentence.terms) > 0)
  const isSure = top !== null && (top.measures || top.inRange || (covered && missing.length === 0))
  const chosen =
    top === null || top.score === 0
      ? sentences.slice(0, quotesMax)
      : scored
          .filter(({ score }) => score >= top.score * 0.9)
          .slice(0, quotesMax)
          .map(({ sentence }) => sentence)
  return {
    quotes: chosen.map(({ text, kind }) => ({ text, kind, number: one.number, otherLanguage: false })),
    isSure,
    says: covered,
    missing: attributesAsked(reading).length > 0 && top?.measures ? [] : missing,
  }
}

/** An amount of the right kind answers where nothing else is asked, or what it is of is named: "12-hour battery". */
function isMeant(items: readonly QuestionTerm[], own: number): boolean {
  return own > 0 || items.filter(item => item.informative && !item.ofShops).length <= 1
}

/** In a range, or one of the amounts. */
function isWithin(value: number, found: readonly Quantity[]): boolean {
  const values = found.map(each => each.value)
  if (values.length === 0) return false
  return values.length > 1
    ? value >= Math.min(...values) && value <= Math.max(...values)
    : Math.abs(values[0]! / value - 1) < 0.01
}
