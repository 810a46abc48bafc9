import type { Product } from '#protocol'
import { type Actor, recordAudit } from './audit.ts'
import { gathered, shared } from './gather.ts'
import { relation } from './relation.ts'
import type { Database, Sql, TransactionSql } from './transaction.ts'

/** A checked row of an import, with its numbers as `numbersOf` makes them. */
export interface NewProduct {
  id: string
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
  products: NewProduct[]
  demo: boolean
  hash: string
  /** Kept with the version as it is. */
  profile: unknown
  by: Actor
}

export interface VersionRow {
  version: number
  count: number
  demo: boolean
  active: boolean
  hash: string
  created_at: string
  created_by: string | null
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

const keptVersions = 10
const batch = 500
const importDeadlineMs = 60_000
const productIds = relation({ version: 'int', id: 'text' })

export function catalogueStorage(database: Database) {
  const { sql, within, transaction } = database

  function versionRow() {
    return sql`version, count, demo, active, hash, created_at, created_by`
  }

  const active = shared(async (): Promise<VersionRow | null> => {
    const [row] = await within(sql<VersionRow[]>`select ${versionRow()} from catalogue_versions where active`)
    return row ?? null
  })

  const named = gathered(async (asked: { version: number; ids: readonly string[] }[]) => {
    const wanted = asked.flatMap(({ version, ids }) => ids.map(id => ({ version, id })))
    const rows = await within(sql<(Product & { version: number })[]>`
      select version, id, name, category, url, short_description, price, currency, specs, updated_at
      from products join ${productIds.of(sql, wanted)} using (version, id)`)
    const found = new Map(rows.map(({ version, ...product }) => [`${version} ${product.id}`, product]))
    return asked.map(({ version, ids }) => ids.flatMap(id => found.get(`${version} ${id}`) ?? []))
  })

  return {
    active,

    async profile(version: number): Promise<unknown> {
      const [row] = await within(
        sql<{ profile: unknown }[]>`select profile from catalogue_versions where version = ${version}`,
      )
      return row?.profile ?? null
    },

    /** The new version is active once this resolves, and nothing has changed if it throws. An owner's first one removes the demo. */
    insertVersion(created: NewVersion): Promise<number> {
      return transaction(async sql => {
        await sql`lock table catalogue_versions in share row exclusive mode`
        const [row] = await sql<{ version: number }[]>`
          insert into catalogue_versions (count, demo, hash, profile, created_by)
          values (${created.products.length}, ${created.demo}, ${created.hash},
            ${JSON.stringify(created.profile)}::text::jsonb, ${created.by.id})
          returning version`
        for (let at = 0; at < created.products.length; at += batch)
          await insertProducts(sql, row!.version, at, created.products.slice(at, at + batch))
        const before = await activate(sql, row!.version)
        await recordAudit(sql, {
          actor: created.by,
          scope: 'catalogue',
          action: 'catalogue:import',
          subject: String(row!.version),
          before,
          after: { version: row!.version, count: created.products.length },
        })
        if (!created.demo) await sql`delete from catalogue_versions where demo and not active`
        await sql`
          delete from catalogue_versions where not active and version not in (
            select version from catalogue_versions order by version desc limit ${keptVersions})`
        return row!.version
      }, importDeadlineMs)
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
      const items = await within(
        sql<VersionRow[]>`
          select ${versionRow()} from catalogue_versions order by version desc limit ${limit} offset ${offset}`,
      )
      const [row] = await within(
        sql<{ total: number }[]>`select count(*)::int as total from catalogue_versions`,
      )
      return { items, total: row!.total }
    },

    /** Makes an earlier version the active one; null when there is none of that number. */
    restore(version: number, by: Actor): Promise<VersionRow | null> {
      return transaction(async sql => {
        await sql`lock table catalogue_versions in share row exclusive mode`
        const [row] = await sql<VersionRow[]>`
          select version, count, demo, true as active, hash, created_at, created_by
          from catalogue_versions where version = ${version}`
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
      const rows = await within(
        sql<(Product & { total: number })[]>`
          select id, name, category, url, short_description, price, currency, specs, updated_at, count(*) over ()::int as total
          from products where ${where}
          order by ${orderOf(sql, query.order)} limit ${query.limit} offset ${query.offset ?? 0}`,
      )
      const [first] = rows
      if (!first && query.offset) {
        const [counted] = await within(
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
      return await within(
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

async function insertProducts(sql: TransactionSql, version: number, from: number, products: NewProduct[]) {
  const rows = products.map((product, index) => ({ ...product, position: from + index }))
  await sql`
    insert into products (version, id, position, name, category, url, short_description, price, currency, specs, numbers, kinds)
    select ${version}, id, position, name, category, url, short_description, price, currency, specs, numbers, kinds
    from json_to_recordset(${JSON.stringify(rows)}::text::json) as row (
      id text, position int, name text, category text, url text, short_description text, price double precision,
      currency text, specs json, numbers jsonb, kinds text[])`
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
    const least = min === null ? sql`price is not null` : above ? sql`price > ${min}` : sql`price >= ${min}`
    const most = max === null ? sql`true` : below ? sql`price < ${max}` : sql`price <= ${max}`
    const own = currency === null ? sql`true` : sql`upper(currency) = ${currency}`
    return sql`${least} and ${most} and ${own}`
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
