import { attributeBehind, readKey } from '../catalogue/columns.ts'
import type { CatalogueProfile } from '../catalogue/profile.ts'
import { attributes } from '../lexicon/attributes.ts'
import { superlatives } from '../lexicon/superlatives.ts'
import { occurrences } from '../text/occurrences.ts'
import { phrasesIn } from '../text/phrases-in.ts'

/** Where a question names a column: `price`, `category` or keys of `specs` (several where they share the name). */
export interface ColumnMention {
  keys: string[]
  start: number
  end: number
}

/** The names of a catalogue's columns in both languages, longest first. */
export function columnNames(profile: CatalogueProfile): Map<string, string[]> {
  const names = new Map<string, string[]>()
  function add(name: string, key: string) {
    const keys = names.get(name) ?? []
    if (!keys.includes(key)) names.set(name, [...keys, key])
  }
  for (const key of ['price', 'category', ...profile.keys.map(({ key }) => key)]) {
    const { name, attribute } = readKey(key)
    if (name) add(name, key)
    for (const word of attribute?.words ?? []) add(word, key)
    // "Which sizes?" asks for the "frame size" as well; a "regular price" is no price.
    const wider = attribute ? null : attributeBehind(name)
    if (wider && wider.id !== 'price') for (const word of wider.words) add(word, key)
  }
  for (const { key, figures } of profile.keys)
    if (readKey(key).attribute?.id === 'capacity' && figures.some(({ dimension }) => dimension === null))
      for (const word of peopleWords) add(word, key)
  // Columns of one meaning share their names: "sizes" of beds is the "size" of rugs.
  const alike = Map.groupBy(names, ([, [key]]) => readKey(key!).attribute?.id)
  for (const [id, same] of alike)
    if (id) for (const [name] of same) names.set(name, [...new Set(same.flatMap(([, keys]) => keys))])
  return new Map([...names].sort(([a], [b]) => b.length - a.length))
}

/** How many a thing without a unit of capacity is for. */
const peopleWords = attributes.find(({ id }) => id === 'people')!.words

/** The names of everything shops list in columns, whether a catalogue has it or not, longest first. */
const attributeNames: ReadonlyMap<string, string[]> = new Map(
  attributes
    .flatMap(({ id, words }) => words.map(word => [word, [id]] as [string, string[]]))
    .sort(([a], [b]) => b.length - a.length),
)

/** The attributes a text names, each where it stands. */
export function attributeMentions(text: string): ColumnMention[] {
  return columnMentionsIn(text, attributeNames)
}

/** The text without the names of columns. */
export function withoutAttributes(text: string): string {
  return attributeMentions(text).reduceRight(
    (rest, { start, end }) => `${rest.slice(0, start)} ${rest.slice(end)}`,
    text,
  )
}

/** Columns named in the text, in order; of names that overlap the longest counts. */
export function columnMentionsIn(text: string, names: ReadonlyMap<string, string[]>): ColumnMention[] {
  const plain = text.toLowerCase()
  const found: ColumnMention[] = []
  const claimed = new Uint8Array(plain.length + 1)
  for (const [name, keys] of phrasesIn(plain, names))
    for (const [start, end] of occurrences(plain, name)) {
      // Longer names came first: what overlaps one begins or ends in it.
      if (claimed[start] || claimed[end - 1]) continue
      claimed.fill(1, start, end)
      found.push({ keys, start, end })
    }
  return found.sort((a, b) => a.start - b.start)
}

/** The columns whose little or much an adjective tells: "lighter" is of weight, "最亮" of brightness. */
export function keysOfAdjective(
  adjective: string,
  profile: CatalogueProfile,
): { keys: string[]; low: boolean } | null {
  const base = adjective.toLowerCase()
  const keys = ['price', ...profile.keys.map(({ key }) => key)]
  for (const side of ['low', 'high'] as const) {
    const named = attributes
      .filter(attribute => attribute[side].includes(base))
      .map(attribute => attribute.id)
    if (named.length === 0) continue
    const matching = keys.filter(key => named.includes(readKey(key).attribute?.id ?? ''))
    if (matching.length > 0) return { keys: matching, low: side === 'low' }
  }
  return null
}

/** The adjective behind a comparative or superlative: "lightest", "heavier", "biggest" -> "light", "heavy", "big". */
export function positive(word: string): string[] {
  const stem = word.toLowerCase().replace(/(?:est|er)$/, '')
  return [stem, `${stem}e`, stem.replace(/i$/, 'y'), stem.replace(/(.)\1$/, '$1')]
}

/** The columns a comparison is about: "which one is lighter?", "what weighs less", "哪个更便宜". */
export function comparedKeys(text: string, profile: CatalogueProfile): string[] {
  for (const { groups } of text.matchAll(superlatives.comparative)) {
    const { positive: base, degrees, verb } = groups!
    const bases = verb
      ? [superlatives.adjectiveOfVerb[verb.toLowerCase()]!]
      : base
        ? [base]
        : positive(degrees!)
    for (const each of bases) {
      const found = keysOfAdjective(each, profile)
      if (found) return found.keys
    }
  }
  return []
}
