import { v7 } from 'uuid'
import type { TransactionSql } from './transaction.ts'

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
