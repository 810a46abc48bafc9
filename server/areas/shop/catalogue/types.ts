import type { Product } from '#protocol'
import type { Job } from '#protocol/shop/knowledge'
import type { CatalogueStorage } from '#storage/shop/catalogue'
import type { CatalogueProfile } from '../../../answering/retrieval/catalogue/profile.ts'
import type { Clock } from '../../../core/clock.ts'

/** A product found by its words. */
export interface ProductHit {
  source_id: string
  /** The product's name. */
  title: string
  score: number
  /** 0..1: the share of the query's weight that matched. */
  coverage: number
}

/** A product as the passage index is given it. */
export interface ProductPassage {
  source_id: string
  title: string
  url: string | null
  text: string
  updated_at: string
}

export interface CatalogueDeps {
  clock: Clock
  storage: CatalogueStorage
  searchPassages(request: {
    query: string
    source: 'product'
    limit: number
    ids?: string[]
    synonyms?: boolean
  }): Promise<ProductHit[]>
  /** The index holds these products and no others once this resolves. */
  replaceProductPassages(rows: AsyncIterable<ProductPassage>, version: number | null): Promise<void>
  /** Of which version the products in the index are, and whether today's derivation made them. */
  indexedProducts(): Promise<{ version: number | null; derivation: number }>
  /** Called once the owner's own catalogue is active: demo data of other areas goes with the demo products. */
  removeDemo(): Promise<void>
  /** Tells staff how far an import is. */
  progress(job: Job): void
}

/** The version questions are answered from. */
export interface ActiveCatalogue {
  version: number
  demo: boolean
  profile: CatalogueProfile
}

export interface Ranked {
  product: Product
  /** 0..1, comparable with documents. */
  score: number
}
