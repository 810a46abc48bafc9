import { v7 } from 'uuid'
import type { Database, TransactionSql } from '../engine/transaction.ts'

/** One of `session_id` and `person_id` is null. */
export interface Revocation {
  session_id: string | null
  person_id: string | null
  least_version: number | null
}

/** Access tokens of this session hold no more. */
export async function revokeSession(sql: TransactionSql, sessionId: string): Promise<void> {
  await sql`insert into revocations (id, session_id) values (${v7()}, ${sessionId})`
}

/** Access tokens this person has now hold no more: renewing gives ones that do, unless refresh tokens went too. */
export async function revokeTokens(sql: TransactionSql, personId: string): Promise<void> {
  await sql`
    with raised as (
      update people set token_version = token_version + 1, updated_at = now() where id = ${personId}
      returning id, token_version)
    insert into revocations (id, person_id, least_version) select ${v7()}, id, token_version from raised`
}

/** The person is signed out everywhere. */
export async function endSessions(sql: TransactionSql, personId: string): Promise<void> {
  await sql`delete from refresh_tokens where person_id = ${personId}`
  await revokeTokens(sql, personId)
}

export type RevocationStorage = ReturnType<typeof revocationStorage>

export function revocationStorage({ sql, withDeadline }: Database) {
  return {
    /** Those of the last `seconds`. */
    async recent(seconds: number): Promise<Revocation[]> {
      return withDeadline(sql<Revocation[]>`
        select session_id, person_id, least_version from revocations
        where at > now() - make_interval(secs => ${seconds})`)
    },

    async prune(olderThanSeconds: number): Promise<void> {
      await withDeadline(
        sql`delete from revocations where at < now() - make_interval(secs => ${olderThanSeconds})`,
      )
    },
  }
}
