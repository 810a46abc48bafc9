import { migrate } from '../engine/migrate.ts'
import { StartError } from '../engine/start-error.ts'
import type { Database, TransactionSql } from '../engine/transaction.ts'
import { insertRows, readRows } from './rows.ts'
import {
  digestOf,
  emptyTables,
  inTextForm,
  listSequences,
  listTables,
  missingIn,
  progressTable,
  setSequences,
  setTriggers,
  type Table,
} from './tables.ts'

export interface MoveReport {
  /** Before a table: how much of it is there from an earlier try. */
  onStart?(table: string, rows: number): void
  copied?(table: string, rows: number): void
  compared?(table: string, rows: number): void
  /** Ends it between two batches. */
  signal?: AbortSignal
}

interface Progress {
  last: string | null
  rows: number
  done: boolean
}

/**
 * The schema of a database that is moved into: refused unless it is empty, or holds half of this very move. One that an
 * earlier try left behind is kept as far as `fingerprint` says that the source has not changed since.
 */
export async function beginMove(
  target: Database,
  fingerprint: string,
  migrationsFolder?: URL,
): Promise<void> {
  const [there] = await target.sql<{ half: boolean; tables: number }[]>`
    select to_regclass(${progressTable}) is not null as half,
      (select count(*)::int from pg_class c where relnamespace = current_schema()::regnamespace and relkind in ('r', 'p')
        and not exists (select 1 from pg_depend d where d.objid = c.oid and d.deptype = 'e')) as tables`
  if (!there!.half && there!.tables > 0)
    throw new StartError(
      `The database that DATABASE_URL names is not empty (${there!.tables} tables): a move needs one without any. Make a new one.`,
    )
  await target.sql`
    create table if not exists move_progress (
      name text primary key, last text, rows bigint not null default 0, done boolean not null default false)`
  await migrate(target, migrationsFolder)
  await inTextForm(target, async sql => {
    const [source] = await sql<{ last: string }[]>`select last from move_progress where name = ''`
    if (source?.last === fingerprint) return
    const tables = await listTables(sql)
    await setTriggers(sql, tables, 'disable')
    await emptyTables(sql, tables)
    await sql`delete from move_progress`
    await sql`insert into move_progress (name, last) values ('', ${fingerprint})`
  })
}

/** Changes with every write, and with nothing else. */
export async function fingerprintOf({ sql }: Database): Promise<string> {
  const [row] = await sql<{ at: string }[]>`select pg_snapshot_xmax(pg_current_snapshot())::text as at`
  return row!.at
}

/**
 * All rows of `source`, where nobody writes, to `target` that `beginMove` has prepared; then both are compared. Each batch
 * is committed with how far it got, so that a move goes on where it was interrupted.
 * @returns how many tables and rows there are
 * @throws StartError when the two are not the same in the end
 */
export async function moveRows(
  source: Database,
  target: Database,
  report: MoveReport = {},
): Promise<{ tables: number; rows: number }> {
  const tables = await inTextForm(source, listTables)
  const missing = missingIn(tables, await inTextForm(target, listTables))
  if (missing.length > 0)
    throw new StartError(`The target has no place for ${missing.join(', ')}: nothing was moved.`)
  for (const table of tables) await moveTable(source, target, table, report)
  const sequences = await inTextForm(source, listSequences)
  await inTextForm(target, sql => setSequences(sql, sequences))
  let rows = 0
  for (const table of tables) {
    rows += await compare(source, target, table)
    report.compared?.(table.name, rows)
  }
  await inTextForm(target, async sql => {
    await setTriggers(sql, tables, 'enable')
    await sql`drop table move_progress`
  })
  // Without figures about its new rows the database would plan badly until it looks by itself.
  await target.sql.unsafe('analyze')
  return { tables: tables.length, rows }
}

async function moveTable(
  source: Database,
  target: Database,
  table: Table,
  report: MoveReport,
): Promise<void> {
  const before = await progressOf(target, table)
  if (before.done) return
  let rows = before.rows
  report.onStart?.(table.name, rows)
  for await (const batch of readRows(source, table, before.last)) {
    report.signal?.throwIfAborted()
    rows += batch.rows.length
    await inTextForm(target, async sql => {
      await insertRows(sql, table, batch.rows)
      await saveProgress(sql, table, { last: batch.last, rows, done: false })
    })
    report.copied?.(table.name, rows)
  }
  await inTextForm(target, sql => saveProgress(sql, table, { last: null, rows, done: true }))
}

async function progressOf({ sql }: Database, { name }: Table): Promise<Progress> {
  const [row] = await sql<Progress[]>`select last, rows, done from move_progress where name = ${name}`
  return row ?? { last: null, rows: 0, done: false }
}

async function saveProgress(sql: TransactionSql, { name }: Table, progress: Progress): Promise<void> {
  await sql`
    insert into move_progress ${sql({ name, ...progress })}
    on conflict (name) do update set last = excluded.last, rows = excluded.rows, done = excluded.done`
}

async function compare(source: Database, target: Database, table: Table): Promise<number> {
  const [here, there] = await Promise.all([
    inTextForm(source, sql => digestOf(sql, table)),
    inTextForm(target, sql => digestOf(sql, table)),
  ])
  if (here.rows !== there.rows || here.checksum !== there.checksum)
    throw new StartError(
      `${table.name} differs: ${here.rows} rows here, ${there.rows} there, checksums ${here.checksum} and ${there.checksum}. Empty the target and move again.`,
    )
  return there.rows
}
