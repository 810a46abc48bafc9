import { accessoryNounsEn, productTypesEn } from './product-types.en.ts'
import { accessoryNounsZh, productTypesZh, specificWordsZh } from './product-types.zh.ts'

export type ProductTypeId = keyof typeof productTypesEn
/** What a language calls things; words and phrases are separated by "|". */
export type ProductTypeWords = Readonly<Record<ProductTypeId, string>>

/** Where a text names a type of thing. */
export interface ProductTypeMention {
  id: string
  /** As written, lower case. */
  word: string
  start: number
  end: number
}

/** Narrower types that asking for one accepts. */
const narrower: Partial<ProductTypeWords> = {
  laptop: 'ultrabook netbook chromebook macbook',
  computer: 'laptop desktop tablet',
  headphone: 'earbud',
  lamp: 'bulb lantern',
  chair: 'stool armchair',
  table: 'desk',
  bag: 'backpack suitcase',
  shoe: 'boot sandal',
  dress: 'skirt',
}

const ids = Object.keys(productTypesEn) as ProductTypeId[]
/** The types that asking for one accepts, itself first. */
const accepted: ReadonlyMap<string, readonly string[]> = new Map(
  ids.map(id => [id, [id, ...(narrower[id]?.split(' ') ?? [])]]),
)
const idByWord = new Map<string, string>()
for (const id of ids)
  for (const word of [id, productTypesEn[id], productTypesZh[id] ?? ''].flatMap(words => words.split('|')))
    if (word && !idByWord.has(word.toLowerCase())) idByWord.set(word.toLowerCase(), id)

const longestFirst = [...idByWord.keys()].sort((a, b) => b.length - a.length)
const latin = longestFirst.filter(word => /^[a-z]/.test(word)).join('|')
const dense = longestFirst.filter(word => !/^[a-z]/.test(word)).join('|')
/** "Light" is a noun as "lights", behind an article or a place, and in "light bar". */
const lights = String.raw`lights|(?<=\b(?:an?|the|desk|night|table|floor|reading|bedside|wall|ceiling|monitor|led) )light(?! (?:${latin})|[a-z]|\s+(?:and|but|enough|weight))|light(?= bar)`
const named = new RegExp(
  String.raw`(?<![\p{Ll}\p{N}-])(?<word>${latin})(?:e?s)?(?![\p{Ll}\p{N}])|(?<light>${lights})\b|(?<han>(?<!红绿)(?:${dense})(?!面板|头|光|单|号))`,
  'giu',
)

const accessory = new RegExp(
  String.raw`^(?:['’]s|s)?[\s-]*(?:${accessoryNounsEn})(?:e?s)?\b|^(?:${accessoryNounsZh})`,
  'iu',
)

/** Whether what stands behind a mention makes it a part, or a thing for it: a watch case is no watch. */
export function isPartOf(text: string, { end }: ProductTypeMention): boolean {
  return accessory.test(text.slice(end, end + 40))
}

/** The types a text names, in order. */
export function productTypeMentions(text: string): ProductTypeMention[] {
  const found: ProductTypeMention[] = []
  for (const match of text.toLowerCase().matchAll(named)) {
    const { word, light, han } = match.groups!
    const id = light ? 'lamp' : idByWord.get((word ?? han)!)!
    found.push({ id, word: word ?? han ?? 'light', start: match.index, end: match.index + match[0].length })
  }
  return found
}

/** The types that asking for one accepts. */
export function acceptedTypes(id: string): readonly string[] {
  return accepted.get(id) ?? [id]
}

const lastSigns: ReadonlyMap<string, ReadonlySet<string>> = new Map(
  ids.map(id => [
    id,
    new Set(
      [...idByWord]
        .filter(([word, type]) => type === id && /\p{Script=Han}$/u.test(word))
        .map(([word]) => word.at(-1)!),
    ),
  ]),
)

/** The signs that Chinese words for a type end in, by which people call it for short: "箱子" is a suitcase where those are sold. */
export function lastSignsOf(id: string): ReadonlySet<string> {
  return lastSigns.get(id) ?? new Set()
}

/** Chinese words that say more than the type, as English catalogues say it. */
export const specificWords: ReadonlyMap<string, readonly string[]> = new Map(specificWordsZh)

/** Whether the table has it: a catalogue has others of its own. */
export function isKnownType(id: string): boolean {
  return accepted.has(id)
}

export function widerTypes(id: string): string[] {
  return [...accepted].filter(([wider, types]) => wider !== id && types.includes(id)).map(([wider]) => wider)
}
