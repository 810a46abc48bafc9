import type { PageContext, Product } from '#protocol'
import { type Bound, boundsIn } from '../../../answering/retrieval/question/bounds.ts'
import { productsNamedIn } from '../../../answering/retrieval/question/product-names.ts'
import { tokenize } from '../../../answering/retrieval/text/tokens.ts'
import { waitForTurn } from '../../../core/turns.ts'
import type { ActiveCatalogue } from '../catalogue/ports.ts'
import type { ProductDeps, ProductHit } from './deps.ts'

const candidatesMax = 40
const idsMax = 32
const bareNumber = /^[\d.,]+$/

/** The products a text names by id, by name or by the informative part of it ("ZenBook UX430UN"). */
export async function namedProducts(
  deps: ProductDeps,
  catalogue: ActiveCatalogue,
  text: string,
): Promise<Product[]> {
  const ids = idsIn(text)
  const hits: ProductHit[] = await deps.searchPassages({
    query: text,
    source: 'product',
    limit: candidatesMax,
  })
  const questionText = new Set(tokenize(text))
  const named = hits.filter(hit => tokenize(hit.title).some(term => questionText.has(term)))
  const found = await deps.storage.byIds(catalogue.version, [
    ...new Set([...ids, ...named.map(hit => hit.source_id)]),
  ])
  await waitForTurn(text.length)
  const byId = found.filter(product => ids.includes(product.id))
  return [...byId, ...productsNamedIn(text, found).filter(product => !byId.includes(product))]
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
