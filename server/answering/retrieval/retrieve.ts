import { waitForTurn } from '../../core/turns.ts'
import type { Evidence, Question } from './evidence.ts'
import { asSearched, endsOf, partQuestions, readCorrected, readQuestion } from './question/reading.ts'
import { isKnownWord } from './text/common-words.ts'
import { toSimplified } from './text/simplified.ts'

export type FindEvidence = (question: Question, limit: number) => Promise<Evidence[]>

export interface RetrieverSources {
  findProducts: FindEvidence
  findDocuments: FindEvidence
  /** A question with its misspelt words as the shop writes them. */
  correct?(text: string): Promise<string>
  /** What a person of the shop wrote to just this question: nothing else is looked for then. */
  findArticle?(text: string, language: Question['language']): Promise<Evidence | null>
  /** In what was attached to the conversation. */
  findUploads: FindEvidence
}

const defaultLimit = 6
/** Of each of several questions. */
const partLimit = 5
/** Evidence this much weaker than the best is noise beside it. */
const minShare = 0.4
const minScore = 0.12
/** When both kinds have something, neither takes all the places. */
const reserved = 2

/** One list of products, documents and attached files, best first: their scores are made to be compared. */
export function createRetriever(
  sources: RetrieverSources,
): (question: Question, limit?: number) => Promise<Evidence[]> {
  // Tables that are read where they are first asked for: no question waits for them.
  isKnownWord('')
  toSimplified('一')
  return async function retrieve(question, limit = defaultLimit) {
    await waitForTurn(question.text.length)
    if (sources.correct) readCorrected(question, await sources.correct(endsOf(question.text)))
    const { parts, text, language } = readQuestion(question)
    const whole = await sources.findArticle?.(text, language)
    if (whole) return [whole]
    async function findForPart(part: Question, limit: number): Promise<Evidence[]> {
      const own = readQuestion(part)
      const article = own.text === text ? null : await sources.findArticle?.(own.text, own.language)
      return article ? [article] : findFor(sources, part, limit)
    }
    const questions = partQuestions(question)
    if (parts.length === 1) return findForPart(questions[0]!, limit)
    const found = []
    for (const part of questions) found.push(await findForPart(part, partLimit))
    return merge(found)
  }
}

/** Products, passages of documents and of attached files that one question is answered from. */
async function findFor(sources: RetrieverSources, question: Question, limit: number): Promise<Evidence[]> {
  const whole = asSearched(question)
  const [products, uploads, documents] = await Promise.all([
    sources.findProducts(question, limit),
    inOwnTurn(whole, sources.findUploads, limit),
    inOwnTurn(whole, sources.findDocuments, limit),
  ])
  const passages = onceEach([...documents, ...uploads].sort((a, b) => b.score - a.score))
  const best = Math.max(products[0]?.score ?? 0, passages[0]?.score ?? 0)
  const strong = ({ score }: Evidence) => score >= Math.max(minScore, minShare * best)
  // A product that is named, or meant, does not speak against what the documents say of the rest.
  const quotable = passages.filter(({ score }) => score >= minScore)
  const shown = products.filter(strong)
  const chosen = [
    ...shown.slice(0, limit - Math.min(reserved, quotable.length)),
    ...quotable.slice(0, limit - Math.min(reserved, shown.length)),
  ]
  return chosen.sort((a, b) => b.score - a.score).slice(0, limit)
}

/** What was found for several questions, each with those it was found for, once. */
function merge(found: readonly Evidence[][]): Evidence[] {
  const merged = new Map<string, Evidence>()
  for (const [part, evidence] of found.entries())
    for (const one of evidence) {
      const key = `${one.source} ${one.source_id} ${one.text}`
      const known = merged.get(key)
      const { score, mayBeMeant, constraints } = one
      const own = { part, score, mayBeMeant, constraints }
      merged.set(key, known ? { ...known, parts: [...known.parts!, own] } : { ...one, parts: [own] })
    }
  return [...merged.values()].sort((a, b) => b.score - a.score)
}

async function inOwnTurn(question: Question, find: FindEvidence, limit: number): Promise<Evidence[]> {
  await waitForTurn(question.text.length)
  return find(question, limit)
}

/** The first of those that say the same. */
function onceEach(found: Evidence[]): Evidence[] {
  return found.filter(({ text }, at) => found.findIndex(other => other.text === text) === at)
}
