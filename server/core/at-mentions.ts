/** `@name` in a note means a colleague; an input method may write the sign wide. */
export interface Mention {
  /** Where the `@` stands. */
  at: number
  name: string
}

/** In the order of the text; of names that begin alike the longest that fits is meant. */
export function mentionsIn(content: string, names: readonly string[]): Mention[] {
  const longestFirst = names.filter(Boolean).toSorted((a, b) => b.length - a.length)
  const found: Mention[] = []
  for (const { index: at } of content.matchAll(/[@＠]/g)) {
    const name = longestFirst.find(name => content.startsWith(name, at + 1))
    if (name) found.push({ at, name })
  }
  return found
}
