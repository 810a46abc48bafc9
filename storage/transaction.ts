import { AsyncLocalStorage } from 'node:async_hooks'
import type postgres from 'postgres'

/** Columns come back as the wire has them: int8 as number (our counters stay below 2^53), times as ISO strings in UTC. */
export type Types = { bigint: number; date: string }
export type Sql = postgres.Sql<Types>
export type TransactionSql = postgres.TransactionSql<Types>

/** The database did not answer in time or is away: the caller may try again. */
export class DatabaseUnavailable extends Error {
  constructor(message: string, options?: ErrorOptions) {
    super(message, options)
    this.name = 'DatabaseUnavailable'
  }
}

export interface Database {
  kind: 'embedded' | 'postgres'
  /** For single statements; inside a transaction use the one handed over. */
  sql: Sql
  /** Runs `work` in one transaction, rolled back when it throws. */
  transaction<T>(work: (sql: TransactionSql) => Promise<T>, deadlineMs?: number): Promise<T>
  /** Resolves with what `work` does, or throws DatabaseUnavailable after `deadlineMs` (2 s). */
  within<T>(work: Promise<T>, deadlineMs?: number): Promise<T>
  /** Whether it is there. Never rejects. */
  answers(): Promise<boolean>
  close(): Promise<void>
}

/**
 * The driver with two additions: `guarded`, a plain query inside an open transaction throws (on the embedded database's
 * one connection it would wait for ever; knowing costs every promise of the process a little), and everything has a deadline (the driver may hang when connections are cut:
 * porsager/postgres #1154, #1208, #1214).
 */
export function createDatabase(
  pool: Sql,
  { kind, guarded, close: closeBelow }: { kind: Database['kind']; guarded: boolean; close(): Promise<void> },
): Database {
  const open = guarded ? new AsyncLocalStorage<true>() : null
  function refuseInside() {
    if (open?.getStore())
      throw new Error('A plain query inside an open transaction: use the sql it was handed.')
  }
  const sql = new Proxy(pool, {
    apply(target, _self, parts) {
      refuseInside()
      return Reflect.apply(target, undefined, parts)
    },
    get(target, property) {
      if (property === 'unsafe' || property === 'begin') refuseInside()
      return Reflect.get(target, property)
    },
  })
  return {
    kind,
    sql,
    within,
    transaction(work, deadlineMs) {
      refuseInside()
      const running = pool.begin(inner => (open ? open.run(true, () => work(inner)) : work(inner)))
      return within(running as Promise<Awaited<ReturnType<typeof work>>>, deadlineMs)
    },
    answers: () =>
      within(pool`select 1`).then(
        () => true,
        () => false,
      ),
    async close() {
      await pool.end({ timeout: 2 })
      await closeBelow()
    },
  }
}

async function within<T>(work: Promise<T>, deadlineMs = 2000): Promise<T> {
  let timer: NodeJS.Timeout | undefined
  const late = new Promise<never>((_resolve, reject) => {
    timer = setTimeout(
      () => reject(new DatabaseUnavailable('The database did not answer in time.')),
      deadlineMs,
    )
  })
  try {
    return await Promise.race([work, late])
  } catch (error) {
    throw isAway(error) ? new DatabaseUnavailable('The database is away.', { cause: error }) : error
  } finally {
    clearTimeout(timer)
  }
}

/** Connection-level failures of the driver, the operating system, and SQLSTATE classes 08, 53, 57P. */
function isAway(error: unknown): boolean {
  const code = (error as { code?: unknown } | null)?.code
  return (
    typeof code === 'string' && /^(CONNECT|ECONN|EPIPE|ENOENT|ETIMEDOUT|EHOST|ENOTFOUND|08|53|57P)/.test(code)
  )
}
