import type { Evidence, Question } from '../../../answering/retrieval/evidence.ts'
import { asking } from '../../../answering/retrieval/lexicon/asking.ts'
import { informativeTerms } from '../../../answering/retrieval/lexicon/informative.ts'
import { isWeakTerm } from '../../../answering/retrieval/lexicon/stopwords.ts'
import { caseTerms, coreQuestion } from '../../../answering/retrieval/question/focus.ts'
import { type QueryTerms, queryTerms, withSynonyms } from '../../../answering/retrieval/ranking/bm25.ts'
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

/**
 * Passages of documents that may answer, best first. A thin question ("and its weight?") is read together with those
 * before it; passages of the page the visitor is on, and in the visitor's language, come first among equals.
 */
export async function findEvidence(
  search: (request: TermSearch) => Promise<PassageHit[]>,
  question: Question,
  limit: number,
): Promise<Evidence[]> {
  const { terms, text } = blend(question)
  const hits = await search({ terms, text, source: 'document', limit: limit * lookedAt })
  const near = hits.filter(hit => hit.coverage >= minCoverage || hit.score > hit.coverage * 2)
  return prefer(near, question)
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
      places: place ? placeLabels(place, question.language) : undefined,
    }))
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

function prefer(hits: PassageHit[], { text, language, context }: Question): PassageHit[] {
  const page = context.url ? withoutQuery(context.url) : null
  const best = hits[0]?.score ?? 0
  const questionTerms = new Set(informativeTerms(text))
  const inLanguage = hits.some(hit => hit.language === language && hit.score >= best / 2)
  return hits
    .map(hit => {
      const isSamePage = page !== null && hit.url !== null && withoutQuery(hit.url) === page
      const foreign = inLanguage && hit.language !== null && hit.language !== language
      const score =
        hit.score *
        (isSamePage ? samePageBoost : 1) *
        (foreign ? otherLanguageFactor : 1) *
        (1 + headingBoost * likeness(questionTerms, hit.title)) *
        (isOtherCase(questionTerms, hit.title) ? otherCaseFactor : 1)
      return { ...hit, score: Math.min(1, score) }
    })
    .sort((a, b) => b.score - a.score)
}

/** 0..1: the words that the nearest heading and the question share, against those of both. */
function likeness(questionTerms: ReadonlySet<string>, title: string): number {
  const own = new Set(informativeTerms(title.split(' › ').at(-1)!))
  const shared = [...own].filter(term => questionTerms.has(term)).length
  return shared / Math.max(1, own.size + questionTerms.size - shared)
}

/** The nearest heading asks for a case of which the question says nothing. */
function isOtherCase(questionTerms: ReadonlySet<string>, title: string): boolean {
  const terms = caseTerms(title.split(' › ').at(-1)!)
  return terms.length > 0 && !terms.some(term => questionTerms.has(term))
}

function withoutQuery(url: string): string {
  return url.replace(/[?#].*$/s, '').replace(/\/$/, '')
}
