import { chunk } from '../text/chunks.ts'
import { countTerms, inverseFrequency, type QueryTerms } from './bm25.ts'

/** A passage of an attached file. */
export interface UploadPassage {
  text: string
  terms: ReadonlySet<number>
}

export interface RankedUploadPassage {
  passage: UploadPassage
  /** 0..1: the share of the question's informative words that it has, each counted by its rarity among the passages. */
  score: number
}

/** Between slices of a long text other work runs. */
const slice = 20

/** Cuts a file's text as documents are cut. */
export async function uploadPassages(text: string): Promise<UploadPassage[]> {
  const passages: UploadPassage[] = []
  for (const piece of chunk(text)) {
    passages.push({ text: piece, terms: new Set(countTerms('document', '', piece).terms) })
    if (passages.length % slice === 0) await new Promise(resolve => setImmediate(resolve))
  }
  return passages
}

/** A handful of passages, best first: there is no index to ask, and no need of one. */
export function rankUploadPassages(
  passages: readonly UploadPassage[],
  query: QueryTerms,
): RankedUploadPassage[] {
  const informative = [...query].filter(([, term]) => term.isOwn && term.informative).map(([term]) => term)
  const rarity = new Map(
    informative.map(term => [
      term,
      inverseFrequency(passages.length, Math.max(1, passages.filter(({ terms }) => terms.has(term)).length)),
    ]),
  )
  const whole = [...rarity.values()].reduce((sum, each) => sum + each, 0)
  const scoreOf = ({ terms }: UploadPassage): number => {
    const matched = new Set<number>()
    for (const [term, { standsFor }] of query)
      if (terms.has(term)) for (const each of standsFor ?? [term]) matched.add(each)
    return [...matched].reduce((sum, term) => sum + (rarity.get(term) ?? 0), 0) / (whole || 1)
  }
  return passages
    .map(passage => ({ passage, score: Math.min(1, scoreOf(passage)) }))
    .sort((a, b) => b.score - a.score)
}
