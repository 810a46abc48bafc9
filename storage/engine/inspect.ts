import postgres from 'postgres'

export interface Inspection {
  version: string
  /** Sentences; none where a server can start on it. */
  problems: string[]
}

const oldest = 150_000
const connectSeconds = 5

/** Looks at a PostgreSQL without changing anything: whether a server could start on it. */
export async function inspectPostgres(databaseUrl: string): Promise<Inspection> {
  const sql = postgres(databaseUrl, { max: 1, connect_timeout: connectSeconds, onnotice: () => {} })
  try {
    const [row] = await sql<
      {
        number: number
        version: string
        standby: boolean
        vector: boolean
        available: boolean
        may_create: boolean
        schema: string | null
        role: string
      }[]
    >`
      select current_setting('server_version_num')::int as number, current_setting('server_version') as version,
        pg_is_in_recovery() or current_setting('default_transaction_read_only')::bool as standby,
        exists (select 1 from pg_extension where extname = 'vector') as vector,
        exists (select 1 from pg_available_extensions where name = 'vector') as available,
        coalesce(has_schema_privilege(current_schema(), 'create'), false) as may_create,
        current_schema()::text as schema, current_user::text as role`
    const found = row!
    const problems: string[] = []
    if (found.number < oldest) problems.push(`PostgreSQL ${found.version} is too old: 15 or newer is needed.`)
    if (found.standby) problems.push('It is a standby or read-only: name the primary.')
    if (!found.vector && !found.available) problems.push('pgvector is not installed on its machine.')
    if (!found.may_create)
      problems.push(
        `${found.role} may not make tables in ${found.schema ?? 'any schema'}: grant create on schema public to ${found.role}.`,
      )
    return { version: found.version, problems }
  } catch (error) {
    const { code, message } = error as { code?: string; message: string }
    return { version: '', problems: [`${new URL(databaseUrl).host}: ${message || code}.`] }
  } finally {
    await sql.end({ timeout: 1 })
  }
}
