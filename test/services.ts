import { randomBytes } from 'node:crypto'
import postgres from 'postgres'
import { fillDataFolder } from './fixtures/embedded-template.ts'

export interface FreshDatabase {
  /** Null for the embedded one. */
  url: string | null
  drop(): Promise<void>
}

/**
 * A database of its own for a test file: made in the PostgreSQL that `TEST_DATABASE_URL` names, or the embedded one in
 * `folder` where there is none or `TEST_DATABASE` is `embedded`.
 */
export async function freshDatabase(folder: string): Promise<FreshDatabase> {
  if (!process.env.TEST_DATABASE_URL || process.env.TEST_DATABASE === 'embedded') {
    await fillDataFolder(folder)
    return { url: null, drop: async () => {} }
  }
  return freshPostgres()
}

/** As somebody else's database may be set up: with `TEST_DATABASE_SETTINGS=foreign` every database of the tests is. */
export const foreignSettings: Record<string, string> = {
  datestyle: 'German, DMY',
  timezone: 'Asia/Kathmandu',
  intervalstyle: 'sql_standard',
  bytea_output: 'escape',
  extra_float_digits: '-5',
  array_nulls: 'off',
  standard_conforming_strings: 'off',
  default_transaction_isolation: 'serializable',
  default_transaction_read_only: 'on',
  synchronous_commit: 'off',
  statement_timeout: '20',
  lock_timeout: '20',
  idle_in_transaction_session_timeout: '20',
  row_security: 'off',
  gin_fuzzy_search_limit: '1',
  plan_cache_mode: 'force_custom_plan',
}

async function setUp(sql: postgres.Sql, name: string, settings: Record<string, string>): Promise<void> {
  for (const [setting, value] of Object.entries(settings))
    await sql.unsafe(`alter database ${name} set ${setting} = '${value}'`)
}

/** For suites that need the real one: several processes, connections that are cut. */
export async function freshPostgres(
  settings = process.env.TEST_DATABASE_SETTINGS === 'foreign' ? foreignSettings : {},
): Promise<FreshDatabase> {
  const server = process.env.TEST_DATABASE_URL!
  const name = `test_${randomBytes(6).toString('hex')}`
  await onServer(server, async sql => {
    await sql`create database ${sql(name)}`
    await setUp(sql, name, settings)
  })
  const url = new URL(server)
  url.pathname = `/${name}`
  return {
    url: url.href,
    drop: () => onServer(server, sql => sql`drop database ${sql(name)} with (force)`),
  }
}

/** Something done to the PostgreSQL itself. */
export async function onServer(url: string, work: (sql: postgres.Sql) => Promise<unknown>): Promise<void> {
  const sql = postgres(url, { max: 1, onnotice: () => {} })
  try {
    await work(sql)
  } finally {
    await sql.end()
  }
}

/** Whether a suite's service is there; if not, says so in one line, or fails where CI must skip nothing. */
export function hasService(name: string, available: boolean, howTo: string): boolean {
  if (available) return true
  const line = `${name} is not there, its suite is left out. To run it: ${howTo}`
  if (process.env.REQUIRE_SERVICES === '1') throw new Error(line)
  process.stderr.write(`${line}\n`)
  return false
}
