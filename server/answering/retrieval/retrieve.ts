import { waitForTurn } from '../../core/turns.ts'
import type { Evidence, Question } from './evidence.ts'
import { asSearched, readQuestion } from './question/reading.ts'

export type FindEvidence = (question: Question, limit: number) => Promise<Evidence[]>

export interface RetrieverSources {
  findProducts: FindEvidence
  findDocuments: FindEvidence
  /** In what was attached to the conversation. */
  findUploads: FindEvidence
}

const defaultLimit = 6
/** Evidence this much weaker than the best is noise beside it. */
const minShare = 0.4
const minScore = 0.12
/** When both kinds have something, neither takes all the places. */
const reserved = 2

/** One list of products, documents and attached files, best first: their scores are made to be compared. */
export function createRetriever({
  findProducts,
  findDocuments,
  findUploads,
}: RetrieverSources): (question: Question, limit?: number) => Promise<Evidence[]> {
  return async function retrieve(question, limit = defaultLimit) {
    await waitForTurn(question.text.length)
    const { parts } = readQuestion(question)
    const whole = asSearched(question)
    const searched = parts.length > 1 ? parts.map(({ text }) => ({ ...whole, text })) : [whole]
    const [products, uploads, ...documents] = await Promise.all([
      findProducts(question, limit),
      inOwnTurn(whole, findUploads, limit),
      ...searched.map(each => inOwnTurn(each, findDocuments, limit)),
    ])
    const passages = onceEach([...documents.flat(), ...uploads].sort((a, b) => b.score - a.score))
    // Of several questions each kind may answer another: then it is measured against its like.
    const apart = parts.length > 1
    const best = Math.max(products[0]?.score ?? 0, passages[0]?.score ?? 0)
    const strong = (evidence: Evidence, _at: number, like: Evidence[]) =>
      evidence.score >= Math.max(minScore, minShare * (apart ? like[0]!.score : best))
    const [shown, quotable] = [products.filter(strong), passages.filter(strong)]
    const chosen = [
      ...shown.slice(0, limit - Math.min(reserved, quotable.length)),
      ...quotable.slice(0, limit - Math.min(reserved, shown.length)),
    ]
    return chosen.sort((a, b) => b.score - a.score).slice(0, limit)
  }
}

async function inOwnTurn(question: Question, find: FindEvidence, limit: number): Promise<Evidence[]> {
  await waitForTurn(question.text.length)
  return find(question, limit)
}

/** The first of those that say the same. */
function onceEach(found: Evidence[]): Evidence[] {
  return found.filter(({ text }, at) => found.findIndex(other => other.text === text) === at)
}
