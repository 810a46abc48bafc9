import type { Product, Reference } from '#protocol'
import type { Client } from '../../sdk/index.ts'
import { priceLabel } from '../../ui/price.ts'
import { useEffect, useState } from '../core/shared.ts'
import { useLazy } from './words.ts'

interface Props {
  reference: Reference
}

/** Of a source that is a product, as soon as it is known. */
export function Price({ reference }: Props) {
  const { language } = useLazy()
  const product = useProduct(reference)
  return product && <span class="price">{priceLabel(product, language)}</span>
}

export function Description({ reference }: Props) {
  const text = useProduct(reference)?.short_description
  return text ? <p>{text}</p> : null
}

function useProduct({ source, source_id }: Reference): Product | null {
  const { client } = useLazy().model
  const [product, setProduct] = useState<Product | null>(null)
  useEffect(() => {
    if (source === 'product') void findProduct(client, source_id).then(setProduct)
  }, [client, source, source_id])
  return product
}

/** Each product is asked for once. */
const requests = new WeakMap<object, Map<string, Promise<Product | null>>>()

/** Null when the catalogue does not have it any more. */
function findProduct(client: Client<'visitor'>, id: string): Promise<Product | null> {
  const known = requests.get(client) ?? new Map<string, Promise<Product | null>>()
  requests.set(client, known)

  async function search(): Promise<Product | null> {
    try {
      const { items } = await client.call('product:search', { query: id, page_size: 5 })
      return items.find(product => product.id === id) ?? null
    } catch {
      known.delete(id)
      return null
    }
  }

  const request = known.get(id) ?? search()
  known.set(id, request)
  return request
}
