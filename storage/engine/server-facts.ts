import postgres from 'postgres'
import type { DatabaseAddress } from './database-url.ts'
import { driverOptions } from './driver.ts'
import { pooledStartSettings, startSettings, unfitFor } from './session.ts'
import { databaseStartError, StartError } from './start-error.ts'

/** What a PostgreSQL says of itself before it is used. */
export interface ServerFacts {
  /** Its sessions are not this server's own: something in between lends them for a transaction. */
  isPooled: boolean
  version: number
  schema: string | null
  /** What every session begins with. */
  startSettings: Record<string, string>
}

interface Answer {
  pid: number
  version: number
  standby: boolean
  encoding: string
  database: string
  schema: string | null
  search_path: string
  vector_schema: string | null
  vector_seen: boolean
  vector_offered: boolean
  settings: Record<string, string>
}

/** SQLSTATEs of who takes no parameters at the start of a session: poolers, and servers that lack one of them. */
const refusals = ['08P01', '22023', '42704']
const versionMin = 150_000
/** The first that limits whole transactions. */
const transactionTimeoutVersion = 170_000

/**
 * Asks the server what it is, over a connection of its own. Whether a pooler stands in between shows by itself: it refuses
 * the settings of a session, drops them, or names another process than the one that answers.
 * @throws StartError for what cannot be used
 */
export async function queryServer(address: DatabaseAddress): Promise<ServerFacts> {
  const direct = address.isPooled ? null : await queryAs(address, startSettings)
  const { answer, isOwn } = direct?.isOwn ? direct : (await queryAs(address, pooledStartSettings, true))!
  assertUsable(answer, address)
  const settings = isOwn ? startSettings : pooledStartSettings
  if (!isOwn) assertFit(answer, address)
  return {
    isPooled: !isOwn,
    version: answer.version,
    schema: answer.schema,
    startSettings: {
      ...settings,
      ...(isOwn && {
        search_path: answer.search_path,
        // Law D1: what is acknowledged is on disk. Who asked for more than that keeps it.
        synchronous_commit:
          answer.settings.synchronous_commit === 'off' ? 'on' : answer.settings.synchronous_commit!,
        ...(answer.version >= transactionTimeoutVersion && { transaction_timeout: '0' }),
      }),
    },
  }
}

/** @returns null where the settings are refused and there is another way */
async function queryAs(address: DatabaseAddress, settings: Record<string, string>, isLast = false) {
  const searchPath: Record<string, string> =
    address.schema !== null && !isLast ? { search_path: `"${address.schema}"` } : {}
  const sql = postgres({
    ...driverOptions(address, { ...settings, ...searchPath }, address.connectSeconds),
    max: 1,
  })
  try {
    const rows = await sql<Answer[]>`
      with vector as (
        select n.nspname as schema from pg_extension e join pg_namespace n on n.oid = e.extnamespace
        where e.extname = 'vector')
      select pg_backend_pid() as pid, current_setting('server_version_num')::int as version,
        pg_is_in_recovery() as standby, getdatabaseencoding() as encoding, current_database() as database,
        current_schema()::text as schema, to_regtype('vector') is not null as vector_seen,
        concat_ws(', ', quote_ident(current_schema()::text),
          (select quote_ident(schema) from vector where schema <> current_schema()::text)) as search_path,
        (select schema::text from vector) as vector_schema,
        exists (select from pg_available_extensions where name = 'vector') as vector_offered,
        (select json_object_agg(name, setting) from pg_settings) as settings`
    const answer = rows[0]!
    const isOwn =
      (rows as unknown as { state: { pid: number } }).state.pid === answer.pid &&
      Object.entries(settings).every(([name, value]) => answer.settings[name] === value)
    return { answer, isOwn: isOwn && !isLast }
  } catch (error) {
    if (!isLast && refusals.includes((error as { code?: string }).code ?? '')) return null
    throw databaseStartError(error, address)
  } finally {
    await sql.end({ timeout: 1 }).catch(() => {})
  }
}

/** How long a pooler may take to find a session for each of our connections. */
const sessionsMs = 15_000

/**
 * Tries as many connections at once as will be used: a pooler in session mode with fewer sessions lets the others wait for ever.
 * @throws StartError
 */
export async function assertSessions(address: DatabaseAddress, connections: number): Promise<void> {
  const sql = postgres({ ...driverOptions(address, pooledStartSettings), max: connections })
  let served = 0
  const asking = Array.from({ length: connections }, async () => {
    // None is open yet: each statement opens one of its own, and keeps it.
    await sql`select 1`
    served += 1
  })
  const limit = new Promise(resolve => setTimeout(resolve, sessionsMs).unref())
  await Promise.race([Promise.allSettled(asking), limit])
  void sql.end({ timeout: 0 }).catch(() => {})
  if (served < connections)
    throw new StartError(
      `Through the pooler at ${address.host} only ${served} of ${connections} connections get a session: set its pool_mode to transaction, or its default_pool_size to ${connections} for each node.`,
    )
}

function assertUsable(answer: Answer, { host, schema }: DatabaseAddress): void {
  const at = `The database ${answer.database} at ${host}`
  if (answer.version < versionMin)
    throw new StartError(
      `${at} is PostgreSQL ${Math.floor(answer.version / 10_000)}; Parley needs PostgreSQL 15 or later.`,
    )
  if (answer.standby)
    throw new StartError(`${at} is a standby that can only be read; give DATABASE_URL the primary's address.`)
  if (answer.encoding !== 'UTF8')
    throw new StartError(
      `${at} is encoded in ${answer.encoding}; make one that holds every language: CREATE DATABASE parley ENCODING 'UTF8' TEMPLATE template0.`,
    )
  if (answer.schema === null || (schema !== null && answer.schema !== schema))
    throw new StartError(
      `${at} has no schema ${schema ?? `of its search_path (${answer.settings.search_path})`} that this role sees; make it with CREATE SCHEMA, or set the role's search_path.`,
    )
  if (answer.vector_schema === null && !answer.vector_offered)
    throw new StartError(
      `${at} does not have the extension pgvector; install it on that machine (Debian: postgresql-${Math.floor(answer.version / 10_000)}-pgvector), or use an image that brings it (pgvector/pgvector).`,
    )
}

/** Single statements run in whatever session is free: what the pooler does not keep for each client must be so by itself. */
function assertFit(answer: Answer, { host }: DatabaseAddress): void {
  const unfit = unfitFor(answer.settings)
  const advice = 'or give DATABASE_URL the direct address of the database'
  if (unfit)
    throw new StartError(
      `Through the pooler at ${host} sessions have ${unfit.name} '${answer.settings[unfit.name]}' and Parley needs '${unfit.value}': run ALTER DATABASE "${answer.database}" SET ${unfit.name} = '${unfit.value}' and reconnect the pooler, ${advice}.`,
    )
  if (answer.vector_schema !== null && !answer.vector_seen)
    throw new StartError(
      `Through the pooler at ${host} sessions do not see the schema of pgvector: run ALTER DATABASE "${answer.database}" SET search_path = ${answer.schema}, ${answer.vector_schema} and reconnect the pooler, ${advice}.`,
    )
}
