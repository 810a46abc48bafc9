import type { Product } from '#protocol'
import { type Constraints, readConstraints } from '../../retrieval/constraints.ts'
import { contentTerms, isGeneralTerm } from '../../retrieval/vocabulary.ts'
import type { CatalogueDeps, Ranked, Shelf } from './types.ts'

/** Products looked at for words alone; more than anybody pages through. */
const wordHitsMax = 500
/** A product must have this share of the words' weight to be what they mean, where limits apply as well. */
const strongCoverage = 0.5

/** Of a product that meets the conditions asked for. */
const conditionScore = 0.8

export interface SearchRequest {
  query: string
  category?: string
  limit: number
  offset: number
}

export interface SearchResult {
  items: Ranked[]
  total: number
  constraints: Constraints
}

/** An exact id or name comes first; then what satisfies every condition of the query, by its words or its superlative. */
export async function searchProducts(
  deps: CatalogueDeps,
  shelf: Shelf,
  request: SearchRequest,
): Promise<SearchResult> {
  const { query, category, limit, offset } = request
  const constraints = readConstraints(query, shelf.profile)
  const { storage } = deps
  const find = (more: { ids?: string[]; limit: number; offset: number }) =>
    storage.find(shelf.version, {
      conditions: constraints.filters,
      category,
      order: constraints.sort ?? undefined,
      ...more,
    })
  const exact = await exactMatches(deps, shelf, request)
  if (exact.length > 0)
    return {
      ...paged(
        exact.map(product => ({ product, score: 1 })),
        request,
      ),
      constraints,
    }
  const conditional = constraints.filters.length > 0 || constraints.sort !== null
  const words = conditional || constraints.foreignCurrency ? constraints.rest : query
  const general = contentTerms(words).every(isGeneralTerm)
  const hits = general ? [] : await wordHits(deps, words)
  const strong = conditional ? hits.filter(hit => hit.coverage >= strongCoverage) : hits
  const ids = strong.map(hit => hit.source_id)
  const matching = await find({ ids, limit: wordHitsMax, offset: 0 })
  if (matching.total > 0 || !(conditional || general)) {
    const scores = new Map(strong.map(hit => [hit.source_id, conditional ? conditionScore : hit.score]))
    const ranked = matching.items.map(product => ({ product, score: scores.get(product.id) ?? 0 }))
    // By words, then; the sort is stable, so that a superlative keeps its order.
    const ordered = constraints.sort ? ranked : inOrder(ranked, ids)
    return { ...paged(ordered, request), constraints }
  }
  const { items, total } = await find({ limit, offset })
  return { items: items.map(product => ({ product, score: conditionScore })), total, constraints }
}

async function exactMatches(
  deps: CatalogueDeps,
  shelf: Shelf,
  { query, category }: SearchRequest,
): Promise<Product[]> {
  const asked = query.trim()
  const [byId] = await deps.storage.byIds(shelf.version, [asked])
  const named = await deps.storage.byNameOrUrl(shelf.version, asked, wordHitsMax)
  const found = byId ? [byId, ...named.filter(product => product.id !== byId.id)] : named
  return found.filter(
    product => category === undefined || product.category?.toLowerCase() === category.toLowerCase(),
  )
}

export async function wordHits(deps: CatalogueDeps, words: string) {
  if (contentTerms(words).every(isGeneralTerm)) return []
  return await deps.searchPassages({ query: words, source: 'product', limit: wordHitsMax })
}

function inOrder(ranked: Ranked[], ids: string[]): Ranked[] {
  const places = new Map(ids.map((id, place) => [id, place]))
  return ranked.sort((a, b) => (places.get(a.product.id) ?? 0) - (places.get(b.product.id) ?? 0))
}

function paged(ranked: Ranked[], { limit, offset }: SearchRequest) {
  return { items: ranked.slice(offset, offset + limit), total: ranked.length }
}
