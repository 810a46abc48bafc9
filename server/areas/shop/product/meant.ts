import type { Product } from '#protocol'
import { asking } from '../../../answering/retrieval/lexicon/asking.ts'
import { namesService } from '../../../answering/retrieval/lexicon/synonyms.ts'
import { comparedKeys } from '../../../answering/retrieval/question/column-mentions.ts'
import { readConstraints } from '../../../answering/retrieval/question/constraints.ts'
import type { Reading } from '../../../answering/retrieval/question/reading.ts'
import { LruCache } from '../../../answering/retrieval/text/lru-cache.ts'
import { waitForTurn } from '../../../core/turns.ts'
import type { ActiveCatalogue } from '../catalogue/ports.ts'
import { namedProducts, pageProduct } from './by-name.ts'
import type { ProductDeps } from './deps.ts'
import { comparedOfKind } from './of-kind.ts'
import { searchByMeaning } from './search.ts'

/** How many earlier questions, and products of one name, are looked at. */
const earlierMax = 4

/**
 * "This one" is that of the page; else what the latest question that meant one did: named, as the winner of a superlative,
 * or shown first of those that were asked for. "Which of the two" means both.
 */
export async function meantBefore(
  deps: ProductDeps,
  catalogue: ActiveCatalogue,
  { text, context, earlier, asks }: Reading,
): Promise<Product[]> {
  const page = await pageProduct(deps, catalogue, context)
  if (page && asks.pointsAtPage) return [page]
  const meant: Product[] = []
  for (const before of earlier.slice(-earlierMax).reverse()) {
    await waitForTurn(before.length)
    const found = await meantBy(deps, catalogue, before)
    const first = asks.refersToSeveral ? found : found.slice(0, countOf(found))
    meant.push(...first.filter(product => !meant.some(({ id }) => id === product.id)))
    if (meant.length > 1 || (meant.length > 0 && !asks.refersToSeveral && !isCompared(text, catalogue)))
      return meant
  }
  return meant.length > 0 ? meant : page ? [page] : []
}

function isCompared(text: string, { profile }: ActiveCatalogue): boolean {
  return comparedKeys(text, profile).length > 0
}

/** Several of one name are one thing. */
function countOf(found: readonly Product[]): number {
  return found.filter(({ name }) => name === found[0]?.name).length
}

/** Of the questions before a follow-up, which are asked about again with every follow-up. */
const meanings = new WeakMap<ActiveCatalogue, LruCache<Meaning>>()
const meaningsMax = 500
/** What products are found by may be made anew without another version of them. */
const meaningMs = 60_000

interface Meaning {
  products: Promise<Product[]> | null
  readAt: number
}

function meantBy(deps: ProductDeps, catalogue: ActiveCatalogue, before: string): Promise<Product[]> {
  const cached = meanings.get(catalogue) ?? new LruCache<Meaning>(meaningsMax)
  meanings.set(catalogue, cached)
  const meaning = cached.get(before, (): Meaning => ({ products: null, readAt: 0 }))
  const now = performance.now()
  if (meaning.products && now - meaning.readAt < meaningMs) return meaning.products
  meaning.readAt = now
  meaning.products = findMeant(deps, catalogue, before)
  meaning.products.catch(() => {
    meaning.products = null
  })
  return meaning.products
}

async function findMeant(deps: ProductDeps, catalogue: ActiveCatalogue, before: string): Promise<Product[]> {
  const named = await namedProducts(deps, catalogue, before)
  const isComparison = asking.cues.comparison.test(before)
  if (named.length > 0 && !isComparison) return named.slice(0, earlierMax)
  const constraints = readConstraints(before, catalogue.profile)
  const compared = isComparison ? await comparedOfKind(deps, catalogue, constraints) : []
  if (compared.length > 1 && named.every(one => compared.some(({ id }) => id === one.id))) return compared
  if (named.length > 0) return named.slice(0, earlierMax)
  const { productTypes, filters, sort, askedKeys } = constraints
  const { wish, anything } = asking.cues
  const isSearch =
    productTypes.named ||
    sort !== null ||
    filters.length > 0 ||
    (askedKeys.length === 0 && (wish.test(before) || anything.test(before)))
  if (!isSearch || (namesService(before) && !productTypes.named)) return []
  const limit = sort ? 1 : earlierMax
  const { items } = await searchByMeaning(deps, catalogue, { query: before, limit, offset: 0 }, constraints)
  return items.map(({ product }) => product)
}
