import type { Product } from '#protocol'
import { batched } from '../engine/batch.ts'
import type { Database, Sql } from '../engine/transaction.ts'
import { unnestRows } from '../engine/unnest.ts'

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

const productIds = unnestRows({ version: 'int', id: 'text' })

/** Ids that differ in case or signs only are few. */
const plainIdsMax = 20

/** Products of a version as they are asked for. */
export function productStorage({ sql, withDeadline }: Database) {
  const named = batched(async (queries: { version: number; ids: readonly string[] }[]) => {
    const pairs = queries.flatMap(({ version, ids }) => ids.map(id => ({ version, id })))
    const rows = await withDeadline(sql<(Product & { version: number })[]>`
      select version, id, name, category, url, short_description, price, currency, specs, updated_at
      from products join ${productIds.of(sql, pairs)} using (version, id)`)
    const found = new Map(rows.map(({ version, ...product }) => [`${version} ${product.id}`, product]))
    return queries.map(({ version, ids }) => ids.flatMap(id => found.get(`${version} ${id}`) ?? []))
  })

  return {
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

    /** Products whose ids are these but for case, blanks and hyphens; `plainIds` have none of them. */
    async byPlainIds(version: number, plainIds: readonly string[]): Promise<Product[]> {
      if (plainIds.length === 0) return []
      return await withDeadline(
        sql<Product[]>`
          select id, name, category, url, short_description, price, currency, specs, updated_at from products
          where version = ${version}
            and lower(regexp_replace(id, '[^[:alnum:]]+', '', 'g')) = any(${plainIds as string[]}::text[])
          order by position limit ${plainIdsMax}`,
      )
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
