import { join } from 'node:path'
import postgres from 'postgres'
import { progressTable } from '../transfer/tables.ts'
import { readDatabaseUrl } from './database-url.ts'
import { commonOptions, driverOptions } from './driver.ts'
import { openEmbedded } from './embedded.ts'
import { migrate } from './migrate.ts'
import { createScrub, type ScrubTimings, scrubTimings } from './scrub.ts'
import { assertSessions, queryServer } from './server-facts.ts'
import { databaseStartError, StartError } from './start-error.ts'
import { createDatabase, type Database } from './transaction.ts'

export interface StorageOptions {
  /** A PostgreSQL with pgvector; none for the embedded database in `folder`. */
  databaseUrl: string | null
  folder: string
  /** Connections of the pool; the embedded database always has one. */
  connections?: number
  /** Refuse a plain query inside a transaction on PostgreSQL too, where it would only wait for a connection: for tests. */
  guarded?: boolean
  onDeath?: (error: Error) => void
  /** Brings the schema to where it has to be; none of its own: up to date. */
  prepare?: (database: Database) => Promise<void>
  scrub?: Partial<ScrubTimings>
  /** The space of what was removed from the embedded database holds nothing of it any more. */
  onScrubbed?: (pages: number) => void
}

/**
 * Opens the one or the other database by `databaseUrl` alone and brings its schema up to date.
 * @throws StartError when it is not there, not fit, or in use
 */
export async function openDatabase(options: StorageOptions): Promise<Database> {
  const database = options.databaseUrl
    ? await openPostgres(options.databaseUrl, options)
    : await openFolder(options)
  const { prepare = bringUpToDate } = options
  try {
    await prepare(database)
  } catch (error) {
    await database.close().catch(() => {})
    throw databaseStartError(
      error,
      options.databaseUrl === null ? null : readDatabaseUrl(options.databaseUrl),
    )
  }
  return database
}

/** The first answer of a database that has just been opened may take long. */
const firstAnswerMs = 60_000

async function bringUpToDate(database: Database): Promise<void> {
  const { sql, withDeadline } = database
  const [move] = await withDeadline(
    sql`select to_regclass(${progressTable}) is not null as half`,
    firstAnswerMs,
  )
  if (move!.half) throw new StartError('This database holds half of a move: finish it with “npm run move”.')
  await migrate(database)
}

async function openPostgres(
  url: string,
  { connections = 12, guarded = false }: StorageOptions,
): Promise<Database> {
  const address = readDatabaseUrl(url)
  const { isPooled, startSettings } = await queryServer(address)
  if (isPooled) await assertSessions(address, connections)
  const openPool = () =>
    postgres({
      ...driverOptions(address, startSettings),
      max: connections,
      // What one session has prepared, the next one behind a pooler does not know.
      prepare: !isPooled,
    })
  return createDatabase({ kind: 'postgres', isPooled, connections, guarded, openPool, close: async () => {} })
}

async function openFolder({ folder, onDeath, scrub, onScrubbed }: StorageOptions): Promise<Database> {
  const embedded = await openEmbedded(folder)
  if (onDeath) embedded.onDeath(onDeath)
  // One connection: its socket server mixes up a pool's transactions and plain queries.
  const openPool = () =>
    postgres({
      ...commonOptions,
      host: embedded.socketFolder,
      port: 5432,
      database: 'postgres',
      username: 'postgres',
      max: 1,
      connect_timeout: 60,
    })
  const database = createDatabase({
    kind: 'embedded',
    isPooled: false,
    connections: 1,
    guarded: true,
    openPool,
    close: embedded.close,
  })
  const scrubbing = createScrub(database, join(folder, 'embedded'), {
    timings: { ...scrubTimings, ...scrub },
    onDone: pages => onScrubbed?.(pages),
  })
  return {
    ...database,
    erased: scrubbing.request,
    async close() {
      await scrubbing.close()
      await database.close()
    },
  }
}
