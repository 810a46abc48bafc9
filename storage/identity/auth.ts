import type { Database } from '../engine/transaction.ts'
import { type Actor, recordAudit } from './audit.ts'
import { linkingStorage } from './linking.ts'
import { endSessions } from './revocations.ts'
import { sessionStorage } from './sessions.ts'

export interface Person {
  id: string
  role: 'visitor' | 'user' | 'agent' | 'admin' | 'super_admin'
  username: string | null
  email: string | null
  email_verified: boolean
  name: string | null
  password_hash: string | null
  active: boolean
  token_version: number
  /** The id by which a site knows them. */
  external_id: string | null
}

export type IdentityStorage = ReturnType<typeof identityStorage>

/** Who somebody is: by a password, a session, or the word of a site. */
export function identityStorage(database: Database) {
  const { sql, withDeadline, transaction } = database

  /** By user name or e-mail, both compared without case. */
  async function findByLogin(login: string): Promise<Person | null> {
    const [person] = await withDeadline(sql<Person[]>`
      select * from people where lower(username) = lower(${login}) or lower(email) = lower(${login}) limit 1`)
    return person ?? null
  }

  async function find(id: string): Promise<Person | null> {
    const [person] = await withDeadline(sql<Person[]>`select * from people where id = ${id}`)
    return person ?? null
  }

  /** Makes the first administrator, unless there is one. Two nodes starting at once make one between them. */
  async function createFirstAdmin(
    admin: Pick<Person, 'id' | 'username' | 'email' | 'name' | 'password_hash'>,
  ): Promise<boolean> {
    return transaction(async inner => {
      await inner`lock table people in share row exclusive mode`
      const rows = await inner`
        insert into people (id, role, username, email, email_verified, name, password_hash)
        select ${admin.id}, 'super_admin', ${admin.username}, ${admin.email}, true, ${admin.name}, ${admin.password_hash}
        where not exists (select 1 from people where role = 'super_admin') returning id`
      return rows.length > 0
    }, 10_000)
  }

  /** The one whom the first start made, or the oldest there is. */
  async function firstAdmin(): Promise<Person | null> {
    const [person] = await withDeadline(sql<Person[]>`
      select * from people where role = 'super_admin' order by username = 'admin' desc nulls last, created_at limit 1`)
    return person ?? null
  }

  /** An account somebody makes for themselves. Null when the name or the address is taken. */
  async function register(
    person: Pick<Person, 'id' | 'username' | 'email' | 'password_hash'>,
  ): Promise<Person | null> {
    const [row] = await withDeadline(sql<Person[]>`
      insert into people ${sql({ ...person, role: 'user' })} on conflict do nothing returning *`)
    return row ?? null
  }

  /** The same password, hashed as it is now; one that was changed meanwhile stays. */
  async function rehash(person: Person, passwordHash: string): Promise<void> {
    await withDeadline(sql`
      update people set password_hash = ${passwordHash}
      where id = ${person.id} and password_hash = ${person.password_hash}`)
  }

  /** A new password signs out everywhere. */
  function setPassword(personId: string, passwordHash: string, action: string, actor: Actor): Promise<void> {
    return transaction(async inner => {
      await inner`update people set password_hash = ${passwordHash} where id = ${personId}`
      await endSessions(inner, personId)
      await recordAudit(inner, { actor, scope: 'session', action, subject: personId })
    })
  }

  return {
    findByLogin,
    find,
    rehash,
    createFirstAdmin,
    firstAdmin,
    register,
    setPassword,
    ...sessionStorage(database),
    ...linkingStorage(database),
  }
}
