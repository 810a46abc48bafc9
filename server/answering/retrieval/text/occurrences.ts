const latin = /[a-z0-9]/
const nothing: readonly [number, number][] = []

/** Where a word or phrase stands as such; Latin ones may end in -s, Chinese ones stand anywhere. */
export function occurrences(lowerText: string, phrase: string): readonly [number, number][] {
  const first = lowerText.indexOf(phrase)
  // A question is asked for the names of hundreds of columns, and has one or two.
  if (first < 0) return nothing
  const found: [number, number][] = []
  for (let at = first; at >= 0; at = lowerText.indexOf(phrase, at + 1)) {
    let end = at + phrase.length
    if (latin.test(phrase[0]!) && latin.test(lowerText[at - 1] ?? '')) continue
    if (/[a-z]/.test(phrase.at(-1)!) && lowerText[end] === 's') end += 1
    if (latin.test(phrase.at(-1)!) && latin.test(lowerText[end] ?? '')) continue
    found.push([at, end])
  }
  return found
}
