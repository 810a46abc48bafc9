import type { Product } from '#protocol'
import type { Constraints } from '../../../answering/retrieval/question/constraints.ts'
import type { ActiveCatalogue } from '../catalogue/ports.ts'
import type { ProductDeps } from './deps.ts'
import { calledSo } from './search.ts'

/** So many of a kind are looked through for the only one that is called as asked. */
const onlyMax = 50
const comparedMax = 4

/** "The difference between the two sleeping mats": all there are, where they are few. */
export async function comparedOfKind(
  { storage }: ProductDeps,
  { version }: ActiveCatalogue,
  { productTypes: { sold, named }, filters }: Constraints,
): Promise<Product[]> {
  if (!named) return []
  const { items, total } = await storage.find(version, {
    kinds: sold,
    conditions: filters,
    limit: comparedMax,
    offset: 0,
  })
  return total <= comparedMax ? items : []
}

/** The only one that is called as it was asked for, of all of its kind. */
export async function onlyOfKind(
  { storage }: ProductDeps,
  { version }: ActiveCatalogue,
  { productTypes: { sold, words }, filters }: Constraints,
): Promise<Product | null> {
  const conditions = filters.filter(({ key }) => key === 'category')
  const { items } = await storage.find(version, { kinds: sold, conditions, limit: onlyMax, offset: 0 })
  const called = calledSo(items, words)
  return called.length === 1 ? called[0]! : null
}
