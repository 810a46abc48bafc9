import type { Database, TransactionSql } from '../engine/transaction.ts'
import { type AuditEntry, recordAudit } from './audit.ts'

export type SecretStorage = ReturnType<typeof secretStorage>

/** Sealed secrets of the installation, by name. */
export function secretStorage(database: Database) {
  const { sql, withDeadline, transaction } = database

  async function find(name: string): Promise<string | null> {
    const [row] = await withDeadline(
      sql<{ sealed: string }[]>`select sealed from secrets where name = ${name}`,
    )
    return row?.sealed ?? null
  }

  return {
    find,

    /** Keeps the one that is there already: two nodes get the same one. */
    async insertIfAbsent(name: string, sealed: string): Promise<string> {
      await withDeadline(sql`insert into secrets ${sql({ name, sealed })} on conflict do nothing`)
      return (await find(name))!
    },

    replace(name: string, sealed: string, entry: Pick<AuditEntry, 'actor' | 'action' | 'before' | 'after'>) {
      return transaction(async inner => {
        await inner`
          insert into secrets ${inner({ name, sealed })}
          on conflict (name) do update set sealed = excluded.sealed, updated_at = now()`
        await recordAudit(inner, { ...entry, scope: 'settings', subject: name })
      })
    },
  }
}

/** Where sealed texts stand: for the command that seals them anew. */
const sealedColumns = [
  { table: 'secrets', id: 'name', column: 'sealed' },
  { table: 'second_factors', id: 'person_id', column: 'sealed_seed' },
  { table: 'outbox', id: 'id', column: 'body' },
  { table: 'providers', id: 'id', column: 'api_key' },
] as const

/** The ids of the keys that something here is sealed by. */
export async function sealedKeyIds({ sql, withDeadline }: Database): Promise<string[]> {
  const lists = await withDeadline(
    Promise.all(
      sealedColumns.map(
        ({ table, column }) => sql<{ id: string }[]>`
          select distinct split_part(${sql(column)}, '.', 1) as id from ${sql(table)} where ${sql(column)} is not null`,
      ),
    ),
  )
  return [...new Set(lists.flatMap(rows => rows.map(({ id }) => id)))]
}

/** Seals anew, in one transaction, what `again` returns a text for. @returns how many it was */
export function resealAll(
  database: Database,
  again: (sealed: string, place: `${string}.${string}:${string}`) => string | null,
): Promise<number> {
  return database.transaction(async inner => {
    let count = 0
    for (const place of sealedColumns) count += await resealColumn(inner, place, again)
    return count
  }, 60_000)
}

async function resealColumn(
  sql: TransactionSql,
  { table, id, column }: (typeof sealedColumns)[number],
  again: Parameters<typeof resealAll>[1],
): Promise<number> {
  let count = 0
  const rows = await sql<{ id: string; sealed: string }[]>`
    select ${sql(id)}::text as id, ${sql(column)} as sealed from ${sql(table)} where ${sql(column)} is not null for update`
  for (const row of rows) {
    const sealed = again(row.sealed, `${table}.${column}:${row.id}`)
    if (sealed === null) continue
    await sql`update ${sql(table)} set ${sql(column)} = ${sealed} where ${sql(id)}::text = ${row.id}`
    count++
  }
  return count
}
