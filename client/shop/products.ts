import type { OperationInput, Page, Product } from '#protocol'
import { call } from '../ui/http.ts'

export function fetchProducts(
  query: OperationInput<'product:search'>,
  signal?: AbortSignal,
): Promise<Page<Product>> {
  return call('product:search', query, { signal })
}

/** The contract has no route for one product, but ranks an exact id first. */
export async function fetchProduct(id: string): Promise<Product | null> {
  const { items } = await fetchProducts({ query: id, page_size: 10 })
  return items.find(product => product.id === id) ?? null
}
