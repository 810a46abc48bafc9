import { knownKey } from '../catalogue/product-types.ts'
import { leadOf, modifierBefore, stemmedType } from '../catalogue/type-modifiers.ts'
import { nounPhrases } from '../lexicon/noun-phrases.ts'
import {
  acceptedTypes,
  isPartOf,
  lastSignsOf,
  type ProductTypeMention,
  productTypeMentions,
  specificWords,
} from '../lexicon/product-types.ts'
import { blanked } from '../text/blanked.ts'
import { occurrences } from '../text/occurrences.ts'
import { tokenize } from '../text/tokens.ts'
import { attributeMentions } from './column-mentions.ts'

/** What a question asks for by kind: only a bridge to what the catalogue has. */
export interface AskedProductTypes {
  /** Kinds of products that fit, all of them in the catalogue; empty where none is named, or all products are of it. */
  sold: string[]
  /** Whether a kind is named that the shop has. */
  named: boolean
  /** Named, but no product is one. */
  unsold: string[]
  /** Words for a narrower thing than the kind ("hoodie" for a jacket): what is called so comes first. */
  words: string[]
  /** Where they are named. */
  spans: [number, number][]
}

const onlyShare = 0.95

/** Heads of the noun phrases that say what is asked for: "desk" in "desk lamp" and "laptop" in "a mouse for my laptop" are none. */
export function headMentions(text: string): ProductTypeMention[] {
  const heads: ProductTypeMention[] = []
  const mentions = productTypeMentions(text)
  let lastAt = -1
  for (const [at, mention] of mentions.entries()) {
    if (isPartOf(text, mention)) continue
    const next = mentions[at + 1]
    const gap = next && text.slice(mention.end, next.start)
    if (gap !== undefined && nounPhrases.attributive.test(gap)) continue
    const last = heads.at(-1)
    const chinese = /\p{Script=Han}/u.test(mention.word)
    // Up to the compound parts of this one ("chairs and desk lamps").
    if (last && !nounPhrases.joint.test(text.slice(last.end, mentions[lastAt + 1]!.start))) {
      if (!chinese) continue
      heads.splice(-1, 1, mention)
      lastAt = at
      continue
    }
    const lead = nounPhrases.beside.exec(leadOf(text, mention.start))
    if (!chinese && lead && !nounPhrases.seeking.test(lead.groups?.verb ?? 'look')) continue
    heads.push(mention)
    lastAt = at
  }
  return heads
}

/** Which kinds of the catalogue a question asks for. `columns`: words that name columns here ("screen"), which are no kinds then. */
export function askedProductTypes(
  text: string,
  sold: Readonly<Record<string, number>>,
  columns: { has(word: string): boolean },
): AskedProductTypes {
  const found: AskedProductTypes = { sold: [], named: false, unsold: [], words: [], spans: [] }
  for (const mention of headMentions(text)) {
    const accepted = acceptedFor(mention, text, sold)
    if (accepted.length === 0 && columns.has(mention.word)) continue
    if (accepted.length > 0 && columns.has(mention.word) && sold[mention.id] === undefined) continue
    if (columns.has(mention.word) && !isAskedFor(text, mention)) continue
    if (accepted.length === 0) found.unsold.push(mention.word)
    else {
      found.spans.push([mention.start, mention.end])
      if (mention.word !== mention.id) found.words.push(mention.word)
    }
    found.sold.push(...accepted)
  }
  if (found.sold.length === 0 && found.unsold.length === 0) addOwn(text, sold, found)
  found.named = found.sold.length > 0
  found.sold = [...new Set(found.sold)]
  // A shop of one kind calls some of it otherwise ("Gaming"): then the kind tells nothing apart.
  const known = sold[knownKey] ?? 0
  const covered = found.sold.reduce((sum, kind) => sum + (sold[kind] ?? 0), 0)
  if (known > 0 && covered >= known * onlyShare && !found.sold.some(kind => kind.startsWith('~')))
    found.sold = []
  return found
}

/** A word that names a column as well is a kind only where things are counted or sought: "a screen under 300", "27 inch screens". */
function isAskedFor(text: string, { start, end }: ProductTypeMention): boolean {
  return nounPhrases.counted.test(leadOf(text, start)) || text[end - 1] === 's'
}

function acceptedFor(
  { id, word, start }: ProductTypeMention,
  text: string,
  sold: Readonly<Record<string, number>>,
): string[] {
  const specific =
    specificWords
      .get(word)
      ?.map(stemmedType)
      // "Gaming" may be a category by itself.
      .flatMap(kind => [kind, `~${kind.split(' ')[0]}`])
      .filter(kind => sold[kind] !== undefined) ?? []
  if (specific.length > 0) return specific
  const modifier = modifierBefore(text, start)
  const close = `${modifier} ${id}`
  if (modifier !== null && sold[close] !== undefined) return [close]
  return acceptedTypes(id).filter(kind => sold[kind] !== undefined)
}

const segmenter = new Intl.Segmenter('zh', { granularity: 'word' })

/** A thing of one sign counts as a word of its own, behind what describes it: "没有咖啡因的茶", not "可以喝茶吗". */
function unspacedSpan(text: string, kind: string): [number, number] | null {
  if (!/^\p{Script=Han}+$/u.test(kind)) return null
  const at = text.indexOf(kind)
  if (at < 0) return null
  if (kind.length > 1) return [at, at + kind.length]
  for (const { segment, index } of segmenter.segment(text))
    if (
      segment === `${kind}子` ||
      (segment === kind && (index === 0 || /[的些个款种么\s，,]$/u.test(text.slice(0, index))))
    )
      return [index, index + segment.length]
  return null
}

/** "箱子" of a "行李箱": where nothing that is sold is called by its whole name. */
function shortSpan(text: string, kind: string): [number, number] | null {
  for (const sign of lastSignsOf(kind)) {
    const span = unspacedSpan(text, sign)
    if (span) return span
  }
  return null
}

/** "材" of "耗材" stands in "材质" too. */
function isOneSign(kind: string): boolean {
  return /^~\p{Script=Han}$/u.test(kind)
}

function addOwn(text: string, sold: Readonly<Record<string, number>>, found: AskedProductTypes) {
  // What names a column is no kind.
  const plain = blanked(text, attributeMentions(text)).toLowerCase()
  const words = new Set(tokenize(plain))
  for (const kind of Object.keys(sold).sort((a, b) => b.length - a.length)) {
    const name = kind.startsWith('~') ? kind.slice(1) : null
    if (name === null) {
      const span = shortSpan(plain, kind)
      if (span) add(found, kind, [span])
    } else if (!found.sold.some(other => other.endsWith(name))) {
      const span = unspacedSpan(plain, name)
      if (span) add(found, kind, [span])
      else if (words.has(name) && !isOneSign(kind)) add(found, kind, occurrences(plain, name))
    }
  }
}

function add(found: AskedProductTypes, kind: string, spans: readonly [number, number][]): void {
  found.sold.push(kind)
  found.spans.push(...spans)
}
