import type { Page, Product } from '#protocol'
import { request } from '../ui/http.ts'

export interface ProductQuery {
  query?: string
  category?: string
  page?: number
  page_size?: number
}

export function fetchProducts(query: ProductQuery, signal?: AbortSignal): Promise<Page<Product>> {
  const filters = Object.entries(query).filter(([, value]) => value)
  return request(`/products?${new URLSearchParams(filters.map(([name, value]) => [name, String(value)]))}`, {
    signal,
  })
}

/** The contract has no route for one product, but ranks an exact id first. */
export async function fetchProduct(id: string): Promise<Product | null> {
  const { items } = await fetchProducts({ query: id, page_size: 10 })
  return items.find(product => product.id === id) ?? null
}
