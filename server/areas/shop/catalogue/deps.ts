import type { catalogueOperations } from '#protocol/shop/catalogue'
import type { Job } from '#protocol/shop/knowledge'
import type { CatalogueStorage } from '#storage/shop/catalogue'
import type { Handlers } from '../../../core/call.ts'
import type { Clock } from '../../../core/clock.ts'
import type { ActiveVersion } from './active.ts'
import type { ProductIndex } from './product-index.ts'

export type CatalogueHandlers = Handlers<typeof catalogueOperations>

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
  /** The index holds these products and no others once this resolves. */
  replaceProductPassages(rows: AsyncIterable<ProductPassage>, version: number | null): Promise<void>
  /** Of which version the products in the index are, and whether today's derivation made them. */
  indexedProducts(): Promise<{ version: number | null; derivation: number }>
  /** Called once the owner's own catalogue is active: demo data of other areas goes with the demo products. */
  removeDemo(): Promise<void>
  /** Tells staff how far an import is. */
  progress(job: Job): void
}

/** What the operations share. */
export interface CatalogueParts extends CatalogueDeps {
  active: ActiveVersion
  index: ProductIndex
  /** Imports and restores wait for each other, so that the index holds what is active. */
  serialized<T>(work: () => Promise<T>): Promise<T>
}

export interface ImportResult {
  count: number
  version: number
}
