import type { Database } from './transaction.ts'

/** Milliseconds since the epoch, by the database's clock. */
export async function databaseTime({ sql, withDeadline }: Database): Promise<number> {
  const [row] = await withDeadline(sql<{ ms: number }[]>`
    select extract(epoch from clock_timestamp())::float8 * 1000 as ms`)
  return row!.ms
}
