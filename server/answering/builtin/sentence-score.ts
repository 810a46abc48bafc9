import { asking } from '../retrieval/lexicon/asking.ts'
import { stating } from '../retrieval/lexicon/stating.ts'
import { hasAnswer } from '../retrieval/question/answer-type.ts'
import type { Reading } from '../retrieval/question/reading.ts'
import { type Candidate, readFeatures } from './candidates.ts'
import { best, coverage, type QuestionTerm } from './question-terms.ts'

/** A sentence and how well it answers: 1 where it says all that is asked, more where it has what is expected besides. */
export interface Scored {
  candidate: Candidate
  score: number
}

/** What stands above a sentence is said of it, but tells it from no other. */
const aboveFactor = 0.9
/** An amount of the kind that is asked for makes an answer, one without it rarely is. */
const amountGain = 1.3
const noAmountLoss = 0.7
const reasonGain = 1.2
const permissionGain = 1.1
/** The question's own words say it more surely than others of their meaning. */
const literalGain = 0.08
/** What is said of a kind of thing that was not asked about is narrower than the question. */
const narrowerLoss = 0.85
const placeLoss = 0.01
const placesMax = 10
const anchoredFactor = 0.4
const otherEndingFactor = 0.7

/** By what the sentence says, itself or below a heading or question that says it; among equals the first one. */
export function scoreOf(
  candidate: Candidate,
  items: readonly QuestionTerm[],
  { expects, asks }: Reading,
): Scored {
  const anchors = expects ? anchorsIn(candidate.text) : null
  const answers = expects !== null && hasAnswer(expects, candidate.text)
  const covered = coverage(items, item =>
    Math.max(
      // "It is $75" tells a cost.
      answers && item.forms.has('=price') && expects.headings.includes('=price') ? 1 : 0,
      ownOf(item, candidate, anchors),
      aboveFactor * best(item, candidate.heading),
      aboveFactor * best(item, candidate.questionTerms),
    ),
  )
  const literal = literalGain * coverage(items, item => literalOf(item, candidate))
  const amount = !expects ? 1 : answers ? amountGain : noAmountLoss
  const because = asks.why && asking.cues.why.test(candidate.text) ? reasonGain : 1
  const whether = !asks.how && asks.whether && stating.permission.test(candidate.text) ? permissionGain : 1
  const scope = isNarrower(candidate, items) ? narrowerLoss : 1
  const place = 1 - Math.min(candidate.position, placesMax) * placeLoss
  return { candidate, score: (covered + literal) * amount * because * whether * scope * place }
}

/** How much of an item the sentence says by itself. */
export function ownOf(
  item: QuestionTerm,
  { terms, written }: Candidate,
  anchors: ReadonlySet<string> | null,
): number {
  const own = best(item, terms)
  if (own === 0) return 0
  const anchored = anchors !== null && [...item.forms.keys()].some(form => anchors.has(form))
  const otherEnding = item.written !== null && written.size > 0 && !written.has(item.written)
  return own * (anchored ? anchoredFactor : otherEnding ? otherEndingFactor : 1)
}

function literalOf({ words }: QuestionTerm, { terms, written }: Candidate): number {
  if (words.length === 0) return 0
  return words.filter(word => written.has(word) || terms.has(word)).length / words.length
}

function isNarrower({ terms }: Candidate, items: readonly QuestionTerm[]): boolean {
  const kinds = [...terms].filter(term => term.startsWith('#'))
  return kinds.length > 0 && !kinds.some(kind => items.some(({ forms }) => forms.has(kind)))
}

/** "Within 7 days of delivery" is not about delivery. */
function anchorsIn(text: string): ReadonlySet<string> {
  const found = new Set<string>()
  for (const match of text.matchAll(stating.countedFrom))
    for (const term of readFeatures(match.slice(1).find(Boolean) ?? '').terms) found.add(term)
  return found
}
