import { AsyncLocalStorage } from 'node:async_hooks'
import type postgres from 'postgres'
import { createPool, type PoolUsage } from './pool.ts'
import { pooledBegin, pooledSet } from './session.ts'

/** Columns come back as the wire has them: int8 as number (our counters stay below 2^53), times as ISO strings in UTC. */
export type Types = { bigint: number; date: string }
export type Sql = postgres.Sql<Types>
export type TransactionSql = postgres.TransactionSql<Types>
export type AnySql = Sql | TransactionSql

/** The database did not answer in time or is away: the caller may try again. */
export class DatabaseUnavailable extends Error {
  constructor(message: string, options?: ErrorOptions) {
    super(message, options)
    this.name = 'DatabaseUnavailable'
  }
}

export interface Database {
  kind: 'embedded' | 'postgres'
  /** Sessions are lent for one transaction each: nothing of one is there in the next. */
  isPooled: boolean
  /** For single statements; inside a transaction use the one handed over. */
  sql: Sql
  /** Runs `work` in one transaction, rolled back when it throws. */
  transaction<T>(work: (sql: TransactionSql) => Promise<T>, deadlineMs?: number): Promise<T>
  /** Resolves with what `work` does, or throws DatabaseUnavailable after `deadlineMs` (2 s). */
  withDeadline<T>(work: Promise<T>, deadlineMs?: number): Promise<T>
  /** Of this process, since its start. */
  readonly usage: PoolUsage
  /** Rows were removed for good: the embedded database overwrites where they stood, PostgreSQL is its operator's. */
  erased(): void
  /** Whether it is there. Never rejects. */
  answers(): Promise<boolean>
  close(): Promise<void>
}

export interface DatabaseParts {
  kind: Database['kind']
  isPooled: boolean
  connections: number
  guarded: boolean
  openPool(): Sql
  close(): Promise<void>
}

/**
 * The driver with three additions: `guarded`, a plain query inside an open transaction throws (on the embedded database's
 * one connection it would wait for ever; knowing costs every promise of the process a little); everything has a deadline (the driver may hang when connections are cut:
 * porsager/postgres #1154, #1208, #1214); and its lists of connections are kept short.
 */
export function createDatabase({
  kind,
  isPooled,
  connections,
  guarded,
  openPool,
  close: closeBelow,
}: DatabaseParts): Database {
  const open = guarded ? new AsyncLocalStorage<true>() : null
  const usage = { connections, running: 0, timedOut: 0, replacedPools: 0 }
  const pool = createPool({ kind, connections, openPool, usage })

  function refuseInside() {
    if (open?.getStore())
      throw new Error('A plain query inside an open transaction: use the sql it was handed.')
  }

  async function withDeadline<T>(work: Promise<T>, deadlineMs?: number): Promise<T> {
    const used = pool.enter()
    try {
      return await raceDeadline(work, deadlineMs, () => {
        usage.timedOut += 1
        pool.replace(used)
      })
    } finally {
      pool.leave()
    }
  }

  const sql = new Proxy(pool.current, {
    apply(_target, _self, parts) {
      refuseInside()
      pool.trim()
      return Reflect.apply(pool.current, undefined, parts)
    },
    get(_target, property) {
      if (property === 'unsafe' || property === 'begin') refuseInside()
      return Reflect.get(pool.current, property)
    },
  })
  return {
    kind,
    isPooled,
    sql,
    withDeadline,
    usage,
    transaction(work, deadlineMs) {
      refuseInside()
      pool.trim()
      const running = pool.current.begin(isPooled ? pooledBegin : '', inner => {
        // Sent with the first statement: where it fails, so does that one.
        if (isPooled) inner.unsafe(pooledSet).catch(() => {})
        return open ? open.run(true, () => work(inner)) : work(inner)
      })
      return withDeadline(running as Promise<Awaited<ReturnType<typeof work>>>, deadlineMs)
    },
    erased() {},
    answers: () =>
      withDeadline(pool.current`select 1`).then(
        () => true,
        () => false,
      ),
    async close() {
      await pool.current.end({ timeout: 2 })
      await closeBelow()
    },
  }
}

async function raceDeadline<T>(work: Promise<T>, deadlineMs = 2000, onTimeout: () => void): Promise<T> {
  let timer: NodeJS.Timeout | undefined
  const timedOut = new Promise<never>((_resolve, reject) => {
    timer = setTimeout(() => {
      onTimeout()
      reject(new DatabaseUnavailable('The database did not answer in time.'))
    }, deadlineMs)
  })
  try {
    return await Promise.race([work, timedOut])
  } catch (error) {
    throw isUnavailable(error) ? new DatabaseUnavailable('The database is away.', { cause: error }) : error
  } finally {
    clearTimeout(timer)
  }
}

/** Connection-level failures of the driver, the operating system, and SQLSTATE classes 08, 53, 57P and 25006 (the primary has become a standby), 3D000 and 55000 (another takes its place). */
function isUnavailable(error: unknown): boolean {
  const code = (error as { code?: unknown } | null)?.code
  return (
    typeof code === 'string' &&
    /^(CONNECT|ECONN|EPIPE|ENOENT|ETIMEDOUT|EHOST|ENETUNREACH|ENOTFOUND|EAI_AGAIN|TLS_|08|25006|3D000|53|55000|57P)/.test(
      code,
    )
  )
}
