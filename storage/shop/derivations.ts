import type { Product } from '#protocol'
import type { Database } from '../engine/transaction.ts'

/** A product with its place, as what is derived of it is made anew. */
export type StoredProduct = Product & { position: number }

/** What is derived of one product. */
export interface DerivedProduct {
  id: string
  numbers: Record<string, number[]>
  kinds: string[]
}

const sliceDeadlineMs = 30_000

/** What is derived of products, as it is made anew slice by slice. */
export function derivationStorage({ sql, withDeadline }: Database) {
  return {
    /** A version's products by their places, `limit` of them from `from` on. */
    async slice(version: number, from: number, limit: number): Promise<StoredProduct[]> {
      return await withDeadline(
        sql<StoredProduct[]>`
          select id, name, category, url, short_description, price, currency, specs, updated_at, position from products
          where version = ${version} and position >= ${from} order by position limit ${limit}`,
        sliceDeadlineMs,
      )
    },

    async setDerived(version: number, products: DerivedProduct[]): Promise<void> {
      await withDeadline(
        sql`
          update products set numbers = made.numbers, kinds = made.kinds
          from json_to_recordset(${JSON.stringify(products)}::text::json) as made (id text, numbers jsonb, kinds text[])
          where products.version = ${version} and products.id = made.id`,
        sliceDeadlineMs,
      )
    },

    /** All of a version's rows are derived anew: so is its profile. */
    async setProfile(version: number, profile: unknown, derivation: number): Promise<void> {
      await withDeadline(sql`
        update catalogue_versions set profile = ${JSON.stringify(profile)}::text::jsonb, derivation = ${derivation}
        where version = ${version}`)
    },
  }
}
