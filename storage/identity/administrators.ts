import type { Database } from '../engine/transaction.ts'
import { recordAudit } from './audit.ts'
import { endSessions } from './revocations.ts'

export interface AdministratorInput {
  username: string
  passwordHash: string
  removeFactor: boolean
  /** The account that is made where there is none; null where that is refused. */
  created: { id: string } | null
}

export type AdministratorOutcome =
  | { outcome: 'unknown' | 'no_administrator' | 'made' }
  | { outcome: 'set'; was_disabled: boolean; factor: 'none' | 'kept' | 'removed' }

export type AdministratorStorage = ReturnType<typeof administratorStorage>

const operator = { id: null, role: 'operator', address: null, request_id: null }

/** What whoever runs the machine may do to the accounts of administrators. */
export function administratorStorage({ transaction }: Database) {
  return {
    /** A new password. Signs out everywhere, and lets a disabled account in again. */
    set({
      username,
      passwordHash,
      removeFactor,
      created,
    }: AdministratorInput): Promise<AdministratorOutcome> {
      return transaction(async (sql): Promise<AdministratorOutcome> => {
        const [person] = await sql<{ id: string; role: string; active: boolean }[]>`
          select id, role, active from people where lower(username) = lower(${username}) for update`
        if (!person) {
          if (!created) return { outcome: 'unknown' }
          await sql`
            insert into people (id, role, username, name, password_hash)
            values (${created.id}, 'super_admin', ${username}, ${username}, ${passwordHash})`
          await audit(created.id, null, { role: 'super_admin', is_active: true, second_factor: false })
          return { outcome: 'made' }
        }
        const { id, role, active } = person
        if (role !== 'admin' && role !== 'super_admin') return { outcome: 'no_administrator' }
        await sql`
          update people set password_hash = ${passwordHash}, active = true, disabled_reason = null, updated_at = now()
          where id = ${id}`
        const [factor] = await sql`select 1 from second_factors where person_id = ${id} and confirmed`
        if (removeFactor) {
          await sql`delete from second_factors where person_id = ${id}`
          await sql`delete from recovery_codes where person_id = ${id}`
        }
        await endSessions(sql, id)
        const outcome = {
          outcome: 'set' as const,
          was_disabled: !active,
          factor: factor ? (removeFactor ? ('removed' as const) : ('kept' as const)) : ('none' as const),
        }
        await audit(
          id,
          { role, is_active: active, second_factor: outcome.factor !== 'none' },
          { role, is_active: true, second_factor: outcome.factor === 'kept' },
        )
        return outcome

        function audit(subject: string, before: object | null, after: object) {
          return recordAudit(sql, {
            actor: operator,
            scope: 'people',
            action: 'people:set_administrator',
            subject,
            before,
            after,
          })
        }
      })
    },
  }
}
