import type { EvalSet } from './sets.ts'

const k1 = 1.2
const b = 0.75

/** BM25 over words as they are written: what a search without stems, parts of words and spelling finds. Ids, best first. */
export function plainSearch({ documents }: EvalSet): (query: string) => (string | number)[] {
  const read = documents.map(({ id, title, text }) => ({ id, words: wordsOf(`${title}\n${text}`) }))
  const mean = read.reduce((sum, { words }) => sum + words.length, 0) / read.length
  const matching = new Map<string, number>()
  for (const { words } of read)
    for (const word of new Set(words)) matching.set(word, (matching.get(word) ?? 0) + 1)
  function weigh(word: string, words: readonly string[]): number {
    const count = words.filter(each => each === word).length
    const rarity = Math.log(1 + (read.length - matching.get(word)! + 0.5) / (matching.get(word)! + 0.5))
    return (rarity * count * (k1 + 1)) / (count + k1 * (1 - b + (b * words.length) / mean))
  }
  return query => {
    const terms = [...new Set(wordsOf(query))].filter(word => matching.has(word))
    return read
      .map(({ id, words }) => ({ id, score: terms.reduce((sum, term) => sum + weigh(term, words), 0) }))
      .filter(({ score }) => score > 0)
      .sort((one, other) => other.score - one.score)
      .map(({ id }) => id)
  }
}

function wordsOf(text: string): string[] {
  return text.toLowerCase().match(/[\p{L}\p{N}]+/gu) ?? []
}
