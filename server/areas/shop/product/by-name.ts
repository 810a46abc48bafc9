import type { PageContext, Product } from '#protocol'
import { asking } from '../../../answering/retrieval/lexicon/asking.ts'
import { type Bound, boundsIn } from '../../../answering/retrieval/question/bounds.ts'
import { exclusionsIn } from '../../../answering/retrieval/question/exclusions.ts'
import { productsNamedIn } from '../../../answering/retrieval/question/product-names.ts'
import { blanked } from '../../../answering/retrieval/text/blanked.ts'
import { LruCache } from '../../../answering/retrieval/text/lru-cache.ts'
import { quantities } from '../../../answering/retrieval/text/quantities.ts'
import { tokenize } from '../../../answering/retrieval/text/tokens.ts'
import { waitForTurn } from '../../../core/turns.ts'
import type { ActiveCatalogue } from '../catalogue/ports.ts'
import type { ProductDeps, ProductHit } from './deps.ts'

const candidatesMax = 40
const idsMax = 32
/** Of a question that are looked at for ids. */
const wordsMax = 60
const bareNumber = /^[\d.,]+$/

/** The products a text names by id, by name or by the informative part of it ("ZenBook UX430UN"). */
export async function namedProducts(
  deps: ProductDeps,
  catalogue: ActiveCatalogue,
  written: string,
): Promise<Product[]> {
  // What is ruled out is not meant.
  const text = blanked(written, exclusionsIn(written))
  const ids = idsIn(text)
  const hits: ProductHit[] = await deps.searchPassages({
    query: text,
    source: 'product',
    limit: candidatesMax,
  })
  const questionText = new Set(tokenize(text))
  const named = hits.filter(hit => titleTerms(hit.title).some(term => questionText.has(term)))
  const found = await deps.storage.byIds(catalogue.version, [
    ...new Set([...ids, ...named.map(hit => hit.source_id)]),
  ])
  await waitForTurn(text.length)
  const exact = found.filter(product => ids.includes(product.id))
  const byId = exact.length > 0 ? exact : await byPlainId(deps, catalogue, text)
  const all = [...byId, ...productsNamedIn(text, found).filter(product => !byId.includes(product))]
  return all.length < 2 ? ((await comparedByPart(deps, catalogue, text)) ?? all) : all
}

/** A shop's names are those of every question. */
const titles = new LruCache<readonly string[]>(4096)

function titleTerms(title: string): readonly string[] {
  return titles.get(title, () => tokenize(title))
}

/** Titles that are looked at for a part of a name. */
const partCandidatesMax = 10

/** "云南和耶加哪个便宜": of each of the two a part of its name, which no other name has. */
async function comparedByPart(
  { searchPassages, storage }: ProductDeps,
  { version }: ActiveCatalogue,
  text: string,
): Promise<Product[] | null> {
  const { one, two } = asking.comparedParts.exec(text)?.groups ?? {}
  if (one === undefined || two === undefined) return null
  const named = await Promise.all(
    [one, two].map(async part => {
      const hits = await searchPassages({ query: part, source: 'product', limit: partCandidatesMax })
      return hits.filter(({ title }) => title.includes(part))
    }),
  )
  if (named.some(hits => new Set(hits.map(({ title }) => title)).size !== 1)) return null
  const ids = named.map(([hit]) => hit!.source_id)
  const found = await storage.byIds(version, ids)
  return ids[0] === ids[1] ? null : found
}

/** Words beside each other that may be one id written otherwise. */
const joinedMax = 3
const plainIdMin = 4

/** "16 GB" and "120 cm" are no ids; "T 20 L" may be one. */
const writtenUnit = /\p{L}{2,}$/u

/** "lt-0002", "LT 0002" and "LT0002" for LT-0002. */
async function byPlainId(deps: ProductDeps, { version }: ActiveCatalogue, text: string): Promise<Product[]> {
  const amounts = quantities(text).filter(
    ({ unit, start, end }) => unit !== null && writtenUnit.test(text.slice(start, end)),
  )
  const words =
    blanked(text, amounts)
      .toLowerCase()
      .match(/[\p{L}\p{N}]+/gu)
      ?.slice(0, wordsMax) ?? []
  const joined = words.flatMap((_, at) =>
    Array.from({ length: joinedMax }, (_, more) => words.slice(at, at + more + 1).join('')),
  )
  const plain = [...new Set(joined)].filter(
    id => id.length >= plainIdMin && /\p{L}/u.test(id) && /\d/.test(id),
  )
  return deps.storage.byPlainIds(version, plain)
}

/** What may be ids: words with a digit, but no amounts ("16 GB", "under 1000"). */
function idsIn(text: string): string[] {
  const words = [...text.matchAll(/[\p{L}\p{N}][\p{L}\p{N}._-]*/gu)].filter(([word]) => /\d/.test(word))
  const bare = words.some(([word]) => bareNumber.test(word))
  const amounts = bare ? boundsIn(text).filter(isAmount) : []
  const ids = words.filter(
    ({ 0: word, index }) =>
      !(bareNumber.test(word) && amounts.some(({ start, end }) => index >= start && index < end)),
  )
  return [...new Set(ids.map(([word]) => word))].slice(0, idsMax)
}

function isAmount({ dimension, operator }: Bound): boolean {
  return dimension !== null || operator !== 'equal'
}

/** The product of the page the visitor is on. */
export async function pageProduct(
  deps: ProductDeps,
  catalogue: ActiveCatalogue,
  context: PageContext,
): Promise<Product | null> {
  const ids = [context.sku_id, context.product_id].filter(id => id !== undefined)
  const [byId] = await deps.storage.byIds(catalogue.version, ids)
  if (byId) return byId
  if (!context.url) return null
  const [byUrl] = await deps.storage.byNameOrUrl(catalogue.version, context.url, 1)
  if (byUrl) return byUrl
  // "/laptops/LT-0002?from=mail": the last part of the path may be the id.
  const last = /([^/?#]+)\/?(?:[?#].*)?$/.exec(context.url)?.[1]
  const [byPath] = last
    ? await deps.storage.byIds(catalogue.version, [safeDecode(last).replace(/\.html?$/, '')])
    : []
  return byPath ?? null
}

function safeDecode(text: string): string {
  try {
    return decodeURIComponent(text)
  } catch {
    return text
  }
}
