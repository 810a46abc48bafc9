import { statfs } from 'node:fs/promises'
import type { Database } from './transaction.ts'

/** Whether the database takes what has to last, and why not. */
export type DatabaseState = 'ok' | 'away' | 'read_only' | 'full'

/** Whoever asks is not kept waiting for a database that hangs. */
const answerMs = 500
/** Room is looked at so often: trying it costs the database a file. */
const roomMs = 10_000
/** Below this the embedded database cannot go on for long. */
const minFreeBytes = 32_000_000

/** @param folder where the embedded database lies */
export function createHealth(database: Database, folder: string): () => Promise<DatabaseState> {
  let room: Promise<boolean> = Promise.resolve(true)
  let checkedAt = Number.NEGATIVE_INFINITY

  function hasRoom(): Promise<boolean> {
    const now = performance.now()
    if (now - checkedAt < roomMs) return room
    checkedAt = now
    room = database.kind === 'embedded' ? folderHasRoom(folder) : databaseHasRoom(database)
    return room
  }

  async function check(): Promise<DatabaseState> {
    // Of a pooled session only a transaction of ours knows what it may do.
    const setting = database.isPooled ? 'off' : null
    const read = database.sql<{ locked: boolean }[]>`
      select pg_is_in_recovery() or coalesce(${setting}, current_setting('transaction_read_only')) = 'on' as locked`
    const [row] = await database.withDeadline(read)
    if (row?.locked) return 'read_only'
    return (await hasRoom()) ? 'ok' : 'full'
  }

  return () => {
    const timeout = new Promise<DatabaseState>(resolve => setTimeout(resolve, answerMs, 'away').unref())
    return Promise.race([check().catch(() => 'away' as const), timeout])
  }
}

async function folderHasRoom(folder: string): Promise<boolean> {
  const { bavail, bsize } = await statfs(folder)
  return bavail * bsize >= minFreeBytes
}

/** A table of this transaction only takes a new file: what PostgreSQL refuses first when its disk is full (53100). */
async function databaseHasRoom(database: Database): Promise<boolean> {
  try {
    await database.transaction(async sql => {
      await sql`create temporary table parley_room on commit drop as select repeat('x', 20000) as filling`
    })
    return true
  } catch (error) {
    const { code, cause } = error as { code?: string; cause?: { code?: string } }
    return ![code, cause?.code].some(found => found === '53100')
  }
}
