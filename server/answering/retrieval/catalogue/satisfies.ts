import type { Product } from '#protocol'
import type { Filter } from '../question/constraints.ts'
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

/** The number a product is sorted by, or null. */
export function sortValue(
  product: Pick<Product, 'price' | 'specs'>,
  sort: { figure: string; direction: string },
): number | null {
  const values =
    sort.figure === 'price'
      ? product.price === null
        ? []
        : [product.price]
      : (numbersOf(product.specs)[sort.figure] ?? [])
  if (values.length === 0) return null
  return sort.direction === 'descending' ? Math.max(...values) : Math.min(...values)
}
