import type { HeldPerson } from '#protocol/identity/privacy'
import type { Database } from '../engine/transaction.ts'
import { containing } from '../engine/where.ts'
import { erasureStorage } from './erasure.ts'
import { exportStorage } from './export.ts'
import { retentionStorage } from './retention.ts'

const foundMax = 20

export type PrivacyStorage = ReturnType<typeof privacyStorage>

/** What is held on people, and what they agreed to. */
export function privacyStorage(database: Database) {
  const { sql, withDeadline } = database

  return {
    ...exportStorage(database),
    ...erasureStorage(database),
    ...retentionStorage(database),

    /** By id, or by a part of what they are known by. */
    async findPeople(search: string): Promise<HeldPerson[]> {
      const pattern = containing(search.trim())
      return withDeadline(sql<HeldPerson[]>`
        with contacts as (
          select distinct c.person_id, address from handoff_contacts h
            join conversations c on c.id = h.conversation_id,
            unnest(array[h.email, h.phone]) as address
          where address is not null),
        found as (
          select id from people
          where id::text = lower(${search.trim()}) or name ilike ${pattern} or username ilike ${pattern}
            or email ilike ${pattern}
          union select person_id from contacts where address ilike ${pattern})
        select p.id, p.role, p.name, p.username, p.email,
          array(select address from contacts k where k.person_id = p.id order by address) as contacts,
          (select count(*)::int from conversations c where c.person_id = p.id) as conversations,
          greatest(p.updated_at, p.last_sign_in_at,
            (select max(c.updated_at) from conversations c where c.person_id = p.id)) as last_active_at
        from people p join found using (id) order by last_active_at desc limit ${foundMax}`)
    },

    /** Whether anything is held on somebody of this id. */
    async findRole(id: string): Promise<{ role: string } | null> {
      const [row] = await withDeadline(sql<{ role: string }[]>`select role from people where id = ${id}`)
      return row ?? null
    },

    async consented(personId: string, version: string): Promise<boolean> {
      const rows = await withDeadline(
        sql`select 1 from consents where person_id = ${personId} and version = ${version}`,
      )
      return rows.length > 0
    },

    async consent(personId: string, version: string): Promise<void> {
      await withDeadline(
        sql`insert into consents ${sql({ person_id: personId, version })} on conflict do nothing`,
      )
    },
  }
}
