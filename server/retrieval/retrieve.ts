import type { Evidence, Question } from './evidence.ts'

export type FindEvidence = (question: Question, limit: number) => Promise<Evidence[]>

export interface RetrieverSources {
  findProducts: FindEvidence
  findDocuments: FindEvidence
  /** In what was attached to the conversation. */
  findUploads: FindEvidence
}

const usual = 6
/** Evidence this much weaker than the best is noise beside it. */
const leastShare = 0.4
const leastScore = 0.12
/** When both kinds have something, neither takes all the places. */
const reserved = 2

/** One list of products, documents and attached files, best first: their scores are made to be compared. */
export function createRetriever({
  findProducts,
  findDocuments,
  findUploads,
}: RetrieverSources): (question: Question, limit?: number) => Promise<Evidence[]> {
  return async function retrieve(question, limit = usual) {
    const [products, documents, uploads] = await Promise.all([
      findProducts(question, limit),
      findDocuments(question, limit),
      findUploads(question, limit),
    ])
    const read = [...documents, ...uploads].sort((a, b) => b.score - a.score)
    const best = Math.max(0, products[0]?.score ?? 0, read[0]?.score ?? 0)
    const least = Math.max(leastScore, best * leastShare)
    const strong = (evidence: Evidence) => evidence.score >= least
    const [shown, told] = [products.filter(strong), read.filter(strong)]
    const chosen = [
      ...shown.slice(0, limit - Math.min(reserved, told.length)),
      ...told.slice(0, limit - Math.min(reserved, shown.length)),
    ]
    return chosen.sort((a, b) => b.score - a.score).slice(0, limit)
  }
}
