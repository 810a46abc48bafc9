import type { Evidence, Question } from './evidence.ts'
import { otherWords } from './vocabulary.ts'

export type FindEvidence = (question: Question, limit: number) => Promise<Evidence[]>

export interface RetrieverSources {
  findProducts: FindEvidence
  findDocuments: FindEvidence
}

const usual = 6
/** Evidence this much weaker than the best is noise beside it. */
const leastShare = 0.4
const leastScore = 0.12
/** When both kinds have something, neither takes all the places. */
const reserved = 2
const otherWordsFactor = 0.95
/** Below this the shop's pages may be in the other language. */
const foundScore = 0.3

/** One list of products and documents, best first: their scores are made to be compared. */
export function createRetriever({
  findProducts,
  findDocuments,
}: RetrieverSources): (question: Question, limit?: number) => Promise<Evidence[]> {
  /** "Shipping" is what the shop's page calls delivery: rules are also looked for under their other names. */
  async function findInOtherWords(question: Question, limit: number): Promise<Evidence[]> {
    const { text, language } = question
    const asked = otherWords(text, language)
    if (asked === null) return findDocuments(question, limit)
    const found = await Promise.all([
      findDocuments(question, limit),
      findDocuments({ ...question, text: asked }, limit),
    ])
    const known = merged(found[0], found[1], limit)
    if ((known[0]?.score ?? 0) >= foundScore) return known
    const foreign = otherWords(text, language === 'zh' ? 'en' : 'zh')!
    return merged(known, await findDocuments({ ...question, text: foreign }, limit), limit)
  }

  return async function retrieve(question, limit = usual) {
    const [products, documents] = await Promise.all([
      findProducts(question, limit),
      findInOtherWords(question, limit),
    ])
    const best = Math.max(0, products[0]?.score ?? 0, documents[0]?.score ?? 0)
    const least = Math.max(leastScore, best * leastShare)
    const strong = (evidence: Evidence) => evidence.score >= least
    const [shown, read] = [products.filter(strong), documents.filter(strong)]
    const chosen = [
      ...shown.slice(0, limit - Math.min(reserved, read.length)),
      ...read.slice(0, limit - Math.min(reserved, shown.length)),
    ]
    return chosen.sort((a, b) => b.score - a.score).slice(0, limit)
  }
}

function merged(first: Evidence[], second: Evidence[], limit: number): Evidence[] {
  const found = new Map<string, Evidence>()
  for (const evidence of [
    ...first,
    ...second.map(one => ({ ...one, score: one.score * otherWordsFactor })),
  ]) {
    const key = `${evidence.source_id}\n${evidence.text}`
    if (evidence.score > (found.get(key)?.score ?? 0)) found.set(key, evidence)
  }
  return [...found.values()].sort((a, b) => b.score - a.score).slice(0, limit)
}
