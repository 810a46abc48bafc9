/** Ways to say something, one pattern for each thing that is said: a language's own, or those of all. */
export type Patterns<Key extends string> = Readonly<Record<Key, RegExp>>

/** One pattern for each key: what any of the languages says, under the flags of all. */
export function joinPatterns<Key extends string>(
  first: Patterns<Key>,
  ...others: readonly Patterns<Key>[]
): Patterns<Key> {
  const languages = [first, ...others]
  const keys = Object.keys(first) as Key[]
  return Object.fromEntries(
    keys.map(key => [key, joinAlternatives(languages.map(language => language[key]))]),
  ) as Record<Key, RegExp>
}

export function joinAlternatives(patterns: readonly RegExp[]): RegExp {
  const flags = new Set(patterns.flatMap(pattern => [...pattern.flags]))
  return new RegExp(patterns.map(pattern => pattern.source).join('|'), [...flags].join(''))
}
