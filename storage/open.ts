import postgres from 'postgres'
import { openEmbedded } from './embedded.ts'
import { migrate } from './migrate.ts'
import { StartError } from './start-error.ts'
import { createDatabase, type Database, DatabaseUnavailable } from './transaction.ts'
import { dial } from './wire.ts'

export interface StorageOptions {
  /** A PostgreSQL with pgvector; none for the embedded database in `folder`. */
  databaseUrl: string | null
  folder: string
  /** Connections of the pool; the embedded database always has one. */
  connections?: number
  /** Refuse a plain query inside a transaction on PostgreSQL too, where it would only wait for a connection: for tests. */
  guarded?: boolean
  onDeath?: (error: Error) => void
}

const types = {
  bigint: { to: 20, from: [20], parse: Number, serialize: (value: number) => String(value) },
  date: {
    to: 1184,
    from: [1082, 1114, 1184],
    serialize: (value: string) => value,
    parse: (value: string) => new Date(value).toISOString(),
  },
  // Arrays of PostgreSQL's own types, by the numbers they have everywhere. The driver would ask for them at every
  // connection, and when that one is cut meanwhile, nobody catches the error.
  numbers: { to: 1007, from: [1005, 1007, 1016, 1021, 1022], serialize: toArray, parse: readNumbers },
  texts: { to: 1009, from: [1000, 1009, 1015, 1185, 2951], serialize: toArray, parse: readTexts },
}

const needsEscape = /["\\]/

function toArray(items: readonly (string | number | boolean | null)[]): string {
  return `{${items.map(toItem).join(',')}}`
}

function toItem(item: string | number | boolean | null): string {
  if (typeof item !== 'string') return item === null ? 'NULL' : String(item)
  return needsEscape.test(item) ? `"${item.replace(/["\\]/g, '\\$&')}"` : `"${item}"`
}

function readNumbers(written: string): number[] {
  return written === '{}' ? [] : written.slice(1, -1).split(',').map(Number)
}

function readTexts(written: string): string[] {
  const items = written.slice(1, -1).matchAll(/"((?:\\.|[^"\\])*)"|[^,]+/gs)
  return Array.from(items, ([bare, quoted]) => quoted?.replace(/\\(.)/gs, '$1') ?? bare)
}

/**
 * Opens the one or the other database by `databaseUrl` alone and brings its schema up to date.
 * @throws StartError when it is not there, not fit, or in use
 */
export async function openDatabase(options: StorageOptions): Promise<Database> {
  const database = options.databaseUrl
    ? openPostgres(options.databaseUrl, options)
    : await openFolder(options)
  try {
    await migrate(database)
  } catch (error) {
    await database.close().catch(() => {})
    throw error instanceof DatabaseUnavailable ? unreachable(options.databaseUrl, error) : error
  }
  return database
}

/** Seconds before the next attempt: the driver's own would count every cut connection and wait up to 20 s. */
const backoff = () => 0.05 + Math.random() * 0.15

const common = {
  types,
  fetch_types: false,
  onnotice: () => {},
  connect_timeout: 2,
  max_lifetime: null,
  backoff,
}

function openPostgres(url: string, { connections = 12, guarded = false }: StorageOptions): Database {
  const openPool = () =>
    postgres(url, {
      ...common,
      // Not among the driver's typed options.
      ...{ socket: dial },
      max: connections,
      connection: {
        application_name: 'parley',
        statement_timeout: 30_000,
        // Compiling a statement costs more than any of ours takes.
        jit: 'off',
        // Planned once for each connection: PostgreSQL guesses more rows than our short lists have, and would plan anew each time.
        plan_cache_mode: 'force_generic_plan',
        // What is asked all day is looked up by key and lies in memory; priced as on a turning disk, small tables would be read whole.
        random_page_cost: 1.1,
        // What a lost connection has locked is free again after this; ours wait in no transaction.
        idle_in_transaction_session_timeout: 5000,
        // Nobody waits for a lock in the name of a client that is gone.
        client_connection_check_interval: 2000,
      },
    })
  return createDatabase({ kind: 'postgres', connections, guarded, openPool, close: async () => {} })
}

async function openFolder({ folder, onDeath }: StorageOptions): Promise<Database> {
  const embedded = await openEmbedded(folder)
  if (onDeath) embedded.onDeath(onDeath)
  // One connection: its socket server mixes up a pool's transactions and plain queries.
  const openPool = () =>
    postgres({
      ...common,
      host: embedded.socketFolder,
      port: 5432,
      database: 'postgres',
      username: 'postgres',
      max: 1,
      connect_timeout: 60,
    })
  return createDatabase({ kind: 'embedded', connections: 1, guarded: true, openPool, close: embedded.close })
}

/** Without the user and password that stand in the address. */
function unreachable(databaseUrl: string | null, { cause }: DatabaseUnavailable): StartError {
  const host = databaseUrl ? new URL(databaseUrl).host : 'the embedded one'
  const code = (cause as { code?: string } | undefined)?.code ?? 'no answer in time'
  return new StartError(`The database at ${host} does not answer (${code}).`, { cause })
}
