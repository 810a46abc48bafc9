import type { Question } from '../retrieval/evidence.ts'
import { isChinese } from '../retrieval/text/language.ts'
import { quantities } from '../retrieval/text/quantities.ts'
import {
  type Candidate,
  candidatesOf,
  type NumberedEvidence,
  type PassageCache,
  readFeatures,
} from './candidates.ts'
import type { Phrases } from './phrases.ts'
import { best, expectedAnswerType, type QuestionTerm, readQuestionTerms } from './question-terms.ts'

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
const askedFactor = 0.95
const foreignFactor = 0.75
/** What no source says, such as a name, cannot be answered either way. */
const unknownFactor = 0.6
const otherEndingFactor = 0.6

const policyTerms: ReadonlySet<string> = new Set(
  ['delivery', 'return', 'refund', 'payment', 'warranty'].map(policy => `=${policy}`),
)
const reason = /\b(?:why|because|reason)\b|为什么|原因/i
const asksHow = /\bhow (?:do|can|to|should|would|does one)\b|怎么|怎样|如何|步骤/i
const asksWhether =
  /^(?:and |but |so )?(?:can|may|could|is|are|do|does|will|am|must|should)\b|可以|能不能|能否|是否|吗[?？]?$/i
const permits =
  /\b(?:may|can|cannot|can['’]t|must|allowed|excluded|not|possible|accept|include[sd]?|cover(?:s|ed)?)\b|可以|不能|可|不|除外|支持|包括/i
/** "Within 7 days of delivery": what the span is counted from, not what it is about. */
const counted =
  /\b(?:days?|weeks?|months?|hours?|years?)\s+(?:of|after|from|following|since|before)\s+(?:(?:the|your|its|their|our)\s+)?(\p{L}+)|(\p{Script=Han}{2})(?:之?后|以后|起)/giu

/** The sentences of the evidence that answer the question, best passage first, in the question's language where there are any. */
export function quotesFor(
  question: Question,
  evidence: readonly NumberedEvidence[],
  read: PassageCache,
): Quote[] {
  const candidates = evidence.flatMap(one => candidatesOf(one, read))
  const items = weighTerms(question, candidates)
  const policies = items.filter(item => item.policy && candidates.some(one => shareOf(one, item, null) > 0))
  const chinese = question.language === 'zh'
  const scored = candidates
    .filter(one => one.quotable && policies.every(item => isAbout(one, item)))
    .map(candidate => {
      const otherLanguage = isChinese(candidate.text) !== chinese
      const { score, enough } = scoreOf(candidate, items, question)
      return { candidate, otherLanguage, enough, score: score * (otherLanguage ? foreignFactor : 1) }
    })
    .filter(({ enough }) => enough)
    .sort((a, b) => b.score - a.score)
  const best = scored[0]
  if (!best) return []
  const near = scored.filter(
    ({ score, otherLanguage }) => score >= best.score * besideBest && otherLanguage === best.otherLanguage,
  )
  const chosen =
    asksHow.test(question.text) && best.candidate.step ? stepsOf(best, scored) : near.slice(0, quotesMax)
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
function weighTerms({ text, earlier }: Question, candidates: readonly Candidate[]): QuestionTerm[] {
  const own = readQuestionTerms(text)
  const informative = own.filter(item => item.informative).length
  const before = informative < 2 && earlier.length > 0 ? readQuestionTerms(earlier.at(-1)!) : []
  const items = [...own, ...before.map(item => ({ ...item, weight: item.weight * 0.5 }))]
  for (const item of items) {
    const having = candidates.filter(({ terms }) => best(item, terms) > 0).length
    const known = having > 0 ? 1 : unknownFactor
    item.weight *= known * Math.log(1 + (candidates.length + 1) / (having + 0.5))
  }
  return items
}

interface Scored {
  score: number
  /** Whether it says enough of the question to be an answer. */
  enough: boolean
}

function scoreOf(candidate: Candidate, items: readonly QuestionTerm[], question: Question): Scored {
  const { text, position, evidence } = candidate
  const wanted = expectedAnswerType(question.text)
  const anchors = wanted ? anchorsIn(text) : null
  let all = 0
  let said = 0
  let informative = false
  let ofShops = false
  for (const item of items) {
    all += item.weight
    const share = shareOf(candidate, item, anchors)
    said += item.weight * share
    if (item.informative && share > titleFactor) informative = true
    if (item.ofShops && share > 0) ofShops = true
  }
  const share = said / all
  const enough = share >= (ofShops ? leastScore : leastForeign) && informative
  // The beginning of a passage, and passages retrieval thinks well of, a little first.
  const place = (1 + 0.15 * evidence.score) * (1 - Math.min(position, 10) * 0.005)
  const amount = wanted ? (quantities(text).some(wanted.isAnswer) ? 1.3 : 0.65) : 1
  return { score: share * place * amount * fitOf(candidate, items, question), enough }
}

/** How much of an item a sentence says, itself or by what stands above it. */
function shareOf(candidate: Candidate, item: QuestionTerm, anchors: ReadonlySet<string> | null): number {
  const { terms, written, asked, heading, title } = candidate
  const own = best(item, terms)
  const above = Math.max(
    best(item, asked) * askedFactor,
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
  for (const match of text.matchAll(counted))
    for (const term of readFeatures(match[1] ?? match[2] ?? '').terms) found.add(term)
  return found
}

/** Steps answer "how", reasons "why", permissions "may I". */
function fitOf(
  { text, step, heading }: Candidate,
  items: readonly QuestionTerm[],
  { text: asked }: Question,
): number {
  const named = items.filter(item => item.informative || item.forms.size > 2)
  const whole = named.length > 1 && named.every(item => best(item, heading) > 0) ? wholeHeadingFactor : 1
  const how = asksHow.test(asked)
  const because = reason.test(asked) && reason.test(text) ? 1.2 : 1
  const steps = step ? (how ? 1.2 : 0.6) : 1
  const whether = !how && asksWhether.test(asked.trim()) && permits.test(text) ? 1.15 : 1
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
export function joinQuotes(quotes: readonly Quote[], { language }: Question, say: Phrases): string {
  const text = quotes.map(withMark).join(language === 'zh' ? '' : ' ')
  return quotes.every(quote => quote.otherLanguage) ? `${say.otherLanguage}\n${text}` : text
}

function withMark({ text, number }: Quote): string {
  const stop = /[.!。！…]+["'”’」』）)]*$/.exec(text)
  const at = stop?.index ?? text.length
  const end = text.slice(at) || (/\p{Script=Han}/u.test(text) ? '。' : '.')
  return `${text.slice(0, at).trimEnd()} [${number}]${end}`
}
