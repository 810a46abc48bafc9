import type { Product } from '#protocol'
import { isStopWord } from '../lexicon/attributes.ts'
import { kindTable, specificWords } from '../lexicon/product-types.ts'
import { occurrences } from '../text/occurrences.ts'
import { tokenize } from '../text/tokens.ts'
import { unitNamed } from '../text/units.ts'

interface Kind {
  id: string
  /** The kinds that asking for this one accepts: itself first. */
  accepts: readonly string[]
}

/** Where a text names a kind of thing. */
export interface ProductTypeMention {
  id: string
  /** As written, lower case. */
  word: string
  start: number
  end: number
}

/** What a question asks for by kind: only a bridge to what the catalogue has. */
export interface AskedProductTypes {
  /** Kinds of products that fit, all of them in the catalogue; empty where none is named, or all products are of it. */
  sold: string[]
  /** Whether a kind is named that the shop has. */
  named: boolean
  /** Named, but no product is one. */
  unsold: string[]
  /** Where they are named. */
  spans: [number, number][]
}

/** Counts the products of any kind of the table, among the counts of the kinds. */
const knownKey = ''
const onlyShare = 0.95
const countedMax = 1000

/** Counts how many products there are of each kind. */
export function countProductTypes() {
  const counts = new Map<string, number>([[knownKey, 0]])
  return {
    add(found: readonly string[]): void {
      for (const kind of found) counts.set(kind, (counts.get(kind) ?? 0) + 1)
      if (found.some(kind => table.kinds.has(kind))) counts.set(knownKey, counts.get(knownKey)! + 1)
    },
    counts: (): Record<string, number> => Object.fromEntries([...counts].slice(0, countedMax)),
  }
}

function readTable() {
  const kinds = new Map<string, Kind>()
  const words = new Map<string, string>()
  for (const line of kindTable.trim().split('\n')) {
    const [names, narrower] = line.split(' > ')
    const [first, ...phrases] = names!.split('|')
    // The first part is a row of single words, but for kinds that only have phrases.
    const singles = phrases.length > 0 && / (?:machine|bag)$/.test(first!) ? [first!] : first!.split(' ')
    const id = singles[0]!
    kinds.set(id, { id, accepts: [id, ...(narrower?.split(' ') ?? [])] })
    for (const word of [...singles, ...phrases])
      if (!words.has(word.toLowerCase())) words.set(word.toLowerCase(), id)
  }
  return { kinds, words }
}

const table: { kinds: ReadonlyMap<string, Kind>; words: ReadonlyMap<string, string> } = readTable()
const longestFirst = [...table.words.keys()].sort((a, b) => b.length - a.length)
const latin = longestFirst.filter(word => /^[a-z]/.test(word)).join('|')
const dense = longestFirst.filter(word => !/^[a-z]/.test(word)).join('|')
/** "Light" is a noun as "lights", behind an article or a place, and in "light bar". */
const lights = String.raw`lights|(?<=\b(?:an?|the|desk|night|table|floor|reading|bedside|wall|ceiling|monitor|led) )light(?! (?:${latin})|[a-z]|\s+(?:and|but|enough|weight))|light(?= bar)`
const named = new RegExp(
  String.raw`(?<![\p{Ll}\p{N}-])(?<word>${latin})(?:e?s)?(?![\p{Ll}\p{N}])|(?<light>${lights})\b|(?<han>(?<!红绿)(?:${dense})(?!面板|头|光|单|号))`,
  'giu',
)

/** The kinds a text names, in order. */
export function productTypeMentions(text: string): ProductTypeMention[] {
  const found: ProductTypeMention[] = []
  for (const match of text.toLowerCase().matchAll(named)) {
    const { word, light, han } = match.groups!
    const id = light ? 'lamp' : table.words.get((word ?? han)!)!
    found.push({ id, word: word ?? han ?? 'light', start: match.index, end: match.index + match[0].length })
  }
  return found
}

/** The kinds that asking for one accepts. */
export function acceptedTypes(id: string): readonly string[] {
  return table.kinds.get(id)?.accepts ?? [id]
}

const compoundGap = /^[\s-]?$/
const jointGap =
  /^\s*(?:,|，|、|\/|&|和|或|或者|及|与|还是|以及|(?:,\s*)?(?:and|or|vs\.?|versus)\b)\s*(?:(?:an?|the|some|any)\s+)?(?:[\p{Ll}-]+\s+){0,1}$/iu
/** "A sleeve for my laptop", "a hub with a keyboard": what comes behind is not what is asked for. */
const beside =
  /(?:^|\s)(?<verb>[\p{Ll}]+)?\s*\b(?:for|with|of|to|on|under|fits?|behind|beside)\s+(?:(?:an?|the|my|our|your|his|her|their|this|that|another|any|two|both)\s+)?(?:[\p{L}\p{N}-]+\s+){0,2}$/iu
const seeks =
  /^(?:look|looking|search|searching|shopping|hunting|asking|ask|shop|go|market|kinds?|types?|sorts?|range|selection|which|any|all|some|most|one|need|price|prices|list|choice)$/i

/** Heads of the noun phrases that say what is asked for: "desk" in "desk lamp" and "laptop" in "a mouse for my laptop" are none. */
export function headMentions(text: string): ProductTypeMention[] {
  const heads: ProductTypeMention[] = []
  const mentions = productTypeMentions(text)
  let lastAt = -1
  for (const [at, mention] of mentions.entries()) {
    const next = mentions[at + 1]
    const gap = next && text.slice(mention.end, next.start)
    if (gap !== undefined && (compoundGap.test(gap) || gap.startsWith('的'))) continue
    const last = heads.at(-1)
    const chinese = /\p{Script=Han}/u.test(mention.word)
    // Up to the compound parts of this one ("chairs and desk lamps").
    if (last && !jointGap.test(text.slice(last.end, mentions[lastAt + 1]!.start))) {
      if (!chinese) continue
      heads.splice(-1, 1, mention)
      lastAt = at
      continue
    }
    const lead = beside.exec(leadOf(text, mention.start))
    if (!chinese && lead && !seeks.test(lead.groups?.verb ?? 'look')) continue
    heads.push(mention)
    lastAt = at
  }
  return heads
}

/** As far back as what stands before a word changes what it means. */
const leadMax = 120

function leadOf(text: string, start: number): string {
  return text.slice(Math.max(0, start - leadMax), start)
}

/** The kinds a product is of, "lamp", and more closely "desk lamp", as its category, its name and the beginning of its description say. */
export function productTypesOf({
  name,
  category,
  short_description,
}: Pick<Product, 'name' | 'category' | 'short_description'>): string[] {
  const clause = short_description.split(/[,.;:，。；：]|\b(?:that|which|with|for|of|to|at|in|from)\b/i)[0]!
  const byCategory = (category ?? '')
    .split(/\s*(?:[&/,、，+]|\band\b|和|与)\s*/i)
    .flatMap(part => productTypeMentions(part).slice(-1))
  const productsNamedIn = productTypeMentions(name).slice(-1)
  const byClause = productTypeMentions(clause).slice(-1)
  const ofCategory = new Set(byCategory.map(mention => mention.id))
  const own = [...productsNamedIn, ...byClause].filter(
    ({ id }) => ofCategory.size === 0 || ofCategory.has(id) || isNarrower(id, ofCategory),
  )
  const ids = new Set(ofCategory.size > 1 && own.length > 0 ? [] : ofCategory)
  for (const { id } of own) ids.add(id)
  for (const id of ids)
    if (ids.has(id)) for (const wider of widerOf(id)) if (ofCategory.has(wider)) ids.add(wider)
  const found = new Set(ids)
  for (const part of [name, clause, category ?? '']) for (const close of closer(part, ids)) found.add(close)
  if (ids.size === 0) for (const term of ownHeads(name, category, clause)) found.add(term)
  return [...found]
}

function isNarrower(id: string, wider: ReadonlySet<string>): boolean {
  return widerOf(id).some(other => wider.has(other))
}

function widerOf(id: string): string[] {
  return [...table.kinds.values()]
    .filter(kind => kind.id !== id && kind.accepts.includes(id))
    .map(kind => kind.id)
}

/** "desk lamp", "gaming laptop": a kind with the word in front of it. */
function closer(text: string, ids: ReadonlySet<string>): string[] {
  return productTypeMentions(text).flatMap(({ id, word, start }) => {
    if (!ids.has(id)) return []
    const specific = specificWords.get(word)
    if (specific) return specific.map(stemmed)
    const modifier = modifierBefore(text, start)
    return modifier ? [`${modifier} ${id}`] : []
  })
}

/** "table lamp" -> "tabl lamp": as kinds are kept. */
function stemmed(kind: string): string {
  const [modifier, id] = kind.split(' ')
  return `${tokenize(modifier!)[0]} ${id}`
}

function modifierBefore(text: string, start: number): string | null {
  if (!/[\s-]/.test(text[start - 1] ?? '')) return null
  const word = /[\p{L}\p{N}]+$/u.exec(leadOf(text, start - 1))?.[0]
  if (!word || !/^\p{Ll}{3,}$/iu.test(word) || isStopWord(word.toLowerCase()) || unitNamed(word)) return null
  return tokenize(word)[0] ?? null
}

/** Of things the table does not know: the last word of the category's parts, and of the name where the description says it too. */
function ownHeads(name: string, category: string | null, clause: string): string[] {
  const heads = (category ?? '')
    .split(/\s*(?:[&/,、，+]|\band\b)\s*/i)
    .flatMap(part => tokenize(lastWord(part)).slice(0, 1))
  const [own] = tokenize(lastWord(name))
  if (own !== undefined && own === tokenize(lastWord(clause))[0]) heads.push(own)
  return heads.map(term => `~${term}`)
}

function lastWord(text: string): string {
  return /([\p{L}]{3,})[^\p{L}\p{N}]*$/u.exec(text)?.[1] ?? ''
}

/** Which kinds of the catalogue a question asks for. `columns`: words that name columns here ("screen"), which are no kinds then. */
export function askedProductTypes(
  text: string,
  sold: Readonly<Record<string, number>>,
  columns: { has(word: string): boolean },
): AskedProductTypes {
  const found: AskedProductTypes = { sold: [], named: false, unsold: [], spans: [] }
  for (const mention of headMentions(text)) {
    const accepted = acceptedFor(mention, text, sold)
    if (accepted.length === 0 && columns.has(mention.word)) continue
    if (accepted.length > 0 && columns.has(mention.word) && sold[mention.id] === undefined) continue
    if (columns.has(mention.word) && !isAskedFor(text, mention)) continue
    if (accepted.length === 0) found.unsold.push(mention.word)
    else found.spans.push([mention.start, mention.end])
    found.sold.push(...accepted)
  }
  if (found.sold.length === 0 && found.unsold.length === 0) addOwn(text, sold, found)
  found.named = found.sold.length > 0
  found.sold = [...new Set(found.sold)]
  // A shop of one kind calls some of it otherwise ("Gaming"): then the kind tells nothing apart.
  const covered = found.sold.reduce((sum, kind) => sum + (sold[kind] ?? 0), 0)
  if (covered >= (sold[knownKey] ?? 0) * onlyShare) found.sold = []
  return found
}

/** A word that names a column as well is a kind only where things are counted or sought: "a screen under 300", "27 inch screens". */
function isAskedFor(text: string, { start, end }: ProductTypeMention): boolean {
  return (
    /(?:\b(?:an?|any|which|your|cheapest|show|sell|buy|best)\s|有|哪款|哪个|哪台|便宜的)$/i.test(
      leadOf(text, start),
    ) || text[end - 1] === 's'
  )
}

function acceptedFor(
  { id, word, start }: ProductTypeMention,
  text: string,
  sold: Readonly<Record<string, number>>,
): string[] {
  const specific =
    specificWords
      .get(word)
      ?.map(stemmed)
      // "Gaming" may be a category by itself.
      .flatMap(kind => [kind, `~${kind.split(' ')[0]}`])
      .filter(kind => sold[kind] !== undefined) ?? []
  if (specific.length > 0) return specific
  const modifier = modifierBefore(text, start)
  const close = `${modifier} ${id}`
  if (modifier !== null && sold[close] !== undefined) return [close]
  return table.kinds.get(id)!.accepts.filter(kind => sold[kind] !== undefined)
}

function addOwn(text: string, sold: Readonly<Record<string, number>>, found: AskedProductTypes) {
  const plain = text.toLowerCase()
  const asked = new Set(tokenize(plain))
  for (const kind of Object.keys(sold))
    if (kind.startsWith('~') && asked.has(kind.slice(1))) {
      found.sold.push(kind)
      found.spans.push(...occurrences(plain, kind.slice(1)))
    }
}
