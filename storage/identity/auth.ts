import type { Database, TransactionSql } from '../engine/transaction.ts'
import { type Actor, recordAudit } from './audit.ts'
import { endSessions, revokeSession } from './revocations.ts'

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

export interface NewSession {
  /** Of its first refresh token. */
  hash: Buffer
  session_id: string
  person_id: string
}

/** A refresh token nobody uses for a week ends, and no session outlives 30 days: then it is time to sign in again. */
export const refreshSeconds = 7 * 24 * 3600
export const sessionSeconds = 30 * 24 * 3600

export type Rotation =
  | { outcome: 'unknown' | 'expired' | 'reused' }
  | { outcome: 'rotated'; session_id: string; person: Person; seconds_left: number }

export type IdentityStorage = ReturnType<typeof identityStorage>

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

  /** A sign-in. `action` is what it came by. */
  function startSession(session: NewSession, action: string, actor: Actor): Promise<void> {
    return transaction(inner => beginSession(inner, session, action, actor))
  }

  /**
   * Uses a refresh token up and stores the next one of its session. `reused`: it was used before, so somebody has a
   * copy, and the whole session ends.
   */
  function rotateRefreshToken(hash: Buffer, next: Buffer, actor: Actor): Promise<Rotation> {
    return transaction(async (inner): Promise<Rotation> => {
      const [token] = await inner<
        {
          session_id: string
          person_id: string
          signed_in_at: string
          used: boolean
          expired: boolean
          seconds_left: number
        }[]
      >`
        select session_id, person_id, signed_in_at::text, used_at is not null as used, expires_at < now() as expired,
          floor(extract(epoch from signed_in_at - now()) + ${sessionSeconds})::int as seconds_left
        from refresh_tokens where hash = ${hash} for update`
      if (!token) return { outcome: 'unknown' }
      const { session_id, person_id, signed_in_at, seconds_left } = token
      if (token.used) {
        await deleteSession(inner, session_id)
        await recordAudit(inner, {
          actor: { ...actor, id: person_id },
          scope: 'session',
          action: 'auth:renew_reused',
          subject: person_id,
        })
        return { outcome: 'reused' }
      }
      const [person] = await inner<Person[]>`select * from people where id = ${person_id} and active`
      if (token.expired || seconds_left <= 0 || !person) return { outcome: 'expired' }
      await inner`update refresh_tokens set used_at = now() where hash = ${hash}`
      await insertToken(inner, { hash: next, session_id, person_id }, signed_in_at)
      return { outcome: 'rotated', session_id, person, seconds_left }
    })
  }

  function endSession(sessionId: string, actor: Actor): Promise<void> {
    return transaction(async inner => {
      await deleteSession(inner, sessionId)
      await recordAudit(inner, { actor, scope: 'session', action: 'auth:logout', subject: actor.id })
    })
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

  /** Whom a site vouches for: known by the site's id, else by an address that is no staff's, else new. */
  function recognise(input: {
    externalId: string
    email: string | null
    name: string | null
    newPersonId: string
    visitor: { id: string; sessionId: string | null } | null
    actor: Actor
  }): Promise<Person> {
    const { externalId, name, visitor, actor } = input
    return transaction(async inner => {
      await inner`select pg_advisory_xact_lock(hashtextextended(${externalId}, 0))`
      const [known] = await inner<Person[]>`select * from people where external_id = ${externalId} for update`
      const person = known ?? (await vouched(inner, input))
      if (name !== null && person.name !== name)
        await inner`update people set name = ${name}, updated_at = now() where id = ${person.id}`
      if (visitor) await becomeUser(inner, visitor, person.id)
      if (!known || visitor)
        await recordAudit(inner, {
          actor: { ...actor, id: person.id },
          scope: 'session',
          action: 'auth:identity',
          subject: person.id,
        })
      return { ...person, name: name ?? person.name }
    })
  }

  return {
    recognise,
    findByLogin,
    find,
    rehash,
    createFirstAdmin,
    firstAdmin,
    register,
    startSession,
    rotateRefreshToken,
    endSession,
    setPassword,
  }
}

export async function beginSession(
  sql: TransactionSql,
  session: NewSession,
  action: string,
  actor: Actor,
): Promise<void> {
  await insertToken(sql, session, 'now')
  await sql`update people set last_sign_in_at = now() where id = ${session.person_id}`
  await recordAudit(sql, {
    actor: { ...actor, id: session.person_id },
    scope: 'session',
    action,
    subject: session.person_id,
  })
}

async function insertToken(sql: TransactionSql, token: NewSession, signedInAt: string): Promise<void> {
  await sql`
    insert into refresh_tokens (hash, session_id, person_id, signed_in_at, expires_at)
    values (${token.hash}, ${token.session_id}, ${token.person_id}, ${signedInAt}::text::timestamptz,
      now() + make_interval(secs => ${refreshSeconds}))`
}

async function deleteSession(sql: TransactionSql, sessionId: string): Promise<void> {
  await sql`delete from refresh_tokens where session_id = ${sessionId}`
  await revokeSession(sql, sessionId)
}

/**
 * The address is theirs now. Whoever registered with it before without proof loses what they set: otherwise they
 * would wait inside for its owner.
 */
export async function proven(
  sql: TransactionSql,
  known: Person | null,
  fresh: { id: string; email: string },
): Promise<Person> {
  if (known?.email_verified) return known
  if (known) {
    await sql`update people set email_verified = true, password_hash = null where id = ${known.id}`
    await endSessions(sql, known.id)
    const [person] = await sql<Person[]>`select * from people where id = ${known.id}`
    return person!
  }
  const [person] = await sql<Person[]>`
    insert into people (id, role, email, email_verified) values (${fresh.id}, 'user', ${fresh.email}, true) returning *`
  return person!
}

/** Everything the visitor wrote is the user's: keys too, so that a repeat is still known for one (law D2). */
export async function becomeUser(
  sql: TransactionSql,
  visitor: { id: string; sessionId: string | null },
  userId: string,
): Promise<void> {
  await sql`
    update events e set sender_id = ${userId} from conversations c
    where c.id = e.conversation_id and c.person_id = ${visitor.id} and e.sender_id = ${visitor.id}`
  await sql`
    update reads r set person_id = ${userId} from conversations c
    where c.id = r.conversation_id and c.person_id = ${visitor.id} and r.person_id = ${visitor.id}`
  await sql`
    update conversations c set person_id = ${userId}, key = case when exists (
      select 1 from conversations o where o.person_id = ${userId} and o.key = c.key) then null else key end
    where person_id = ${visitor.id}`
  await sql`update uploads set person_id = ${userId} where person_id = ${visitor.id}`
  await sql`update outbox set person_id = ${userId} where person_id = ${visitor.id}`
  await sql`
    insert into consents (person_id, version, at)
    select ${userId}, version, at from consents where person_id = ${visitor.id} on conflict do nothing`
  await sql`delete from consents where person_id = ${visitor.id}`
  await sql`delete from people where id = ${visitor.id} and role = 'visitor'`
  if (visitor.sessionId) await revokeSession(sql, visitor.sessionId)
}

/** Staff are never found by what a site says, and nobody twice. */
async function vouched(
  sql: TransactionSql,
  {
    externalId,
    email,
    name,
    newPersonId,
  }: { externalId: string; email: string | null; name: string | null; newPersonId: string },
): Promise<Person> {
  const [owner] = email
    ? await sql<Person[]>`select * from people where lower(email) = lower(${email}) for update`
    : []
  if (owner?.role === 'user' && owner.external_id === null) {
    await proven(sql, owner, { id: owner.id, email: owner.email! })
    const [linked] = await sql<Person[]>`
      update people set external_id = ${externalId}, updated_at = now() where id = ${owner.id} returning *`
    return linked!
  }
  const [made] = await sql<Person[]>`
    insert into people (id, role, external_id, email, email_verified, name)
    values (${newPersonId}, 'user', ${externalId}, ${owner ? null : email}, ${!owner && email !== null}, ${name})
    returning *`
  return made!
}
