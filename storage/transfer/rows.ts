import type { Database, TransactionSql } from '../engine/transaction.ts'
import { inTextForm, quote, type Table } from './tables.ts'

/** Each value as PostgreSQL writes it, which it reads back without loss. */
export type Row = (string | null)[]

export interface Batch {
  rows: Row[]
  /** Where the last of them lies; the next batch begins behind it. */
  last: string
}

/** Pages (of 8 kB) that are looked at together, and how much of them is read at once: a row may be large. */
const pagesAtOnce = 64
const batchMaxBytes = 1_000_000
const batchMaxRows = 2000

/**
 * The rows of a table as they lie, behind `after`. Nobody may write meanwhile: each batch is a transaction of its own.
 */
export async function* readRows(
  database: Database,
  table: Table,
  after: string | null = null,
): AsyncGenerator<Batch> {
  const pages = await inTextForm(database, sql => countPages(sql, table))
  const firstPage = after === null ? 0 : Number(/^\((\d+),/.exec(after)![1])
  for (let page = firstPage; page < pages; page += pagesAtOnce) {
    const places = await inTextForm(database, sql => placesIn(sql, table, page, after))
    for (const batch of batchesOf(places)) {
      const rows = await inTextForm(database, sql => rowsAt(sql, table, batch))
      yield { rows, last: batch.at(-1)! }
    }
  }
}

export async function insertRows(sql: TransactionSql, { name, columns }: Table, rows: Row[]): Promise<void> {
  const names = columns.map(column => quote(column.name)).join(', ')
  const values = columns.map(column => `r.${quote(column.name)}::${column.type}`).join(', ')
  const lists = columns.map((_column, index) => `$${index + 1}::text[]`).join(', ')
  await sql.unsafe(
    `insert into ${quote(name)} (${names}) overriding system value
      select ${values} from unnest(${lists}) as r (${names})`,
    columns.map((_column, index) => rows.map(row => row[index] ?? null)),
  )
}

async function countPages(sql: TransactionSql, { name }: Table): Promise<number> {
  const [row] = await sql<{ pages: number }[]>`
    select (pg_relation_size(${quote(name)}::text::regclass) / current_setting('block_size')::int)::int as pages`
  return row!.pages
}

interface Place {
  at: string
  bytes: number
}

async function placesIn(
  sql: TransactionSql,
  { name, columns }: Table,
  page: number,
  after: string | null,
): Promise<Place[]> {
  const sizes = columns.map(column => `coalesce(${sizeOf(column)}, 0)`).join(' + ')
  return sql.unsafe<Place[]>(
    `select ctid::text as at, (${sizes})::int as bytes from ${quote(name)}
      where ctid >= $1::text::tid and ctid < $2::text::tid and ctid > $3::text::tid order by ctid`,
    [`(${page},0)`, `(${page + pagesAtOnce},0)`, after ?? '(0,0)'],
  )
}

/** As it is unpacked, where PostgreSQL says so without unpacking it. */
function sizeOf({ name, type }: Table['columns'][number]): string {
  const isPlain = /^(text|bytea|character varying)/.test(type) && !type.endsWith('[]')
  return `${isPlain ? 'octet_length' : 'pg_column_size'}(${quote(name)})`
}

function batchesOf(places: Place[]): string[][] {
  const batches: string[][] = []
  let bytes = Number.POSITIVE_INFINITY
  for (const place of places) {
    bytes += place.bytes
    if (bytes > batchMaxBytes || batches.at(-1)!.length >= batchMaxRows) {
      batches.push([])
      bytes = place.bytes
    }
    batches.at(-1)!.push(place.at)
  }
  return batches
}

async function rowsAt(sql: TransactionSql, { name, columns }: Table, places: string[]): Promise<Row[]> {
  const values = columns.map(column => `${quote(column.name)}::text`).join(', ')
  const rows = await sql
    .unsafe(`select ${values} from ${quote(name)} where ctid = any($1::text[]::tid[]) order by ctid`, [
      places,
    ])
    .values()
  if (rows.length !== places.length) throw new Error(`Rows of ${name} changed while they were read.`)
  return rows as unknown as Row[]
}
