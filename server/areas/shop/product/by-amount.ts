import type { Product } from '#protocol'
import { boundsIn } from '../../../answering/retrieval/question/bounds.ts'
import type { Constraints } from '../../../answering/retrieval/question/constraints.ts'
import { isSameAmount, type Quantity, quantities } from '../../../answering/retrieval/text/quantities.ts'
import type { ActiveCatalogue } from '../catalogue/ports.ts'
import type { ProductDeps } from './deps.ts'

const candidatesMax = 40
/** An amount in more names than these tells a size, not a product. */
const sharedMax = 3

/**
 * The products that are called by an amount of a question which no column has: "20寸的多少钱" where one is a "20寸登机箱". None
 * where one of the amounts stands in no name, or in too many.
 */
export async function namedByAmount(
  deps: ProductDeps,
  { version }: ActiveCatalogue,
  text: string,
  { filters, productTypes: { sold } }: Constraints,
): Promise<Product[]> {
  const written = boundsIn(text)
    .filter(({ operator, dimension }) => operator === 'equal' && isMeasure(dimension))
    .map(({ start, end }) => text.slice(start, end))
  if (written.length === 0) return []
  const fitting = await deps.storage.find(version, { conditions: filters, kinds: sold, limit: 1 })
  if (filters.length > 0 && fitting.total > 0) return []
  const named = await Promise.all(written.map(amount => findNamed(deps, amount)))
  if (named.some(ids => ids.length === 0 || ids.length > sharedMax)) return []
  const ids = [...new Set(named.flat())]
  const { items } = await deps.storage.find(version, { ids, kinds: sold, limit: ids.length })
  return items
}

/** The ids of products whose names say the amount. */
async function findNamed({ searchPassages }: ProductDeps, amount: string): Promise<string[]> {
  const [asked] = quantities(amount)
  if (!asked) return []
  const hits = await searchPassages({ query: amount, source: 'product', limit: candidatesMax })
  return hits
    .filter(({ title }) => quantities(title).some(each => isSameAmount(each, asked)))
    .map(({ source_id }) => source_id)
}

function isMeasure(dimension: Quantity['dimension']): boolean {
  return dimension !== null && !dimension.startsWith('currency:')
}
