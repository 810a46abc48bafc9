import type { Database } from '../engine/transaction.ts'
import { derivationStorage } from './derivations.ts'
import { importStorage } from './import.ts'
import { productStorage } from './product.ts'
import { versionStorage } from './versions.ts'

export type CatalogueStorage = ReturnType<typeof catalogueStorage>

/** The catalogue: its versions, their products, and what is derived of these. */
export function catalogueStorage(database: Database) {
  return {
    ...versionStorage(database),
    ...importStorage(database),
    ...derivationStorage(database),
    ...productStorage(database),
  }
}
