import type { Database } from '../engine/transaction.ts'

/**
 * Runs `work` while nobody writes, and with everything that is committed in the files of the embedded database. All
 * others wait for its one connection.
 */
export async function whileQuiet(
  { sql, transaction }: Database,
  work: () => Promise<void>,
  deadlineMs: number,
): Promise<void> {
  // Most of what is to be written is written before anybody waits.
  await sql`checkpoint`
  await transaction(async inner => {
    await inner`checkpoint`
    await work()
  }, deadlineMs)
}
