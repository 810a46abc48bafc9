import type { Database } from './transaction.ts'

export interface Person {
  id: string
  role: 'visitor' | 'user' | 'agent' | 'admin' | 'super_admin'
  username: string | null
  email: string | null
  name: string | null
  password_hash: string | null
  active: boolean
}

export interface RefreshToken {
  hash: Buffer
  session_id: string
  person_id: string
  expires_seconds: number
}

export type IdentityStorage = ReturnType<typeof identityStorage>

export function identityStorage(database: Database) {
  const { sql, within, transaction } = database

  /** By user name or e-mail, both compared without case. */
  async function findByLogin(login: string): Promise<Person | null> {
    const [person] = await within(sql<Person[]>`
      select * from people where lower(username) = lower(${login}) or lower(email) = lower(${login}) limit 1`)
    return person ?? null
  }

  async function find(id: string): Promise<Person | null> {
    const [person] = await within(sql<Person[]>`select * from people where id = ${id}`)
    return person ?? null
  }

  /** Makes the first administrator, unless there is one. Two nodes starting at once make one between them. */
  async function createFirstAdmin(
    admin: Pick<Person, 'id' | 'username' | 'email' | 'name' | 'password_hash'>,
  ): Promise<boolean> {
    return transaction(async inner => {
      await inner`lock table people in share row exclusive mode`
      const rows = await inner`
        insert into people (id, role, username, email, name, password_hash)
        select ${admin.id}, 'super_admin', ${admin.username}, ${admin.email}, ${admin.name}, ${admin.password_hash}
        where not exists (select 1 from people where role = 'super_admin') returning id`
      return rows.length > 0
    }, 10_000)
  }

  async function hasAdmin(): Promise<boolean> {
    const rows = await within(sql`select 1 from people where role = 'super_admin' limit 1`)
    return rows.length > 0
  }

  async function addRefreshToken({
    hash,
    session_id,
    person_id,
    expires_seconds,
  }: RefreshToken): Promise<void> {
    await within(sql`
      insert into refresh_tokens (hash, session_id, person_id, expires_at)
      values (${hash}, ${session_id}, ${person_id}, now() + make_interval(secs => ${expires_seconds}))`)
  }

  /**
   * Uses a refresh token up and stores the next one of its session. `reused`: it was used before, so somebody has a
   * copy, and the whole session ends.
   */
  function rotateRefreshToken(hash: Buffer, next: { hash: Buffer; expires_seconds: number }) {
    return transaction(
      async (
        inner,
      ): Promise<
        | { outcome: 'unknown' | 'expired' | 'reused' }
        | { outcome: 'rotated'; session_id: string; person: Person }
      > => {
        const [token] = await inner<
          { session_id: string; person_id: string; used: boolean; expired: boolean }[]
        >`
        select session_id, person_id, used_at is not null as used, expires_at < now() as expired
        from refresh_tokens where hash = ${hash} for update`
        if (!token) return { outcome: 'unknown' }
        if (token.used) {
          await inner`delete from refresh_tokens where session_id = ${token.session_id}`
          return { outcome: 'reused' }
        }
        const [person] = await inner<Person[]>`select * from people where id = ${token.person_id} and active`
        if (token.expired || !person) return { outcome: 'expired' }
        await inner`update refresh_tokens set used_at = now() where hash = ${hash}`
        await inner`
        insert into refresh_tokens (hash, session_id, person_id, expires_at)
        values (${next.hash}, ${token.session_id}, ${token.person_id}, now() + make_interval(secs => ${next.expires_seconds}))`
        return { outcome: 'rotated', session_id: token.session_id, person }
      },
    )
  }

  async function endSession(sessionId: string): Promise<void> {
    await within(sql`delete from refresh_tokens where session_id = ${sessionId}`)
  }

  return { findByLogin, find, createFirstAdmin, hasAdmin, addRefreshToken, rotateRefreshToken, endSession }
}
