import type { Evidence, Question } from '../../../answering/retrieval/evidence.ts'
import { asking } from '../../../answering/retrieval/lexicon/asking.ts'
import { informativeTerms } from '../../../answering/retrieval/lexicon/informative.ts'
import { functionWords, isWeakTerm } from '../../../answering/retrieval/lexicon/stopwords.ts'
import { meaningsIn } from '../../../answering/retrieval/lexicon/synonyms.ts'
import { coreQuestion } from '../../../answering/retrieval/question/focus.ts'
import { readHeading } from '../../../answering/retrieval/question/heading.ts'
import {
  type QueryTerms,
  queryTerms,
  termId,
  withSynonyms,
} from '../../../answering/retrieval/ranking/bm25.ts'
import { ableForms, tokenize } from '../../../answering/retrieval/text/tokens.ts'
import { yieldToLoop } from '../../../core/turns.ts'
import { placeLabels } from './place.ts'
import type { PassageHit, TermSearch } from './searching.ts'

/** A question with fewer informative words than this leans on what was asked before. */
const informativeMin = 2
/** and is this short, in characters, or goes on in words. */
const shortMax = 12

/** Parts of a blended question: the one before counts half, the one before that a quarter; the page's ids help a little. */
const earlierFactors = [0.5, 0.25]
const contextFactor = 0.5
/** What is told before the question is asked helps to choose. */
const situationFactor = 0.35
const samePageBoost = 1.5
const otherLanguageFactor = 0.5
/** A passage has at least this share of what the question says, unless its meaning was compared. */
const minCoverage = 0.15
/** How many passages are looked at for each that is given. */
const lookedAt = 4
/** A passage whose nearest heading says just what is asked. */
const headingBoost = 0.5
/** One whose heading is about a case that nobody asked about: "… if it was a gift?". */
const otherCaseFactor = 0.75

/** What moves a passage up or down besides what it says. */
export interface Boost {
  kind: 'same_page' | 'other_language' | 'heading' | 'other_case'
  factor: number
}

/** A passage in its place, and why it stands there. */
export interface ExplainedHit extends PassageHit {
  boosts: Boost[]
  /** It says enough of the question to be looked at. */
  isNear: boolean
}

type Search = (request: TermSearch) => Promise<PassageHit[]>

/**
 * Passages of documents that may answer, best first. A thin question ("and its weight?") is read together with those
 * before it; passages of the page the visitor is on, and in the visitor's language, come first among equals.
 */
export async function findEvidence(
  search: Search,
  question: Question,
  { limit, endOf }: { limit: number; endOf(id: string): number | undefined },
): Promise<Evidence[]> {
  const hits = await rankHits(search, question, limit)
  return hits
    .filter(({ isNear }) => isNear)
    .slice(0, limit)
    .map(({ source_id, title, url, text, score, updated_at, rarity, place }) => ({
      source: 'document',
      source_id,
      title,
      url,
      text,
      score,
      updated_at,
      rarity,
      ends_at: endOf(source_id),
      places: place ? placeLabels(place, question.language) : undefined,
    }))
}

/** The same with those that say too little, last, and the words by which each was found. */
export async function explainEvidence(
  search: Search,
  question: Question,
  limit: number,
): Promise<(Omit<ExplainedHit, 'matched'> & { matched: string[] })[]> {
  const hits = await rankHits(search, question, limit)
  await yieldToLoop()
  const words = searchedWords([question.text, ...question.earlier])
  return hits.slice(0, limit).map(({ matched, ...hit }) => ({
    ...hit,
    matched: [...new Set(matched.flatMap(term => words.get(term) ?? []))],
  }))
}

async function rankHits(search: Search, question: Question, limit: number): Promise<ExplainedHit[]> {
  const { terms, text } = blend(question)
  const hits = await search({ terms, text, source: 'document', limit: limit * lookedAt })
  const isNear = (hit: PassageHit) => hit.coverage >= minCoverage || hit.score > hit.coverage * 2
  return [
    ...prefer(hits.filter(isNear), question).map(hit => ({ ...hit, isNear: true })),
    ...hits.filter(hit => !isNear(hit)).map(hit => ({ ...hit, boosts: [], isNear: false })),
  ]
}

/** The words that a question is searched by, its own and others for the same, by their terms. */
function searchedWords(texts: readonly string[]): Map<number, string> {
  const own = texts.flatMap(tokenize)
  const others = meaningsIn(texts.join('\n').toLowerCase(), own).flatMap(meaning => meaning.others.flat())
  const words = [...own.flatMap(ableForms), ...others, ...own].filter(word => !functionWords.has(word))
  return new Map(words.map(word => [termId('document', word), word]))
}

function blend({ text, earlier, context }: Question): { terms: QueryTerms; text: string } {
  const { core, situation } = coreQuestion(text)
  const queried = queryTerms('document', core)
  const informative = informativeTerms(core).filter(term => !isWeakTerm(term)).length
  const before = earlier.slice(-earlierFactors.length).reverse()
  const leans = asking.cues.continues.test(text) || text.length <= shortMax
  const thin = before.length > 0 && (informative === 0 || (informative < informativeMin && leans))
  const parts = situation === '' ? [queried] : [queried, queryTerms('document', situation, situationFactor)]
  if (thin)
    before.forEach((question, at) => {
      // With nothing of its own to say, the question stands for the one before.
      const factor = informative === 0 && at === 0 ? 1 : earlierFactors[at]!
      parts.push(queryTerms('document', question, factor))
    })
  for (const id of [context.product_id, context.sku_id])
    if (id) parts.push(queryTerms('document', id, contextFactor))
  const terms: QueryTerms = new Map()
  for (const part of parts) for (const [term, each] of part) if (!terms.has(term)) terms.set(term, each)
  return { terms: withSynonyms('document', text, terms), text: thin ? `${before[0]}\n${text}` : text }
}

function prefer(
  hits: PassageHit[],
  { text, language, context }: Question,
): (PassageHit & { boosts: Boost[] })[] {
  const page = context.url ? withoutQuery(context.url) : null
  const best = hits[0]?.score ?? 0
  const questionTerms = new Set(informativeTerms(text))
  const inLanguage = hits.some(hit => hit.language === language && hit.score >= best / 2)
  return hits
    .map(hit => {
      const isSamePage = page !== null && hit.url !== null && withoutQuery(hit.url) === page
      const foreign = inLanguage && hit.language !== null && hit.language !== language
      const all: Boost[] = [
        { kind: 'same_page', factor: isSamePage ? samePageBoost : 1 },
        { kind: 'other_language', factor: foreign ? otherLanguageFactor : 1 },
        { kind: 'heading', factor: 1 + headingBoost * likeness(questionTerms, hit.title) },
        { kind: 'other_case', factor: isOtherCase(questionTerms, hit.title) ? otherCaseFactor : 1 },
      ]
      const score = all.reduce((product, { factor }) => product * factor, hit.score)
      return { ...hit, score: Math.min(1, score), boosts: all.filter(({ factor }) => factor !== 1) }
    })
    .sort((a, b) => b.score - a.score)
}

/** 0..1: the words that the nearest heading and the question share, against those of both. */
function likeness(questionTerms: ReadonlySet<string>, title: string): number {
  const own = readHeading(title).terms
  const shared = [...own].filter(term => questionTerms.has(term)).length
  return shared / Math.max(1, own.size + questionTerms.size - shared)
}

/** The nearest heading asks for a case of which the question says nothing. */
function isOtherCase(questionTerms: ReadonlySet<string>, title: string): boolean {
  const { caseTerms } = readHeading(title)
  return caseTerms.size > 0 && caseTerms.isDisjointFrom(questionTerms)
}

function withoutQuery(url: string): string {
  return url.replace(/[?#].*$/s, '').replace(/\/$/, '')
}
