/** Phrases by what they begin with: the first two UTF-16 units, or the only one. */
type Beginnings = ReadonlyMap<string, readonly { phrase: string; place: number }[]>

const beginningLength = 2
/** Of tables that are asked for again and again. */
const beginningsOf = new WeakMap<ReadonlyMap<string, unknown>, Beginnings>()

/** Those keys of a table that stand anywhere in a text, in the table's order: a text has one or two of hundreds. */
export function phrasesIn<Value>(
  lowerText: string,
  table: ReadonlyMap<string, Value>,
): (readonly [string, Value])[] {
  const beginnings = beginningsOf.get(table) ?? indexBeginnings(table)
  const places = new Map<number, string>()
  for (let at = 0; at < lowerText.length; at++)
    for (let length = 1; length <= beginningLength; length++)
      for (const { phrase, place } of beginnings.get(lowerText.slice(at, at + length)) ?? [])
        if (lowerText.startsWith(phrase, at)) places.set(place, phrase)
  return [...places].sort(([a], [b]) => a - b).map(([, phrase]) => [phrase, table.get(phrase)!])
}

function indexBeginnings(table: ReadonlyMap<string, unknown>): Beginnings {
  const entries = [...table.keys()].map((phrase, place) => ({ phrase, place }))
  const beginnings = Map.groupBy(entries, ({ phrase }) => phrase.slice(0, beginningLength))
  beginningsOf.set(table, beginnings)
  return beginnings
}
