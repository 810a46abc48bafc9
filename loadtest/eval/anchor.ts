import type { Rarity } from '../../server/answering/retrieval/evidence.ts'
import { isStopTerm } from '../../server/answering/retrieval/lexicon/stopwords.ts'
import { inverseFrequency, type Source, termId } from '../../server/answering/retrieval/ranking/bm25.ts'
import { sentences } from '../../server/answering/retrieval/text/sentences.ts'
import { tokenize } from '../../server/answering/retrieval/text/tokens.ts'

interface Hit {
  title: string
  text: string
  score: number
  rarity: Rarity
}

const coveredShare = 0.7
const passageShare = 0.3
const threshold = 0.35

/**
 * The simplest thing that answers, to be beaten: BM25 on the same tokens, the best sentence of the three best passages by
 * what it covers of the question's weight and by its passage's score, one threshold. '' where it declines.
 */
export function anchorAnswer(question: string, hits: readonly (Hit & { source: Source })[]): string {
  const terms = [...new Set(tokenize(question))].filter(term => !isStopTerm(term))
  const scored = hits.flatMap(({ title, text, score, rarity, source }) => {
    const weights = new Map(
      terms.map(term => [
        term,
        inverseFrequency(rarity.passages, rarity.matching.get(termId(source, term)) ?? 1),
      ]),
    )
    const all = [...weights.values()].reduce((sum, weight) => sum + weight, 0) || 1
    const above = new Set(tokenize(title))
    return sentences(text).map(sentence => {
      const own = new Set(tokenize(sentence))
      const covered = [...weights].reduce(
        (sum, [term, weight]) => sum + (own.has(term) || above.has(term) ? weight : 0),
        0,
      )
      return { sentence, score: (coveredShare * covered) / all + passageShare * score }
    })
  })
  const best = scored.reduce((a, b) => (b.score > a.score ? b : a), { sentence: '', score: threshold })
  return best.sentence && `${best.sentence} [1]`
}
