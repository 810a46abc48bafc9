import type { Product } from '#protocol'
import {
  isKnownType,
  isPartOf,
  type ProductTypeMention,
  productTypeMentions,
  specificWords,
  widerTypes,
} from '../lexicon/product-types.ts'
import { tokenize } from '../text/tokens.ts'
import { modifierBefore, stemmedType } from './type-modifiers.ts'

/** Counts the products of any kind of the table, among the counts of the kinds. */
export const knownKey = ''
const countedMax = 1000

/** Counts how many products there are of each kind. */
export function countProductTypes() {
  const counts = new Map<string, number>([[knownKey, 0]])
  return {
    add(found: readonly string[]): void {
      for (const kind of found) counts.set(kind, (counts.get(kind) ?? 0) + 1)
      if (found.some(kind => isKnownType(kind))) counts.set(knownKey, counts.get(knownKey)! + 1)
    },
    counts: (): Record<string, number> => Object.fromEntries([...counts].slice(0, countedMax)),
  }
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
    .flatMap(part => headOf(part))
  const productsNamedIn = headOf(name)
  const byClause = headOf(clause)
  const ofCategory = new Set(byCategory.map(mention => mention.id))
  const own = [...productsNamedIn, ...byClause].filter(
    ({ id }) => ofCategory.size === 0 || ofCategory.has(id) || isNarrower(id, ofCategory),
  )
  const ids = new Set(ofCategory.size > 1 && own.length > 0 ? [] : ofCategory)
  for (const { id } of own) ids.add(id)
  for (const id of ids)
    if (ids.has(id)) for (const wider of widerTypes(id)) if (ofCategory.has(wider)) ids.add(wider)
  const found = new Set(ids)
  for (const part of [name, clause, category ?? '']) for (const close of closer(part, ids)) found.add(close)
  if (ids.size === 0) for (const term of ownHeads(name, category, clause)) found.add(term)
  // A drill is a power tool as well, whatever the table calls it.
  else if (/\p{L}\s+\p{L}/u.test(category ?? ''))
    for (const term of ownHeads('', category, '')) found.add(term)
  return [...found]
}

/** The last thing a text names, unless it is only what the thing is for: a watch case is no watch. */
function headOf(text: string): ProductTypeMention[] {
  const last = productTypeMentions(text).slice(-1)
  return last.filter(mention => !isPartOf(text, mention))
}

function isNarrower(id: string, wider: ReadonlySet<string>): boolean {
  return widerTypes(id).some(other => wider.has(other))
}

/** "desk lamp", "gaming laptop": a kind with the word in front of it. */
function closer(text: string, ids: ReadonlySet<string>): string[] {
  return productTypeMentions(text).flatMap(({ id, word, start }) => {
    if (!ids.has(id)) return []
    const specific = specificWords.get(word)
    if (specific) return specific.map(stemmedType)
    const modifier = modifierBefore(text, start)
    return modifier ? [`${modifier} ${id}`] : []
  })
}

/** Of things the table does not know: the last word of the category's parts, and of the name where the description says it too. */
function ownHeads(name: string, category: string | null, clause: string): string[] {
  const heads = (category ?? '')
    .split(/\s*(?:[&/,、，+]|\band\b)\s*/i)
    .flatMap(part => tokenize(lastWord(part)).slice(0, 1))
  for (const part of (category ?? '').split(/[&/,、，+和与]/))
    if (/^\p{Script=Han}{2,6}$/u.test(part.trim())) heads.push(...unspacedHeads(part.trim()))
  const shared = sharedEnding(category ?? '', name)
  if (shared) heads.push(shared)
  const [own] = tokenize(lastWord(name))
  if (own !== undefined && own === tokenize(lastWord(clause))[0]) heads.push(own)
  return heads.map(term => `~${term}`)
}

const collective = /(?:用品|用具|具|类|品)$/u

/** "厨房用具" and "厨房", "红茶" and "茶", which counts where it stands alone (see namesUnspaced). */
function unspacedHeads(category: string): string[] {
  const plain = category.replace(collective, '')
  if (plain !== category) return plain.length > 1 ? [plain, category] : [category]
  return [category, category.at(-1)!]
}

/** "手环" of "智能手环" and "脉动手环". */
function sharedEnding(category: string, name: string): string | null {
  let length = 0
  while (length < category.length && category.at(-1 - length) === name.at(-1 - length)) length++
  const shared = length > 1 ? category.slice(-length) : ''
  return /^\p{Script=Han}{2,6}$/u.test(shared) && shared !== category ? shared : null
}

function lastWord(text: string): string {
  return /([\p{L}]{3,})[^\p{L}\p{N}]*$/u.exec(text)?.[1] ?? ''
}
