import { type AppliedMigration, migrate } from '../engine/migrate.ts'
import { StartError } from '../engine/start-error.ts'
import type { Database } from '../engine/transaction.ts'
import { insertRows, type Row, readRows } from './rows.ts'
import {
  type Digest,
  digestOf,
  emptyTables,
  inTextForm,
  listSequences,
  listTables,
  missingIn,
  type Sequence,
  setSequences,
  setTriggers,
  type Table,
} from './tables.ts'

/** What a backup consists of, in this order; `rows` come between the `table` they are of and its `end`. */
export type Entry =
  | { kind: 'begin'; version: 1; created_at: string; migrations: AppliedMigration[]; tables: Table[] }
  | { kind: 'table'; name: string }
  | { kind: 'rows'; rows: Row[] }
  | ({ kind: 'end'; name: string } & Digest)
  | { kind: 'sequences'; sequences: Sequence[] }
  | { kind: 'complete'; tables: number; rows: number }

export const backupVersion = 1

/** Everything in a database that nobody writes to meanwhile. */
export async function* readDatabase(database: Database): AsyncGenerator<Entry> {
  const migrations = await database.sql<AppliedMigration[]>`
    select number, name, checksum from migrations order by number`
  const tables = await inTextForm(database, listTables)
  const created_at = new Date().toISOString()
  yield { kind: 'begin', version: backupVersion, created_at, migrations: [...migrations], tables }
  let rows = 0
  for (const table of tables) {
    yield { kind: 'table', name: table.name }
    for await (const batch of readRows(database, table)) yield { kind: 'rows', rows: batch.rows }
    const digest = await inTextForm(database, sql => digestOf(sql, table))
    rows += digest.rows
    yield { kind: 'end', name: table.name, ...digest }
  }
  yield { kind: 'sequences', sequences: await inTextForm(database, listSequences) }
  yield { kind: 'complete', tables: tables.length, rows }
}

/**
 * Puts a backup into an empty database: first its schema as it then was, then its rows, which are compared with what the
 * backup says of them, then what this program has added to the schema since.
 * @throws StartError when the backup is not whole, is of a newer program, or what was put in differs from it
 */
export async function restoreDatabase(
  database: Database,
  entries: AsyncIterable<Entry>,
  report: (table: string, rows: number) => void = () => {},
): Promise<{ tables: number; rows: number; created_at: string }> {
  let begin: Extract<Entry, { kind: 'begin' }> | null = null
  let table: Table | undefined
  for await (const entry of entries) {
    if (entry.kind === 'begin') {
      begin = entry
      await prepare(database, begin)
    } else if (entry.kind === 'table') {
      table = begin?.tables.find(({ name }) => name === entry.name)
    } else if (entry.kind === 'rows') {
      const { rows } = entry
      await inTextForm(database, sql => insertRows(sql, table!, rows))
    } else if (entry.kind === 'end') {
      await assertSame(database, table!, entry)
      report(entry.name, entry.rows)
    } else if (entry.kind === 'sequences') {
      const { sequences } = entry
      await inTextForm(database, sql => setSequences(sql, sequences))
    } else {
      const { tables } = begin!
      await inTextForm(database, sql => setTriggers(sql, tables, 'enable'))
      await migrate(database)
      await database.sql.unsafe('analyze')
      return { tables: entry.tables, rows: entry.rows, created_at: begin!.created_at }
    }
  }
  throw new StartError('The backup ends before its end.')
}

async function prepare(
  database: Database,
  { migrations, tables }: Extract<Entry, { kind: 'begin' }>,
): Promise<void> {
  await migrate(database, undefined, migrations)
  await inTextForm(database, async sql => {
    const existing = await listTables(sql)
    const missing = missingIn(tables, existing)
    if (missing.length > 0)
      throw new StartError(`There is no place for ${missing.join(', ')} in this program.`)
    await setTriggers(sql, existing, 'disable')
    await emptyTables(sql, existing)
  })
}

async function assertSame(database: Database, table: Table, { rows, checksum }: Digest): Promise<void> {
  const existing = await inTextForm(database, sql => digestOf(sql, table))
  if (existing.rows !== rows || existing.checksum !== checksum)
    throw new StartError(
      `${table.name} is not what was backed up: ${existing.rows} rows instead of ${rows}, checksum ${existing.checksum} instead of ${checksum}.`,
    )
}
