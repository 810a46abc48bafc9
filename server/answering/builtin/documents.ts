import { asking } from '../retrieval/lexicon/asking.ts'
import { lacksAnswer } from '../retrieval/question/answer-type.ts'
import type { Reading } from '../retrieval/question/reading.ts'
import { isEverydayWord } from '../retrieval/text/common-words.ts'
import type { NumberedEvidence, PassageCache } from './candidates.ts'
import { excerptOf, type Quote } from './excerpt.ts'
import { literal } from './literal.ts'
import {
  type Measured,
  measureAll,
  missingLabels,
  type Passage,
  readPassages,
  sayingOf,
  weighedTerms,
  withExpectationBefore,
} from './passages.ts'
import { type Phrases, phrases } from './phrases.ts'
import { best, type QuestionTerm, unionFactor } from './question-terms.ts'
import { rowsFor } from './rows.ts'

export type { NumberedEvidence } from './candidates.ts'
export type { Quote } from './excerpt.ts'

/** What documents say to a question. */
export interface DocumentAnswer {
  quotes: Quote[]
  /** They answer it; else they are only the nearest there is. */
  isSure: boolean
  /** More of it is said than one word that may mean something else. */
  isBroad: boolean
  /** 0..1: the share of the question's weight that the passage says. */
  covered: number
  /** What the question is about and no source says, as written. */
  missing: string[]
}

/** A passage that says this share of the question's weight answers it, */
const sureShare = 0.62
/** or this where nothing of it belongs to a shop; */
const sureForeignShare = 0.75
/** one that says this share is near it. */
const nearShare = 0.24
const nearForeignShare = 0.55
/** A second passage is quoted where it stands this close to the best. */
const besideBest = 0.97

interface DocumentContext {
  passages: PassageCache
  /** What the products that are meant are, in the shop's words: none where none is. */
  kinds: string
}

/** The one decision whether the documents answer, and what they say: the best passage, cut to what was asked. */
export function answerFromDocuments(
  question: Reading,
  evidence: readonly NumberedEvidence[],
  { passages: cache, kinds }: DocumentContext,
): DocumentAnswer | null {
  const reading = withExpectationBefore(question)
  const passages = readPassages(evidence, reading, cache).filter(({ sentences }) =>
    sentences.some(({ quotable }) => quotable),
  )
  if (passages.length === 0) return null
  const items = weighedTerms(reading, passages, kinds)
  if (!items.some(item => item.informative)) return null
  const ranked = measureAll(items, passages, reading)
  const [first, second] = withRows(ranked, items, reading) as [Measured, Measured?]
  const matched = items.filter(item => sayingOf(item, first.passage) > 0)
  const ofShops = matched.some(item => item.ofShops)
  const covered = first.covered
  if (!saysWhat(items, matched) || covered < (ofShops ? nearShare : nearForeignShare)) return null
  const missing = [...missingIn(items, passages), ...unnamedInstances(items, passages, first.passage)]
  const chosen = second && !reading.asks.how && isBeside(second, first) ? [first, second] : [first]
  const quotes = chosen.flatMap(({ passage, likeHeading }) =>
    excerptOf(passage, items, { reading, likeHeading }),
  )
  const isAnswered =
    question.expects === null ||
    !lacksAnswer(
      question.expects,
      quotes.map(({ text }) => text),
    )
  const isSure = covered >= (ofShops ? sureShare : sureForeignShare) && missing.length === 0 && isAnswered
  const isOfShop = matched.some(item => item.policy || item.ofShops)
  const isBroad = isOfShop || matched.filter(item => item.informative).length > 1
  return quotes.length > 0 ? { quotes: withoutRepeats(quotes), isSure, isBroad, covered, missing } : null
}

/** A long table is several passages: the one that has the row that is asked for goes first. */
function withRows(ranked: Measured[], items: readonly QuestionTerm[], reading: Reading): Measured[] {
  const title = ranked[0]!.passage.evidence.title
  const of = ranked.filter(({ passage }) => passage.evidence.title === title)
  const found = of.find(
    ({ passage }) =>
      rowsFor(
        passage.sentences.filter(({ kind }) => kind === 'row'),
        reading,
        items,
      ).length > 0,
  )
  return found ? [found] : ranked
}

/** "To Switzerland?" where only Germany and Austria are named. */
function unnamedInstances(
  items: readonly QuestionTerm[],
  passages: readonly Passage[],
  chosen: Passage,
): string[] {
  return items
    .filter(
      item =>
        item.instanceOf !== null &&
        chosen.terms.has(item.instanceOf) &&
        passages.every(passage => best(item, passage.terms) < unionFactor),
    )
    .map(({ label }) => label)
}

/** "The capital of France": what says only which of something is asked about does not say what is. */
function saysWhat(items: readonly QuestionTerm[], matched: readonly QuestionTerm[]): boolean {
  const informative = items.filter(item => item.informative)
  const subject = informative.filter(item => item.instanceOf === null)
  return (subject.length > 0 ? subject : informative).some(item => matched.includes(item))
}

function isBeside(second: Measured, first: Measured): boolean {
  return (
    second.rank >= first.rank * besideBest &&
    second.covered >= first.covered &&
    second.sentence >= first.sentence * besideBest &&
    second.passage.otherLanguage === first.passage.otherLanguage
  )
}

/** Words the question is about that no passage says in any form. */
function missingIn(items: readonly QuestionTerm[], passages: readonly Measured['passage'][]): string[] {
  return missingLabels(
    items.filter(item => item.isOwn && !item.ofShops && isSpecific(item.label)),
    item => Math.max(...passages.map(passage => sayingOf(item, passage))),
  )
}

/** "Threw" and "yesterday" are how people tell; "Germany", "ethernet" and "Sundays" are what they ask about. */
function isSpecific(label: string): boolean {
  return /^\p{Lu}|\p{Script=Han}/u.test(label) || asking.calendar.test(label) || !isEverydayWord(label)
}

function withoutRepeats(quotes: Quote[]): Quote[] {
  return quotes.filter((quote, at) => quotes.findIndex(other => other.text === quote.text) === at)
}

/** Each sentence with its mark, which stands before the full stop so that it belongs to its sentence for every reader. */
export function joinQuotes(quotes: readonly Quote[], say: Phrases): string {
  let text = ''
  for (const [at, quote] of quotes.entries()) {
    const listed = quote.kind !== 'prose'
    const space = /\p{Script=Han}/u.test(quote.text) ? say.space : ' '
    const before = at === 0 ? '' : listed || quotes[at - 1]!.kind !== 'prose' ? '\n' : space
    const bullet = listed && quotes.length > 1 ? '- ' : ''
    text += before + bullet + withMark(quote)
  }
  return quotes.every(quote => quote.otherLanguage) ? `${say.otherLanguage}\n${text}` : text
}

function withMark({ text, number }: Quote): string {
  const stop = /[.!。！…:：]+["'”’」』）)]*$/.exec(text)
  const at = stop?.index ?? text.length
  const end = text.slice(at) || (/\p{Script=Han}/u.test(text) ? phrases.zh : phrases.en).fullStop
  return `${literal(text.slice(0, at).trimEnd())} [${number}]${end}`
}
