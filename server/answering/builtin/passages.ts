import { asking } from '../retrieval/lexicon/asking.ts'
import { expectedAnswerType } from '../retrieval/question/answer-type.ts'
import { coreQuestion } from '../retrieval/question/focus.ts'
import { readHeading } from '../retrieval/question/heading.ts'
import type { Reading } from '../retrieval/question/reading.ts'
import { languageOfText } from '../retrieval/text/language.ts'
import { type Candidate, candidatesOf, type NumberedEvidence, type PassageCache } from './candidates.ts'
import { best, coverage, type QuestionTerm, readQuestionTerms, weighByRarity } from './question-terms.ts'
import { repliesElsewhere } from './replies.ts'
import { scoreOf } from './sentence-score.ts'

/** A passage of the evidence with its sentences, and all that they and what stands above them say. */
export interface Passage {
  evidence: NumberedEvidence
  sentences: readonly Candidate[]
  terms: ReadonlySet<string>
  written: ReadonlySet<string>
  heading: ReadonlySet<string>
  title: ReadonlySet<string>
  otherLanguage: boolean
}

/** How a passage stands to a question. */
export interface Measured {
  passage: Passage
  /** 0..1: the share of the question's weight that the passage and its headings say. */
  covered: number
  /** 0..1: how much the nearest heading and the question say the same. */
  likeHeading: number
  /** How well its best sentence answers alone. */
  sentence: number
  /** By which passages are ordered. */
  rank: number
}

const headingFactor = 1
const titleFactor = 0.6
const otherEndingFactor = 0.75
/** What heading and search say beside the words that are covered. */
const headingShare = 0.3
const searchShare = 0.25
/** What one sentence of it says alone: words that stand together answer, scattered ones rarely do. */
const sentenceShare = 0.5
/** A document on what is asked goes before one that only has a passage of it. */
const titleShare = 0.1
const foreignLoss = 0.15
/** A passage in the reader's language that says this share of what the best does goes before all in others. */
const ownLanguageShare = 0.6
/** What the question before says counts this much in one that leans on it, and what the one before that. */
const earlierFactors = [0.5, 0.25]
/** What is told of the situation counts this much: it chooses between passages that answer. */
const situationFactor = 0.15
/** and the case it is asked for this much, */
const conditionFactor = 0.5
/** and what kind of thing the product is this much: "the lily" is asked about as a plant. */
const kindFactor = 0.4
/** "Can I …?" above a passage is nearer to a question whether one can than "How do I …?" is. */
const sameAskingGain = 0.06
/** Steps answer how, and nothing else. */
const otherAskingLoss = 0.25
/** What holds for a case that nobody asked about answers last. */
const otherCaseLoss = 0.35

export function readPassages(
  evidence: readonly NumberedEvidence[],
  reading: Reading,
  cache: PassageCache,
): Passage[] {
  const items = [
    ...readQuestionTerms(reading.text, reading.expects),
    ...leantOn(reading).flatMap(text => readQuestionTerms(text, null)),
  ]
  return evidence.map(one => {
    const all = candidatesOf(one, cache)
    const elsewhere = repliesElsewhere(all, items)
    const relevant = all.filter(sentence => !elsewhere.has(sentence))
    const sentences =
      elsewhere.size === 0
        ? all
        : all.map(each => (elsewhere.has(each) ? { ...each, quotable: false } : each))
    const terms = new Set(relevant.flatMap(sentence => [...sentence.terms]))
    const written = new Set(relevant.flatMap(sentence => [...sentence.written]))
    const heading = new Set(sentences.flatMap(sentence => [...sentence.heading]))
    const title = sentences[0]?.title ?? new Set<string>()
    return {
      evidence: one,
      sentences,
      terms,
      written,
      heading,
      title,
      otherLanguage: languageOfText(one.text) !== reading.language,
    }
  })
}

/** "And to France?" after "how much is shipping" asks how much as well. */
export function withExpectationBefore(reading: Reading): Reading {
  const [before] = reading.expects === null ? leantOn(reading) : []
  return before === undefined ? reading : { ...reading, expects: expectedAnswerType(before) }
}

/** The questions before, newest first, where this one says too little without them. */
function leantOn({ text, expects, earlier, asks }: Reading): string[] {
  if (earlier.length === 0) return []
  const informative = readQuestionTerms(text, expects).filter(item => item.informative).length
  const leans = informative === 0 || (informative < 2 && asks.continues)
  return leans ? earlier.slice(-earlierFactors.length).reverse() : []
}

/** What each word of the question is worth among all documents, or among these passages where nothing is known of the others. */
export function weighedTerms(reading: Reading, passages: readonly Passage[], kinds: string): QuestionTerm[] {
  const { core, situation, condition } = coreQuestion(reading.text)
  const items = readQuestionTerms(core, reading.expects)
  const known = new Set(items.map(({ label }) => label))
  const isAlone = !items.some(item => item.informative)
  for (const [text, factor] of [
    [situation, situationFactor],
    [condition, conditionFactor],
    [kinds, kindFactor],
  ] as const)
    for (const item of text ? readQuestionTerms(text, null) : [])
      if (!known.has(item.label))
        items.push(isAlone ? item : { ...item, weight: item.weight * factor, isOwn: false })
  const before = leantOn(reading).flatMap((text, at) =>
    readQuestionTerms(text, null).map(item => ({
      ...item,
      weight: item.weight * earlierFactors[at]!,
      isOwn: false,
    })),
  )
  const all = [...items, ...before]
  const counted = passages.find(({ evidence }) => evidence.rarity)?.evidence.rarity
  const rarity = counted ?? { passages: Math.max(2, passages.length), matching: new Map<number, number>() }
  weighByRarity(all, rarity, item => passages.filter(passage => sayingOf(item, passage) > 0).length)
  return all
}

/** Best first. */
export function measureAll(
  items: readonly QuestionTerm[],
  passages: readonly Passage[],
  reading: Reading,
): Measured[] {
  const top = Math.max(...passages.map(({ evidence }) => evidence.score), Number.EPSILON)
  const measured = passages
    .map(passage => {
      const covered = coverage(items, item => sayingOf(item, passage))
      const likeHeading = isLead(passage)
        ? coverage(items, item => best(item, passage.title))
        : likeness(items, nearestHeading(passage))
      const search = passage.evidence.score / top
      const sentence = bestSentence(passage, items, reading)
      const rank =
        covered +
        askedAlike(passage, reading) +
        headingShare * likeHeading +
        searchShare * search +
        sentenceShare * sentence +
        titleShare * coverage(items, item => best(item, passage.title)) -
        (passage.otherLanguage ? foreignLoss : 0) -
        (isOtherCase(items, passage) ? otherCaseLoss : 0)
      return { passage, covered, likeHeading, sentence, rank }
    })
    .sort((a, b) => b.rank - a.rank)
  const maxCovered = Math.max(...measured.map(({ covered }) => covered))
  const own = measured.filter(
    ({ passage, covered }) => !passage.otherLanguage && covered >= maxCovered * ownLanguageShare,
  )
  return own.length > 0 ? measured.filter(({ passage }) => !passage.otherLanguage) : measured
}

/** The nearest heading asks for a case of which the question says nothing. */
function isOtherCase(items: readonly QuestionTerm[], { evidence }: Passage): boolean {
  const { caseTerms } = readHeading(evidence.title)
  return caseTerms.size > 0 && !items.some(item => best(item, caseTerms) > 0)
}

function bestSentence({ sentences }: Passage, items: readonly QuestionTerm[], reading: Reading): number {
  const scores = sentences
    .filter(({ quotable }) => quotable)
    .map(sentence => scoreOf(sentence, items, reading).score)
  return Math.max(0, ...scores)
}

/** How much of an item a passage says, itself or in what stands above it. */
export function sayingOf(item: QuestionTerm, { terms, written, heading, title }: Passage): number {
  const own = best(item, terms)
  const otherEnding = item.written !== null && written.size > 0 && !written.has(item.written)
  return Math.max(
    own * (otherEnding ? otherEndingFactor : 1),
    best(item, heading) * headingFactor,
    best(item, title) * titleFactor,
  )
}

function askedAlike({ evidence, sentences }: Passage, { asks }: Reading): number {
  const heading = readHeading(evidence.title).text
  const { whether, how } = asking.cues
  const isTable = sentences.every(({ kind }) => kind === 'row')
  if (asks.whether && isTable) return -otherAskingLoss
  const tellsHow = how.test(heading) || sentences.filter(({ kind }) => kind === 'step').length > 1
  if (asks.how !== tellsHow) return asks.how ? 0 : -otherAskingLoss
  if (asks.how) return otherAskingLoss
  return asks.whether && /[?？]$/.test(heading) && whether.test(heading) ? sameAskingGain : 0
}

/** What stands before the first heading speaks of all that the document is called. */
function isLead({ evidence, sentences }: Passage): boolean {
  return !evidence.title.includes(' › ') && sentences.every(({ questionTerms }) => questionTerms.size === 0)
}

function nearestHeading({ sentences, heading }: Passage): ReadonlySet<string> {
  const question = sentences.find(({ questionTerms }) => questionTerms.size > 0)?.questionTerms
  return question ?? sentences.at(-1)?.heading ?? heading
}

/** The weight that both say against the weight that either says; a heading's own words weigh one each. */
function likeness(items: readonly QuestionTerm[], heading: ReadonlySet<string>): number {
  const words = [...heading].filter(term => !/^[@#]/.test(term)).length
  if (words === 0) return 0
  let shared = 0
  let all = 0
  for (const item of items) {
    all += item.weight
    shared += item.weight * best(item, heading)
  }
  return (
    shared / Math.max(all, all + words - items.filter(item => best(item, heading) > 0).length, Number.EPSILON)
  )
}

/** What is asked and none says in any form, as written; parts of a longer word are it. */
export function missingLabels(
  items: readonly QuestionTerm[],
  saying: (item: QuestionTerm) => number,
): string[] {
  const labels = items
    .filter(item => item.informative && item.label.length > 1 && saying(item) === 0)
    .map(({ label }) => label)
  return [...new Set(labels)].filter(
    label => !labels.some(other => other.length > label.length && other.includes(label)),
  )
}
