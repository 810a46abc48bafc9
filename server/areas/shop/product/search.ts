import { type Product, toPage } from '#protocol'
import { asking } from '../../../answering/retrieval/lexicon/asking.ts'
import { isGeneralTerm } from '../../../answering/retrieval/lexicon/informative.ts'
import { functionWords, isStopTerm } from '../../../answering/retrieval/lexicon/stopwords.ts'
import { type Constraints, readConstraints } from '../../../answering/retrieval/question/constraints.ts'
import { isExcluded, saysItHasNone } from '../../../answering/retrieval/question/exclusions.ts'
import { tokenize } from '../../../answering/retrieval/text/tokens.ts'
import type { ActiveCatalogue } from '../catalogue/ports.ts'
import type { ProductDeps, ProductHandlers, Ranked } from './deps.ts'

/** Products looked at for words alone; more than anybody pages through. */
const wordHitsMax = 500
/** A product must have this share of the words' weight to be what they mean, where limits apply as well. */
const strongCoverage = 0.5
/** or this where nothing else says that products are meant. */
const aloneCoverage = 0.6

/** Of a product that meets the conditions asked for. */
const conditionScore = 0.8
/** Of a product that is of the kind asked for, while nothing says the rest of it. */
const productTypeScore = 0.45
const wordsOf = /\p{Script=Han}+|(?:(?!\p{Script=Han})[\p{L}\p{N}\p{M}._'’+#/-])+/gu

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

export function searchHandler(deps: ProductDeps): ProductHandlers['product:search'] {
  return async ({ query, category, page, page_size }) => {
    const current = await deps.readActive()
    if (!current) return toPage([], 0, { page, page_size })
    const request = { limit: page_size, offset: (page - 1) * page_size }
    if (query.trim() === '') {
      const { items, total } = await deps.storage.find(current.version, { category, ...request })
      return toPage(items, total, { page, page_size })
    }
    const { items, total } = await searchProducts(deps, current, { query, category, ...request })
    return toPage(
      items.map(({ product, score }) => ({ ...product, score })),
      total,
      { page, page_size },
    )
  }
}

/** An exact id or name comes first; then what the query means. */
export async function searchProducts(
  deps: ProductDeps,
  catalogue: ActiveCatalogue,
  request: SearchRequest,
): Promise<SearchResult> {
  const exact = await exactMatches(deps, catalogue, request)
  if (exact.length === 0) return searchByMeaning(deps, catalogue, request)
  const ranked = exact.map(product => ({ product, score: 1 }))
  return { ...paged(ranked, request), constraints: readConstraints(request.query, catalogue.profile) }
}

/**
 * What satisfies every condition of the query and is of the kind it names, by its words or its superlative. Words that no
 * product has are passed over only where a kind or "anything" says what is wanted. An amount that may be of something else
 * ("for my 15 inch laptop") is given up where nothing satisfies it, and said to be unchecked.
 */
export async function searchByMeaning(
  deps: ProductDeps,
  catalogue: ActiveCatalogue,
  request: SearchRequest,
  constraints = readConstraints(request.query, catalogue.profile),
): Promise<SearchResult> {
  const found = await searchBy(deps, catalogue, request, constraints)
  const loose = constraints.filters.flatMap(filter =>
    filter.kind === 'number' && filter.loose ? [filter.loose] : [],
  )
  if (found.total > 0 || loose.length === 0) return found
  const filters = constraints.filters.filter(filter => !(filter.kind === 'number' && filter.loose))
  return searchBy(deps, catalogue, request, {
    ...constraints,
    filters,
    unknown: [...constraints.unknown, ...loose],
  })
}

async function searchBy(
  deps: ProductDeps,
  catalogue: ActiveCatalogue,
  { query, category, limit, offset }: SearchRequest,
  constraints: Constraints,
): Promise<SearchResult> {
  const { filters, sort, productTypes, excluded } = constraints
  const nothing = { items: [], total: 0, constraints }
  if (productTypes.unsold.length > 0 && !productTypes.named) return nothing
  const findAll = async (range: { ids?: string[]; limit: number; offset: number }) => {
    const { items, total } = await deps.storage.find(catalogue.version, {
      conditions: filters,
      kinds: productTypes.sold,
      category,
      order: sort ?? undefined,
      ...range,
    })
    const left = items.filter(product => !isExcluded(product, excluded))
    // Where some say that they have none of it, the silence of others is no word.
    const free = left.filter(product => saysItHasNone(product, excluded))
    return { items: free.length > 0 ? free : left, total }
  }
  const conditional = filters.length > 0 || sort !== null || excluded.length > 0
  const limited = conditional || productTypes.named
  const words = informativeWords(limited || constraints.foreignCurrency ? constraints.rest : query)
  const hits = words === '' ? [] : await wordHits(deps, words)
  const strong = hits.filter(hit => hit.coverage >= (limited ? strongCoverage : aloneCoverage))
  const ids = strong.map(hit => hit.source_id)
  const { items } = await findAll({ ids, limit: wordHitsMax, offset: 0 })
  if (items.length > 0) {
    const scores = new Map(strong.map(hit => [hit.source_id, limited ? conditionScore : hit.score]))
    const ranked = items.map(product => ({ product, score: scores.get(product.id) ?? 0 }))
    // By words, then; the sort is stable, so that a superlative keeps its order.
    return { ...paged(sort ? ranked : inOrder(ranked, ids), { limit, offset }), constraints }
  }
  if (words !== '' && !productTypes.named && !(conditional && asking.cues.anything.test(query)))
    return nothing
  const score = words === '' || conditional ? conditionScore : productTypeScore
  const scored = (products: Product[]) => products.map(product => ({ product, score }))
  // What is ruled out, and how things are called, is not known to the database: as many more are looked at.
  if (excluded.length > 0 || productTypes.words.length > 0) {
    const { items } = await findAll({ limit: wordHitsMax, offset: 0 })
    const called = calledSo(items, productTypes.words)
    // Of more that are all called so the database knows the count.
    if (excluded.length > 0 || called.length < wordHitsMax)
      return { ...paged(scored(called), { limit, offset }), constraints }
  }
  const found = await findAll({ limit, offset })
  return { items: scored(found.items), total: found.total, constraints }
}

/** Those that are called as they were asked for ("hoodie"), where there are such; else all of the kind. */
export function calledSo(products: Product[], words: readonly string[]): Product[] {
  const terms = words.map(word => tokenize(word))
  const called = products.filter(({ name, category }) => {
    const text = `${name} ${category ?? ''}`
    const own = new Set(tokenize(text))
    const joined = tokenize(text.replace(/(?<=\p{L})-(?=\p{L})/gu, ''))
    return terms.some(each => each.length > 0 && each.every(term => own.has(term) || joined.includes(term)))
  })
  return called.length > 0 ? called : products
}

/** The words of a query that choose a product: not those of any shop or any question. */
function informativeWords(text: string): string {
  const words = text.match(wordsOf) ?? []
  return words
    .flatMap(word =>
      /\p{Script=Han}/u.test(word) ? informativePartsOf(word) : isInformative(tokenize(word)) ? [word] : [],
    )
    .join(' ')
}

/** A Chinese text without its words that tell nothing. */
function informativePartsOf(text: string): string[] {
  const others = tokenize(text).filter(term => !isInformative([term]))
  return others
    .sort((a, b) => b.length - a.length)
    .reduce((rest, term) => rest.replaceAll(term, ' '), text)
    .split(' ')
    .filter(Boolean)
}

function isInformative(terms: readonly string[]): boolean {
  return terms.some(
    term =>
      !/^\d+(?:\.\d+)?$/.test(term) && !isStopTerm(term) && !isGeneralTerm(term) && !functionWords.has(term),
  )
}

async function exactMatches(
  deps: ProductDeps,
  catalogue: ActiveCatalogue,
  { query, category }: SearchRequest,
): Promise<Product[]> {
  const text = query.trim()
  const [byId] = await deps.storage.byIds(catalogue.version, [text])
  const named = await deps.storage.byNameOrUrl(catalogue.version, text, wordHitsMax)
  const found = byId ? [byId, ...named.filter(product => product.id !== byId.id)] : named
  return found.filter(
    product => category === undefined || product.category?.toLowerCase() === category.toLowerCase(),
  )
}

function wordHits(deps: ProductDeps, words: string) {
  return deps.searchPassages({ query: words, source: 'product', limit: wordHitsMax, synonyms: true })
}

function inOrder(ranked: Ranked[], ids: string[]): Ranked[] {
  const places = new Map(ids.map((id, place) => [id, place]))
  return ranked.sort((a, b) => (places.get(a.product.id) ?? 0) - (places.get(b.product.id) ?? 0))
}

function paged(ranked: Ranked[], { limit, offset }: Pick<SearchRequest, 'limit' | 'offset'>) {
  return { items: ranked.slice(offset, offset + limit), total: ranked.length }
}
