import { createHash } from 'node:crypto'
import { readdir, readFile } from 'node:fs/promises'
import { StartError } from './start-error.ts'
import type { Database } from './transaction.ts'

/** Any number, the same for every node: PostgreSQL's advisory lock that one of them migrates under. */
const lockId = 7_230_418

interface Migration {
  number: number
  name: string
  text: string
  checksum: string
}

/** As the database, or a backup of one, knows it. */
export type AppliedMigration = Pick<Migration, 'number' | 'name' | 'checksum'>

const ownFolder = new URL('../migrations/', import.meta.url)

/**
 * Applies what is new in `folder`, in the order of their numbers (which may leave gaps), each once and in its own transaction.
 * @throws StartError when an applied file was edited or is missing, or when the database is newer than this program.
 * @param only those of a backup: its schema is made as it was, and no newer
 */
export async function migrate(
  database: Database,
  folder = ownFolder,
  only?: readonly AppliedMigration[],
): Promise<void> {
  const all = await readMigrations(folder)
  if (only) assertKnown(all, only)
  const migrations = only ? all.filter(({ number }) => only.some(entry => entry.number === number)) : all
  for (;;) {
    const done = await database.transaction(async sql => {
      await sql`select pg_advisory_xact_lock(${lockId})`
      await sql`create table if not exists migrations (
        number int primary key, name text not null, checksum text not null, applied_at timestamptz not null default now())`
      const applied = await sql<AppliedMigration[]>`
        select number, name, checksum from migrations order by number`
      assertKnown(all, applied)
      const next = migrations.find(migration => !applied.some(row => row.number === migration.number))
      if (!next) return true
      await sql.unsafe(next.text)
      await sql`insert into migrations ${sql({ number: next.number, name: next.name, checksum: next.checksum })}`
      return false
    }, 600_000)
    if (done) return
  }
}

function assertKnown(migrations: Migration[], applied: readonly AppliedMigration[]): void {
  for (const row of applied) {
    const known = migrations.find(migration => migration.number === row.number)
    if (!known)
      throw new StartError(
        `Migration ${row.name} was applied to this database but is not part of this program: start the newer version of Parley that made it, or put back a backup of before.`,
      )
    if (known.checksum !== row.checksum)
      throw new StartError(`Migration ${known.name} was edited after it was applied.`)
  }
}

async function readMigrations(folder: URL): Promise<Migration[]> {
  const names = (await readdir(folder)).filter(name => name.endsWith('.sql')).sort()
  return Promise.all(
    names.map(async (name, index) => {
      const number = Number.parseInt(name, 10)
      const before = Number.parseInt(names[index - 1] ?? '0', 10)
      if (!(number > before))
        throw new StartError(`Migration ${name}: a number above ${before} was expected.`)
      const text = await readFile(new URL(name, folder), 'utf8')
      return { number, name, text, checksum: createHash('sha256').update(text).digest('hex') }
    }),
  )
}
