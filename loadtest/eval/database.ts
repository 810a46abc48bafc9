import { randomBytes } from 'node:crypto'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import postgres from 'postgres'
import { openDatabase } from '../../storage/engine/open.ts'

export type Database = Awaited<ReturnType<typeof openDatabase>>

/** A database of its own: a new folder, or a new database of the server that DATABASE_URL names, dropped at the end. */
export async function withDatabase<T>(work: (database: Database) => Promise<T>): Promise<T> {
  const folder = await mkdtemp(join(tmpdir(), 'parley-eval-'))
  const server = process.env.DATABASE_URL ? new URL(process.env.DATABASE_URL) : null
  const name = `parley_eval_${randomBytes(4).toString('hex')}`
  const own = server && Object.assign(new URL(server), { pathname: `/${name}` })
  const sql = server && postgres(server.href, { max: 1, onnotice() {} })
  if (sql) await sql`create database ${sql(name)}`
  try {
    const database = await openDatabase({ databaseUrl: own?.href ?? null, folder })
    try {
      return await work(database)
    } finally {
      await database.close()
    }
  } finally {
    if (sql) {
      await sql`drop database ${sql(name)} with (force)`
      await sql.end()
    }
    await rm(folder, { recursive: true, force: true })
  }
}
