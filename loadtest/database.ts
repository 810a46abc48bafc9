import { spawn, spawnSync } from 'node:child_process'
import { randomBytes } from 'node:crypto'
import { once } from 'node:events'
import { fileURLToPath } from 'node:url'
import postgres from 'postgres'
import { unusedPort } from '../test/fixtures/processes.ts'
import { pause, until } from './load.ts'

const script = fileURLToPath(new URL('../test/tooling/postgres.sh', import.meta.url))
/** The first start makes the tree, which takes a minute. */
const startMs = 180_000
const flushMs = 11_000

/** A PostgreSQL server in which each measured server gets a database of its own. */
export interface DatabaseServer {
  /** How it was come by, and whether a commit reaches the disk. */
  about: string
  /** @param flushMs how long the disk takes for a commit, at least: what is fast here is not fast everywhere */
  create(flushMs: number): Promise<{ url: string; drop(): Promise<void> }>
  /** Transactions of a database so far; a statement outside of one is one too. */
  transactions(url: string): Promise<number>
  close(): Promise<void>
}

/** The one that `TEST_DATABASE_URL` names, else one started for this run; null where neither can be had. */
export async function openDatabaseServer(): Promise<DatabaseServer | null> {
  const input = process.env.TEST_DATABASE_URL
  if (input) return describe(input, 'the one TEST_DATABASE_URL names', async () => {})
  if (process.getuid?.() !== 0 || spawnSync('which', ['debootstrap']).status !== 0) return null
  const port = await unusedPort()
  const child = spawn(script, ['start', String(port), '/var/lib/parley-bench'], {
    stdio: ['ignore', 'ignore', 'ignore'],
  })
  const url = `postgres://postgres@127.0.0.1:${port}/postgres`
  await until('PostgreSQL', () => child.exitCode !== null || answers(url), startMs)
  if (child.exitCode !== null) return null
  return describe(url, 'started for this run', async () => {
    const exited = once(child, 'exit')
    child.kill('SIGINT')
    await exited
  })
}

async function describe(url: string, origin: string, close: () => Promise<void>): Promise<DatabaseServer> {
  const [settings] = await onServer(
    url,
    sql => sql`
      select current_setting('server_version') as version, current_setting('fsync') as fsync,
        current_setting('synchronous_commit') as commit`,
  )
  const { version, fsync, commit } = settings!
  return {
    about: `PostgreSQL ${version}, ${origin}; fsync ${fsync}, synchronous_commit ${commit}`,
    async create(flushMs) {
      const name = `bench_${randomBytes(6).toString('hex')}`
      await onServer(url, async sql => {
        await sql`create database ${sql(name)}`
        // Whoever writes the log waits that long first, whether others commit beside it or not.
        for (const [setting, value] of flushMs > 0 ? Object.entries(slowDisk(flushMs)) : [])
          await sql.unsafe(`alter database ${name} set ${setting} = ${value}`)
      })
      return {
        url: Object.assign(new URL(url), { pathname: `/${name}` }).href,
        drop: async () => void (await onServer(url, sql => sql`drop database ${sql(name)} with (force)`)),
      }
    },
    async transactions(of) {
      // A connection that does nothing tells of what it did within 10 s.
      await pause(flushMs)
      const name = new URL(of).pathname.slice(1)
      const [row] = await onServer(
        url,
        sql => sql`
          select (xact_commit + xact_rollback)::int as count from pg_stat_database where datname = ${name}`,
      )
      return row!.count
    },
    close,
  }
}

function slowDisk(flushMs: number) {
  return { commit_delay: flushMs * 1000, commit_siblings: 0 }
}

async function onServer<T>(url: string, work: (sql: postgres.Sql) => Promise<T>): Promise<T> {
  const sql = postgres(url, { max: 1, onnotice() {}, connect_timeout: 5 })
  try {
    return await work(sql)
  } finally {
    await sql.end()
  }
}

function answers(url: string): Promise<boolean> {
  return onServer(url, sql => sql`select 1`).then(
    () => true,
    () => false,
  )
}
