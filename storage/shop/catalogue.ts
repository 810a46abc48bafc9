import type { Product } from '#protocol'
import { batched, shared } from '../engine/batch.ts'
import type { Database, Sql, TransactionSql } from '../engine/transaction.ts'
import { unnestRows } from '../engine/unnest.ts'
import { type Actor, recordAudit } from '../identity/audit.ts'

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

/** A product with its place, as what is derived of it is made anew. */
export type StoredProduct = Product & { position: number }

/** What is derived of one product. */
export interface DerivedProduct {
  id: string
  numbers: Record<string, number[]>
  kinds: string[]
}

export interface VersionRow {
  version: number
  count: number
  demo: boolean
  active: boolean
  hash: string
  created_at: string
  created_by: string | null
  derivation: number
}

/** Conditions on columns, all of which must hold. */
export type ColumnCondition =
  | {
      kind: 'number'
      key: string
      figure: string
      min: number | null
      max: number | null
      above: boolean
      below: boolean
      /** Upper case; null for any. */
      currency: string | null
    }
  | { kind: 'text'; key: string; values: string[]; exclude: boolean }
  | { kind: 'boolean'; key: string; value: boolean }

export interface ProductQuery {
  conditions?: readonly ColumnCondition[]
  category?: string
  /** Only products of one of these kinds. */
  kinds?: readonly string[]
  /** Only these products. */
  ids?: readonly string[]
  /** Part of the id or name. */
  search?: string
  /** By price or a figure; else as imported, or by id. Products without that number come last. */
  order?: { figure: string; direction: 'ascending' | 'descending' } | 'id'
  limit: number
  offset?: number
}

export type CatalogueStorage = ReturnType<typeof catalogueStorage>

const versionsMax = 10
/** Whoever fills a version and has not gone on for so long is gone. */
const stagedSeconds = 120
const removedRows = 200
const sliceDeadlineMs = 30_000
const productIds = unnestRows({ version: 'int', id: 'text' })

export function catalogueStorage(database: Database) {
  const { sql, withDeadline, transaction } = database

  function versionRow() {
    return sql`version, count, demo, active, hash, created_at, created_by, derivation`
  }

  const active = shared(async (): Promise<VersionRow | null> => {
    const [row] = await withDeadline(
      sql<VersionRow[]>`select ${versionRow()} from catalogue_versions where active`,
    )
    return row ?? null
  })

  const named = batched(async (queries: { version: number; ids: readonly string[] }[]) => {
    const pairs = queries.flatMap(({ version, ids }) => ids.map(id => ({ version, id })))
    const rows = await withDeadline(sql<(Product & { version: number })[]>`
      select version, id, name, category, url, short_description, price, currency, specs, updated_at
      from products join ${productIds.of(sql, pairs)} using (version, id)`)
    const found = new Map(rows.map(({ version, ...product }) => [`${version} ${product.id}`, product]))
    return queries.map(({ version, ids }) => ids.flatMap(id => found.get(`${version} ${id}`) ?? []))
  })

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
    active,
    removeAbandoned,
    removeVersion,

    async profile(version: number): Promise<unknown> {
      const [row] = await withDeadline(
        sql<{ profile: unknown }[]>`select profile from catalogue_versions where version = ${version}`,
      )
      return row?.profile ?? null
    },

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

    async version(version: number): Promise<VersionRow | null> {
      const [row] = await withDeadline(sql<VersionRow[]>`
        select ${versionRow()} from catalogue_versions where version = ${version} and staged_until is null`)
      return row ?? null
    },

    /** Whether the demo was the active version, which then is none. */
    removeDemo(): Promise<boolean> {
      return transaction(async sql => {
        const removed = await sql<
          { active: boolean }[]
        >`delete from catalogue_versions where demo returning active`
        return removed.some(row => row.active)
      })
    },

    async versions(limit: number, offset: number): Promise<{ items: VersionRow[]; total: number }> {
      const items = await withDeadline(
        sql<VersionRow[]>`
          select ${versionRow()} from catalogue_versions where staged_until is null
            order by version desc limit ${limit} offset ${offset}`,
      )
      const [row] = await withDeadline(
        sql<
          { total: number }[]
        >`select count(*)::int as total from catalogue_versions where staged_until is null`,
      )
      return { items, total: row!.total }
    },

    /** Makes an earlier version the active one; null when there is none of that number. */
    restore(version: number, by: Actor): Promise<VersionRow | null> {
      return transaction(async sql => {
        await sql`lock table catalogue_versions in share row exclusive mode`
        const [row] = await sql<VersionRow[]>`
          select version, count, demo, true as active, hash, created_at, created_by, derivation
          from catalogue_versions where version = ${version} and staged_until is null`
        if (!row) return null
        const before = await activate(sql, version)
        await recordAudit(sql, {
          actor: by,
          scope: 'catalogue',
          action: 'catalogue:restore',
          subject: String(version),
          before,
          after: { version, count: row.count },
        })
        return row
      })
    },

    /** Products of a version and how many there are in all. */
    async find(version: number, query: ProductQuery): Promise<{ items: Product[]; total: number }> {
      if (query.ids?.length === 0) return { items: [], total: 0 }
      const where = whereOf(sql, version, query)
      const rows = await withDeadline(
        sql<(Product & { total: number })[]>`
          select id, name, category, url, short_description, price, currency, specs, updated_at, count(*) over ()::int as total
          from products where ${where}
          order by ${orderOf(sql, query.order)} limit ${query.limit} offset ${query.offset ?? 0}`,
      )
      const [first] = rows
      if (!first && query.offset) {
        const [counted] = await withDeadline(
          sql<{ total: number }[]>`select count(*)::int as total from products where ${where}`,
        )
        return { items: [], total: counted!.total }
      }
      return { items: rows.map(({ total: _total, ...product }) => product), total: first?.total ?? 0 }
    },

    /** Those of the given ids that exist, in the given order. */
    async byIds(version: number, ids: readonly string[]): Promise<Product[]> {
      return ids.length > 0 ? named({ version, ids }) : []
    },

    /** Products with that name (case does not count) or page address. */
    async byNameOrUrl(version: number, text: string, limit: number): Promise<Product[]> {
      return await withDeadline(
        sql<Product[]>`
          select id, name, category, url, short_description, price, currency, specs, updated_at from products
          where version = ${version} and (lower(name) = lower(${text}) or url = ${text})
          order by position limit ${limit}`,
      )
    },
  }
}

/** @returns which one was active before, for the audit log */
async function activate(sql: TransactionSql, version: number) {
  const [before] = await sql<{ version: number; count: number }[]>`
    update catalogue_versions set active = false where active and version <> ${version} returning version, count`
  await sql`update catalogue_versions set active = true where version = ${version}`
  return before ?? null
}

function whereOf(sql: Sql, version: number, { conditions = [], category, kinds, ids, search }: ProductQuery) {
  const parts = [sql`version = ${version}`]
  if (category !== undefined) parts.push(sql`lower(category) = lower(${category})`)
  if (kinds && kinds.length > 0) parts.push(sql`kinds && ${[...kinds]}::text[]`)
  if (ids) parts.push(sql`id = any(${[...ids]}::text[])`)
  if (search) parts.push(sql`position(lower(${search}) in lower(id || ' ' || name)) > 0`)
  for (const condition of conditions) parts.push(conditionOf(sql, condition))
  return parts.reduce((all, part) => sql`${all} and ${part}`)
}

function conditionOf(sql: Sql, condition: ColumnCondition) {
  if (condition.kind === 'boolean') return sql`specs ->> ${condition.key} = ${String(condition.value)}`
  if (condition.kind === 'number') return rangeOf(sql, condition)
  const column = condition.key === 'category' ? sql`category` : sql`specs ->> ${condition.key}`
  if (condition.values.length === 0) return condition.exclude ? sql`true` : sql`false`
  const among = sql`coalesce(${column}, '') = any(${condition.values}::text[])`
  return condition.exclude ? sql`not (${among})` : among
}

/** Any number of the figure may fit. The path is made here, the limits are its variables: odd data cannot fail a cast. */
function rangeOf(
  sql: Sql,
  { figure, min, max, above, below, currency }: ColumnCondition & { kind: 'number' },
) {
  if (figure === 'price') {
    const lowerBound =
      min === null ? sql`price is not null` : above ? sql`price > ${min}` : sql`price >= ${min}`
    const upperBound = max === null ? sql`true` : below ? sql`price < ${max}` : sql`price <= ${max}`
    const own = currency === null ? sql`true` : sql`upper(currency) = ${currency}`
    return sql`${lowerBound} and ${upperBound} and ${own}`
  }
  const limits = [
    ...(min === null ? [] : [`@ ${above ? '>' : '>='} $min`]),
    ...(max === null ? [] : [`@ ${below ? '<' : '<='} $max`]),
  ]
  const path = `$[*] ? (${limits.length > 0 ? limits.join(' && ') : '@ == @'})`
  return sql`jsonb_path_exists(numbers -> ${figure}, ${path}::text::jsonpath, ${JSON.stringify({ min, max })}::text::jsonb)`
}

function orderOf(sql: Sql, order: ProductQuery['order']) {
  if (order === undefined) return sql`position`
  if (order === 'id') return sql`id`
  const descending = order.direction === 'descending'
  const direction = descending ? sql`desc nulls last, position` : sql`asc nulls last, position`
  if (order.figure === 'price') return sql`price ${direction}`
  const best = descending ? sql`max(value::float8)` : sql`min(value::float8)`
  return sql`(select ${best} from jsonb_array_elements_text(numbers -> ${order.figure}) as one (value)) ${direction}`
}
