import type { PageContext, Product } from '#protocol'
import { tokenize } from '../../retrieval/tokens.ts'
import { isStopTerm } from '../../retrieval/vocabulary.ts'
import type { CatalogueDeps, ProductHit, Shelf } from './types.ts'

const lookedAt = 40
const idsMax = 32

/** The products a text names by id, by name or by the telling part of it ("ZenBook UX430UN"). */
export async function namedProducts(deps: CatalogueDeps, shelf: Shelf, text: string): Promise<Product[]> {
  const words = text.match(/[\p{L}\p{N}][\p{L}\p{N}._-]*/gu) ?? []
  const byId = await deps.storage.byIds(
    shelf.version,
    [...new Set(words)].filter(word => /\d/.test(word)).slice(0, idsMax),
  )
  const hits: ProductHit[] = await deps.searchPassages({ query: text, source: 'product', limit: lookedAt })
  const found = await deps.storage.byIds(
    shelf.version,
    hits.map(hit => hit.source_id),
  )
  return [...byId, ...byName(text, found).filter(product => !byId.some(other => other.id === product.id))]
}

/** Of the products whose name stands in the text, those with the most of it; each place of the text names one name. */
export function byName(text: string, products: readonly Product[]): Product[] {
  const terms = tokenize(text).filter(term => !isStopTerm(term))
  const asked = new Set(terms)
  const matches = products
    .map(product => ({ product, matched: matchedName(product, asked) }))
    .filter(({ matched }) => matched !== null)
    .sort((a, b) => b.matched!.length - a.matched!.length)
  const found: Product[] = []
  const used = new Map<string, string>()
  for (const { product, matched } of matches) {
    // A shorter name inside a longer one that was found is not meant ("MacBook" in "MacBook Pro").
    const holder = matched!.map(term => used.get(term))
    const name = matched!.join(' ')
    if (holder.some(other => other === undefined || other === name)) {
      if (holder.every(other => other === undefined || other === name)) found.push(product)
      for (const term of matched!) if (!used.has(term)) used.set(term, name)
    }
  }
  return found
}

/** The part of the name that stands in the text, where it is enough to mean the product. */
function matchedName(product: Product, asked: ReadonlySet<string>): string[] | null {
  const name = [...new Set(tokenize(product.name).filter(term => !isStopTerm(term)))]
  const brand = new Set(tokenize(String(product.specs.brand ?? '')))
  const matched = name.filter(term => asked.has(term))
  const telling = matched.filter(term => !brand.has(term) && !isGeneral(term, product))
  if (telling.length === 0) return null
  const rest = name.filter(term => !brand.has(term))
  return telling.length >= Math.ceil(rest.length * 0.6) ? matched : null
}

/** Words of the name that say what it is, not which: the category's. */
function isGeneral(term: string, product: Product): boolean {
  return tokenize(product.category ?? '').includes(term)
}

/** The product of the page the visitor is on. */
export async function pageProduct(
  deps: CatalogueDeps,
  shelf: Shelf,
  context: PageContext,
): Promise<Product | null> {
  const ids = [context.sku_id, context.product_id].filter(id => id !== undefined)
  const [byId] = await deps.storage.byIds(shelf.version, ids)
  if (byId) return byId
  if (!context.url) return null
  const [byUrl] = await deps.storage.byNameOrUrl(shelf.version, context.url, 1)
  if (byUrl) return byUrl
  // "/laptops/LT-0002?from=mail": the last part of the path may be the id.
  const last = /([^/?#]+)\/?(?:[?#].*)?$/.exec(context.url)?.[1]
  const [byPath] = last
    ? await deps.storage.byIds(shelf.version, [safeDecode(last).replace(/\.html?$/, '')])
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
