import type { Database, TransactionSql } from '../engine/transaction.ts'

export interface Table {
  name: string
  /** Those with values of their own: what the database computes is left to it. */
  columns: { name: string; type: string }[]
}

export interface Sequence {
  name: string
  last_value: string
  is_called: boolean
}

/** How many rows there are, and a sum over all of them that does not depend on their order. */
export interface Digest {
  rows: number
  checksum: string
}

/** What a move has done so far, in the database it goes to. */
export const progressTable = 'move_progress'

/** Nothing of it belongs to the data: the program writes it itself. */
const ownTables = ['migrations', progressTable]

/** So long may a single statement over a large table take. */
export const longMs = 3_600_000

/** A transaction in which values are written as text the same way everywhere, whatever the database is set to. */
export function inTextForm<T>(
  database: Database,
  work: (sql: TransactionSql) => Promise<T>,
  deadlineMs = longMs,
): Promise<T> {
  return database.transaction(async sql => {
    await sql`
      select set_config('datestyle', 'ISO, YMD', true), set_config('timezone', 'UTC', true),
        set_config('intervalstyle', 'postgres', true), set_config('extra_float_digits', '1', true),
        set_config('bytea_output', 'hex', true), set_config('statement_timeout', '0', true),
        set_config('standard_conforming_strings', 'on', true)`
    return work(sql)
  }, deadlineMs)
}

/**
 * All tables of the schema with all their columns, by the database's own catalogue: a table comes after those it refers to.
 * @throws Error when tables refer to each other in a circle
 */
export async function listTables(sql: TransactionSql): Promise<Table[]> {
  const rows = await sql<{ name: string; columns: string[]; types: string[]; refers_to: string[] }[]>`
    select c.relname::text as name,
      array(select attname::text from pg_attribute a where attrelid = c.oid and attnum > 0 and not attisdropped
        and attgenerated = '' order by attnum) as columns,
      array(select format_type(atttypid, atttypmod) from pg_attribute a where attrelid = c.oid and attnum > 0
        and not attisdropped and attgenerated = '' order by attnum) as types,
      array(select distinct f.relname::text from pg_constraint k join pg_class f on f.oid = k.confrelid
        where k.conrelid = c.oid and k.contype = 'f' and k.confrelid <> c.oid) as refers_to
    from pg_class c
    where c.relnamespace = current_schema()::regnamespace and c.relkind in ('r', 'p') and not c.relispartition
      and c.relname <> all(${ownTables}::text[])
      and not exists (select 1 from pg_depend d where d.objid = c.oid and d.deptype = 'e')
    order by c.relname`
  const ordered: (typeof rows)[number][] = []
  const left = [...rows]
  while (left.length > 0) {
    const at = left.findIndex(row => row.refers_to.every(name => ordered.some(done => done.name === name)))
    if (at < 0) throw new Error(`These tables refer to each other: ${left.map(row => row.name).join(', ')}.`)
    ordered.push(...left.splice(at, 1))
  }
  return ordered.map(({ name, columns, types }) => ({
    name,
    columns: columns.map((column, index) => ({ name: column, type: types[index]! })),
  }))
}

export async function listSequences(sql: TransactionSql): Promise<Sequence[]> {
  const names = await sql<{ name: string }[]>`
    select relname::text as name from pg_class
    where relkind = 'S' and relnamespace = current_schema()::regnamespace order by relname`
  const sequences: Sequence[] = []
  for (const { name } of names) {
    const [row] = await sql<Omit<Sequence, 'name'>[]>`select last_value::text, is_called from ${sql(name)}`
    sequences.push({ name, ...row! })
  }
  return sequences
}

export async function setSequences(sql: TransactionSql, sequences: Sequence[]): Promise<void> {
  for (const { name, last_value, is_called } of sequences)
    await sql`select setval(${quote(name)}::text::regclass, ${last_value}::text::bigint, ${is_called})`
}

export async function digestOf(sql: TransactionSql, table: Table): Promise<Digest> {
  const row = `row(${table.columns.map(({ name }) => quote(name)).join(', ')})::text`
  const [found] = await sql.unsafe<Digest[]>(`
    select count(*) as rows, coalesce(sum(('x' || left(md5(${row}), 15))::bit(60)::bigint), 0)::text as checksum
    from ${quote(table.name)}`)
  return { rows: Number(found!.rows), checksum: found!.checksum }
}

/** What rows that migrations put in, or an interrupted work, has left. */
export async function emptyTables(sql: TransactionSql, tables: Table[]): Promise<void> {
  for (const { name } of tables.toReversed()) await sql`delete from ${sql(name)}`
}

/** Triggers of our own say what changes from now on; what is copied has been through them. */
export async function setTriggers(
  sql: TransactionSql,
  tables: Table[],
  state: 'enable' | 'disable',
): Promise<void> {
  for (const { name } of tables) await sql.unsafe(`alter table ${quote(name)} ${state} trigger user`)
}

/** Names that stand in one list only, for a sentence. */
export function missingIn(tables: Table[], others: Table[]): string[] {
  return tables.flatMap(({ name, columns }) => {
    const other = others.find(entry => entry.name === name)
    if (!other) return [name]
    return columns
      .filter(column => !other.columns.some(entry => entry.name === column.name))
      .map(column => `${name}.${column.name}`)
  })
}

export function quote(name: string): string {
  return `"${name.replaceAll('"', '""')}"`
}
