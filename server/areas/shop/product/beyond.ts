import type { Product } from '#protocol'
import { orderBy, sortValue } from '../../../answering/retrieval/catalogue/satisfies.ts'
import { informativeTerms } from '../../../answering/retrieval/lexicon/informative.ts'
import type { NumberFilter, TextFilter } from '../../../answering/retrieval/question/constraints.ts'
import type { Reading } from '../../../answering/retrieval/question/reading.ts'
import { comparedSort, type Sort } from '../../../answering/retrieval/question/superlatives.ts'
import type { ActiveCatalogue } from '../catalogue/ports.ts'
import type { ProductDeps } from './deps.ts'

/** "A cheaper one" says no more than how it shall be. */
const termsMax = 2
const foundMax = 50

/** "Is there a cheaper one?", "有大一点的吗": by which column something beyond what is meant is sought; null where none is. */
export function relativeSort({ asks, text }: Reading, { profile }: ActiveCatalogue): Sort | null {
  const isSought = (asks.products || asks.anything || asks.wish) && !asks.refersToSeveral
  return isSought && informativeTerms(text).length <= termsMax ? comparedSort(text, profile) : null
}

/** Products of the same category beyond one, the nearest first, and the limit that they keep; null where it has no such number. */
export async function productsBeyond(
  { storage }: ProductDeps,
  { version }: ActiveCatalogue,
  { meant, sort }: { meant: Product; sort: Sort },
): Promise<{ products: Product[]; filter: NumberFilter } | null> {
  const value = sortValue(meant, sort)
  if (value === null || meant.category === null) return null
  const isLower = sort.direction === 'ascending'
  const filter: NumberFilter = {
    kind: 'number',
    key: sort.key,
    figure: sort.figure,
    min: isLower ? null : value,
    max: isLower ? value : null,
    above: !isLower,
    below: isLower,
    currency: null,
  }
  const category: TextFilter = { kind: 'text', key: 'category', values: [meant.category], exclude: false }
  const { items } = await storage.find(version, {
    conditions: [category, filter],
    limit: foundMax,
    offset: 0,
  })
  const nearestFirst = { ...sort, direction: isLower ? 'descending' : 'ascending' } as const
  return { products: orderBy(items, nearestFirst, product => product), filter }
}
