import type { Product } from '#protocol'
import type { Client } from '../../sdk/index.ts'

export interface Products {
  /** Null when the catalogue does not have it any more. Asked for once. */
  find(id: string): Promise<Product | null>
}

export function createProducts(client: Client<'visitor'>): Products {
  const requests = new Map<string, Promise<Product | null>>()

  async function search(id: string): Promise<Product | null> {
    try {
      const { items } = await client.call('product:search', { query: id, page_size: 5 })
      return items.find(product => product.id === id) ?? null
    } catch {
      requests.delete(id)
      return null
    }
  }

  return {
    find(id) {
      const known = requests.get(id) ?? search(id)
      requests.set(id, known)
      return known
    },
  }
}
