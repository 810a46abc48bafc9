import type { Product } from '#protocol'
import type { Filter } from '../question/constraints.ts'
import type { Sort } from '../question/superlatives.ts'
import { numbersOf } from './profile.ts'

/** Whether a product meets every condition, as the SQL of storage does it. */
export function satisfies(
  product: Pick<Product, 'price' | 'currency' | 'category' | 'specs'>,
  filters: readonly Filter[],
): boolean {
  if (filters.length === 0) return true
  const numbers = numbersOf(product.specs)
  return filters.every(filter => meets(product, filter, numbers))
}

function meets(
  product: Pick<Product, 'price' | 'currency' | 'category' | 'specs'>,
  filter: Filter,
  numbers: Record<string, number[]>,
) {
  if (filter.kind === 'boolean') return String(product.specs[filter.key]) === String(filter.value)
  if (filter.kind === 'text') {
    const value = filter.key === 'category' ? product.category : product.specs[filter.key]
    return filter.values.includes(String(value ?? '')) !== filter.exclude
  }
  const { figure, min, max, above, below, currency } = filter
  if (currency !== null && product.currency?.toUpperCase() !== currency) return false
  const values =
    figure === 'price' ? (product.price === null ? [] : [product.price]) : (numbers[figure] ?? [])
  return values.some(
    value =>
      (min === null || (above ? value > min : value >= min)) &&
      (max === null || (below ? value < max : value <= max)),
  )
}

type Sorting = Pick<Sort, 'figure' | 'direction'>

/** A copy in the order of a superlative; what has no such number comes last. */
export function orderBy<Item>(
  items: readonly Item[],
  sort: Sorting,
  productOf: (item: Item) => Pick<Product, 'price' | 'specs'>,
): Item[] {
  const sign = sort.direction === 'ascending' ? 1 : -1
  const valued = items.map(item => ({
    item,
    value: sortValue(productOf(item), sort) ?? sign * Number.POSITIVE_INFINITY,
  }))
  return valued.sort((a, b) => sign * (a.value - b.value) || 0).map(({ item }) => item)
}

/** The number a product is sorted by, or null. */
export function sortValue(product: Pick<Product, 'price' | 'specs'>, sort: Sorting): number | null {
  const values =
    sort.figure === 'price'
      ? product.price === null
        ? []
        : [product.price]
      : (numbersOf(product.specs)[sort.figure] ?? [])
  if (values.length === 0) return null
  return sort.direction === 'descending' ? Math.max(...values) : Math.min(...values)
}
