import type { Product } from '#protocol'
import type { Database } from '../engine/transaction.ts'
import { type Actor, recordAudit } from '../identity/audit.ts'
import { activate } from './versions.ts'

/** A checked row of an import, with its numbers as `numbersOf` makes them. */
export interface NewProduct {
  id: string
  /** Its place among the rows, from 0. */
  position: number
  name: string
  category: string | null
  url: string | null
  short_description: string
  price: number | null
  currency: string | null
  specs: Product['specs']
  numbers: Record<string, number[]>
  /** What it is, as `kindsOf` says. */
  kinds: string[]
}

export interface NewVersion {
  count: number
  demo: boolean
  hash: string
  /** Kept with the version as it is. */
  profile: unknown
  /** Which derivation made the profile and what is derived of the rows. */
  derivation: number
  by: Actor
}

const versionsMax = 10
/** Whoever fills a version and has not gone on for so long is gone. */
const stagedSeconds = 120
const removedRows = 200
const sliceDeadlineMs = 30_000

/** Versions as they come: staged, filled, published as a whole; and those that go. */
export function importStorage({ sql, withDeadline, transaction }: Database) {
  async function removeAbandoned(): Promise<void> {
    const rows = await withDeadline(
      sql<
        { version: number }[]
      >`select version from catalogue_versions where staged_until < now() and not active`,
    )
    for (const { version } of rows) await removeVersion(version)
  }

  /** In slices, so that on the embedded database's one connection nobody waits long. */
  async function removeVersion(version: number): Promise<void> {
    let removed: number
    do {
      const rows = await withDeadline(
        sql`delete from products where version = ${version} and id in (
          select id from products where version = ${version} limit ${removedRows})`,
        sliceDeadlineMs,
      )
      removed = rows.count
    } while (removed > 0)
    await withDeadline(
      sql`delete from catalogue_versions where version = ${version} and not active`,
      sliceDeadlineMs,
    )
  }

  return {
    removeAbandoned,
    removeVersion,

    /** Begins a version that nobody sees until it is activated. */
    async stage({ count, demo, hash, profile, derivation, by }: NewVersion): Promise<number> {
      const [row] = await withDeadline(
        sql<{ version: number }[]>`
          insert into catalogue_versions (count, demo, hash, profile, derivation, created_by, staged_until)
          values (${count}, ${demo}, ${hash}, ${JSON.stringify(profile)}::text::jsonb, ${derivation}, ${by.id},
            now() + make_interval(secs => ${stagedSeconds}))
          returning version`,
        sliceDeadlineMs,
      )
      return row!.version
    },

    /** @param products the JSON of NewProduct[] */
    async addProducts(version: number, products: string): Promise<void> {
      await transaction(async sql => {
        const [staged] = await sql`
          update catalogue_versions set staged_until = now() + make_interval(secs => ${stagedSeconds})
          where version = ${version} and staged_until is not null returning version`
        if (!staged) throw new Error('The version that is being filled is gone.')
        await sql`
          insert into products (version, id, position, name, category, url, short_description, price, currency, specs, numbers, kinds)
          select ${version}, id, position, name, category, url, short_description, price, currency, specs, numbers, kinds
          from json_to_recordset(${products}::text::json) as row (
            id text, position int, name text, category text, url text, short_description text, price double precision,
            currency text, specs json, numbers jsonb, kinds text[])`
      }, sliceDeadlineMs)
    },

    /** The staged version becomes the active one as a whole. An owner's first one puts the demo away. */
    async publish(
      version: number,
      { count, demo, by }: Pick<NewVersion, 'count' | 'demo' | 'by'>,
    ): Promise<void> {
      await transaction(async sql => {
        await sql`lock table catalogue_versions in share row exclusive mode`
        await sql`update catalogue_versions set staged_until = null where version = ${version}`
        const before = await activate(sql, version)
        await recordAudit(sql, {
          actor: by,
          scope: 'catalogue',
          action: 'catalogue:import',
          subject: String(version),
          before,
          after: { version, count },
        })
        // Nobody sees them from here on; their rows go in slices.
        await sql`
          update catalogue_versions set staged_until = now() - interval '1 second'
          where not active and staged_until is null and ((demo and ${!demo}) or version not in (
            select version from catalogue_versions where staged_until is null order by version desc limit ${versionsMax}))`
      }, sliceDeadlineMs)
    },
  }
}
