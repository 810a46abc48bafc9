import { type Phrasing, readPhrasing, type SaidTerm, sayingOf } from './phrasing.ts'

/** One question in the ways it is known to be asked. */
export interface Phrasings {
  each: readonly Phrasing[]
  forms: ReadonlySet<string>
  /** Each with the share of the phrasings that say it, 0..1. */
  terms: readonly (SaidTerm & { share: number })[]
}

/** From here on two questions are the same: see `npm run eval` for what it catches and what it misses. */
export const samenessMin = 0.65

/** What all ways of asking say is what is asked: the more of them, the more it weighs. */
const sharePower = 1.3
/** Words beyond it say little; another service, thing, day or number makes another question. */
const strangeWeight = 0.65
const strangeNamedWeight = 2.5
/** One way of asking that is said whole is nearly as good as what they have in common. */
const oneFactor = 0.95
const coveredMin = 0.48
/** A term that is in all of them has to be said. */
const coreShare = 0.95
const coreSaidMin = 0.45
const coreLoss = 0.5
/** One word of what every shop does ("shipping") is only the question that says no more. */
const singleCoveredMin = 0.77
const singleLoss = 0.7
/** "How much …" and "how long …" are not what asks for neither, */
const otherAnswerLoss = 0.5
/** nor how to do a thing whether there is one, */
const otherAskingLoss = 0.8
/** and what is denied is another thing. */
const deniedLoss = 0.9
/** A term with less weight carries the sentence. */
const informativeMin = 0.9

export function readPhrasings(texts: readonly string[]): Phrasings {
  return joinPhrasings(texts.map(readPhrasing))
}

export function joinPhrasings(each: readonly Phrasing[]): Phrasings {
  const all = new Map(each.flatMap(({ terms }) => terms.map(term => [term.key, term] as const)))
  const shareOf = (term: SaidTerm) =>
    each.reduce((sum, { forms }) => sum + sayingOf(term, forms), 0) / each.length
  return {
    each,
    forms: new Set(each.flatMap(({ forms }) => [...forms])),
    terms: [...all.values()].map(term => ({ ...term, share: shareOf(term) })),
  }
}

/** 0..1: how surely a question asks the same. */
export function likenessOf(question: Phrasing, known: Phrasings): number {
  const covered = coverageOf(question, known)
  if (covered < coveredMin) return 0
  const isSaid = ({ weight, share, ...term }: SaidTerm & { share: number }) =>
    weight < informativeMin ||
    share < coreShare ||
    sayingOf({ weight, ...term }, question.forms) >= coreSaidMin
  const isCovered = !isSingleService(question) || covered >= singleCoveredMin
  const { each } = known
  return (
    Math.sqrt(covered * ownShare(question, known)) *
    (known.terms.every(isSaid) ? 1 : coreLoss) *
    (isCovered ? 1 : singleLoss) *
    ([...question.expects].every(kind => each.some(({ expects }) => expects.has(kind)))
      ? 1
      : otherAnswerLoss) *
    (!question.asksHow || each.some(({ asksHow }) => asksHow) ? 1 : otherAskingLoss) *
    (each.some(({ isDenied }) => isDenied === question.isDenied) ? 1 : deniedLoss)
  )
}

/** How much of what is known to be asked the question says. */
function coverageOf({ forms }: Phrasing, { each, terms }: Phrasings): number {
  const common = shareSaid(terms, forms, ({ weight, share }) => weight * share ** sharePower)
  const whole = each.map(one => shareSaid(one.terms, forms, ({ weight }) => weight) * oneFactor)
  return Math.max(common, ...whole)
}

/** How much of the question is of what is known to be asked. */
function ownShare({ terms }: Phrasing, { forms }: Phrasings): number {
  return shareSaid(terms, forms, term =>
    sayingOf(term, forms) > 0
      ? term.weight
      : term.weight * (term.isNamed ? strangeNamedWeight : strangeWeight),
  )
}

function shareSaid<T extends SaidTerm>(
  terms: readonly T[],
  forms: ReadonlySet<string>,
  weigh: (term: T) => number,
): number {
  const all = terms.reduce((sum, term) => sum + weigh(term), 0)
  return all === 0 ? 0 : terms.reduce((sum, term) => sum + weigh(term) * sayingOf(term, forms), 0) / all
}

function isSingleService({ terms }: Phrasing): boolean {
  const informative = terms.filter(({ weight }) => weight >= informativeMin)
  return informative.length <= 1 && informative.every(({ isNamed }) => isNamed)
}
