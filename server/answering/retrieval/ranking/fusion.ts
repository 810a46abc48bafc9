/** Of Cormack, Clarke and Buettcher, "Reciprocal Rank Fusion" (2009): how little the very first ranks stand out. */
const k = 60

/** Several rankings of ids, best first, as one: the sum of 1 / (60 + rank) decides, the first list breaks ties. */
export function fuse(rankings: string[][]): string[] {
  const scores = new Map<string, number>()
  for (const ranking of rankings)
    ranking.forEach((id, at) => {
      scores.set(id, (scores.get(id) ?? 0) + 1 / (k + at + 1))
    })
  return [...scores].sort((a, b) => b[1] - a[1]).map(([id]) => id)
}
