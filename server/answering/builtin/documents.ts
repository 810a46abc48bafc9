import { asking } from '../retrieval/lexicon/asking.ts'
import { policies } from '../retrieval/lexicon/policies.ts'
import { stating } from '../retrieval/lexicon/stating.ts'
import { expectedAnswerType } from '../retrieval/question/answer-type.ts'
import type { Reading } from '../retrieval/question/reading.ts'
import { languageOfText } from '../retrieval/text/language.ts'
import { quantities } from '../retrieval/text/quantities.ts'
import {
  type Candidate,
  candidatesOf,
  type NumberedEvidence,
  type PassageCache,
  readFeatures,
} from './candidates.ts'
import { literal } from './literal.ts'
import { type Phrases, phrases } from './phrases.ts'
import { best, type QuestionTerm, readQuestionTerms } from './question-terms.ts'

export type { NumberedEvidence } from './candidates.ts'

/** A sentence that answers, with its source's number. */
export interface Quote {
  text: string
  /** 1 for the first evidence. */
  number: number
  /** 0..1: the share of the question's weight it answers. */
  score: number
  otherLanguage: boolean
}

const quotesMax = 3
/** A sentence must answer this share of the question's weight, */
const leastScore = 0.3
/** or this where nothing in the question belongs to a shop, */
const leastForeign = 0.6
/** and this share of what the best one does. */
const besideBest = 0.72
const headingFactor = 0.85
/** A section whose heading says all that is asked is about it. */
const wholeHeadingFactor = 1.2
const titleFactor = 0.5
/** What stands below a question answers it. */
const questionFactor = 0.95
const foreignFactor = 0.75
/** What no source says, such as a name, cannot be answered either way. */
const unknownFactor = 0.6
const otherEndingFactor = 0.6

const policyTerms: ReadonlySet<string> = new Set(policies.map(policy => `=${policy}`))
/** The sentences of the evidence that answer the question, best passage first, in the question's language where there are any. */
export function quotesFor(
  reading: Reading,
  evidence: readonly NumberedEvidence[],
  passages: PassageCache,
): Quote[] {
  const candidates = evidence.flatMap(one => candidatesOf(one, passages))
  const items = weighTerms(reading, candidates)
  const named = items.filter(item => item.policy && candidates.some(one => shareOf(one, item, null) > 0))
  const scored = candidates
    .filter(one => one.quotable && named.every(item => isAbout(one, item)))
    .map(candidate => {
      const otherLanguage = languageOfText(candidate.text) !== reading.language
      const { score, enough } = scoreOf(candidate, items, reading)
      return { candidate, otherLanguage, enough, score: score * (otherLanguage ? foreignFactor : 1) }
    })
    .filter(({ enough }) => enough)
    .sort((a, b) => b.score - a.score)
  const best = scored[0]
  if (!best) return []
  const near = scored.filter(
    ({ score, otherLanguage }) => score >= best.score * besideBest && otherLanguage === best.otherLanguage,
  )
  const chosen = reading.asks.how && best.candidate.step ? stepsOf(best, scored) : near.slice(0, quotesMax)
  return inReadingOrder(withoutRepeats(chosen)).map(({ candidate, score, otherLanguage }) => ({
    text: candidate.text,
    number: candidate.number,
    score: Math.min(1, score),
    otherLanguage,
  }))
}

/** A policy stands in the sentence, or above it while the sentence speaks of no other. */
function isAbout(candidate: Candidate, policy: QuestionTerm): boolean {
  const other = [...candidate.terms].some(term => policyTerms.has(term))
  return other ? best(policy, candidate.terms) > 0 : shareOf(candidate, policy, null) > 0
}

/** All items of the numbered list that the best one stands in. */
function stepsOf<T extends { candidate: Candidate }>(best: T, scored: readonly T[]): T[] {
  const { number } = best.candidate
  return scored.filter(({ candidate }) => candidate.step && candidate.number === number).slice(0, 6)
}

/** What each word of the question is worth: rare ones among the candidates tell more. */
function weighTerms({ text, expects, earlier }: Reading, candidates: readonly Candidate[]): QuestionTerm[] {
  const own = readQuestionTerms(text, expects)
  const informative = own.filter(item => item.informative).length
  const before = informative < 2 && earlier.length > 0 ? readEarlier(earlier.at(-1)!) : []
  const items = [...own, ...before.map(item => ({ ...item, weight: item.weight * 0.5 }))]
  for (const item of items) {
    const having = candidates.filter(({ terms }) => best(item, terms) > 0).length
    const known = having > 0 ? 1 : unknownFactor
    item.weight *= known * Math.log(1 + (candidates.length + 1) / (having + 0.5))
  }
  return items
}

function readEarlier(text: string): QuestionTerm[] {
  return readQuestionTerms(text, expectedAnswerType(text))
}

interface Scored {
  score: number
  /** Whether it says enough of the question to be an answer. */
  enough: boolean
}

function scoreOf(candidate: Candidate, items: readonly QuestionTerm[], reading: Reading): Scored {
  const { text, position, evidence } = candidate
  const { expects } = reading
  const anchors = expects ? anchorsIn(text) : null
  let all = 0
  let matchedWeight = 0
  let informative = false
  let ofShops = false
  for (const item of items) {
    all += item.weight
    const share = shareOf(candidate, item, anchors)
    matchedWeight += item.weight * share
    if (item.informative && share > titleFactor) informative = true
    if (item.ofShops && share > 0) ofShops = true
  }
  const share = matchedWeight / all
  const enough = share >= (ofShops ? leastScore : leastForeign) && informative
  // The beginning of a passage, and passages retrieval thinks well of, a little first.
  const place = (1 + 0.15 * evidence.score) * (1 - Math.min(position, 10) * 0.005)
  const amount = expects ? (quantities(text).some(expects.isAnswer) ? 1.3 : 0.65) : 1
  return { score: share * place * amount * fitOf(candidate, items, reading), enough }
}

/** How much of an item a sentence says, itself or by what stands above it. */
function shareOf(candidate: Candidate, item: QuestionTerm, anchors: ReadonlySet<string> | null): number {
  const { terms, written, questionTerms, heading, title } = candidate
  const own = best(item, terms)
  const above = Math.max(
    best(item, questionTerms) * questionFactor,
    best(item, heading) * headingFactor,
    best(item, title) * titleFactor,
  )
  if (own === 0) return above
  const anchored = anchors !== null && [...item.forms.keys()].some(form => anchors.has(form))
  const otherEnding = item.written !== null && written.size > 0 && !written.has(item.written)
  return Math.max(above, own * (anchored ? 0.4 : otherEnding ? otherEndingFactor : 1))
}

function anchorsIn(text: string): ReadonlySet<string> {
  const found = new Set<string>()
  for (const match of text.matchAll(stating.countedFrom))
    for (const term of readFeatures(match.slice(1).find(Boolean) ?? '').terms) found.add(term)
  return found
}

/** Steps answer "how", reasons "why", permissions "may I". */
function fitOf(
  { text, step, heading }: Candidate,
  items: readonly QuestionTerm[],
  { asks }: Reading,
): number {
  const named = items.filter(item => item.informative || item.forms.size > 2)
  const whole = named.length > 1 && named.every(item => best(item, heading) > 0) ? wholeHeadingFactor : 1
  const because = asks.why && asking.cues.why.test(text) ? 1.2 : 1
  const steps = step ? (asks.how ? 1.2 : 0.6) : 1
  const whether = !asks.how && asks.whether && stating.permission.test(text) ? 1.15 : 1
  // What stands before the first heading of a page introduces it.
  const introduction = heading.size === 0 ? 1.05 : 1
  return because * steps * whether * whole * introduction
}

function withoutRepeats<T extends { candidate: Candidate }>(scored: T[]): T[] {
  const seen = new Set<string>()
  return scored.filter(({ candidate }) => {
    const key = [...candidate.terms].sort().join(' ')
    if (seen.has(key)) return false
    seen.add(key)
    return true
  })
}

/** Sentences of the best passage first, each passage in its own order. */
function inReadingOrder<T extends { candidate: Candidate }>(scored: T[]): T[] {
  const order = [...new Set(scored.map(({ candidate }) => candidate.number))]
  return scored.sort(
    (a, b) =>
      order.indexOf(a.candidate.number) - order.indexOf(b.candidate.number) ||
      a.candidate.position - b.candidate.position,
  )
}

/** Each sentence with its mark, which stands before the full stop so that it belongs to its sentence for every reader. */
export function joinQuotes(quotes: readonly Quote[], say: Phrases): string {
  const text = quotes.map(withMark).join(say.space)
  return quotes.every(quote => quote.otherLanguage) ? `${say.otherLanguage}\n${text}` : text
}

function withMark({ text, number }: Quote): string {
  const stop = /[.!。！…]+["'”’」』）)]*$/.exec(text)
  const at = stop?.index ?? text.length
  const end = text.slice(at) || (/\p{Script=Han}/u.test(text) ? phrases.zh : phrases.en).fullStop
  return `${literal(text.slice(0, at).trimEnd())} [${number}]${end}`
}
