import type { Product } from '#protocol'
import type { productOperations } from '#protocol/shop/product'
import type { CatalogueStorage } from '#storage/shop/catalogue'
import type { Handlers } from '../../../core/call.ts'
import type { Clock } from '../../../core/clock.ts'
import type { ActiveCatalogue } from '../catalogue/ports.ts'

export type ProductHandlers = Handlers<typeof productOperations>

/** A product found by its words. */
export interface ProductHit {
  source_id: string
  /** The product's name. */
  title: string
  score: number
  /** 0..1: the share of the query's weight that matched. */
  coverage: number
}

export interface ProductDeps {
  clock: Clock
  storage: Pick<CatalogueStorage, 'find' | 'byIds' | 'byPlainIds' | 'byNameOrUrl'>
  /** What questions are answered from; null where nothing was imported. */
  readActive(): Promise<ActiveCatalogue | null>
  searchPassages(request: {
    query: string
    source: 'product'
    limit: number
    ids?: string[]
    synonyms?: boolean
  }): Promise<ProductHit[]>
}

export interface Ranked {
  product: Product
  /** 0..1, comparable with documents. */
  score: number
  /** See Evidence. */
  mayBeMeant?: boolean
}
