import type { Database, TransactionSql } from '../engine/transaction.ts'
import { type Actor, recordAudit } from './audit.ts'
import type { Person } from './auth.ts'
import { revokeSession } from './revocations.ts'

export interface NewSession {
  /** Of its first refresh token. */
  hash: Buffer
  session_id: string
  person_id: string
}

/** A refresh token nobody uses for a week ends, and no session outlives 30 days: then it is time to sign in again. */
export const refreshSeconds = 7 * 24 * 3600
export const sessionSeconds = 30 * 24 * 3600
/** So long the answer to a renewal may be lost, or asked for by two tabs at once, and is given again. */
const repeatSeconds = 10

export type Rotation =
  | { outcome: 'unknown' | 'expired' | 'reused' }
  | { outcome: 'rotated'; session_id: string; person: Person; seconds_left: number; salt: Buffer }

/** What a session's next token is made of, and which hash it then has. */
export interface Successor {
  salt: Buffer
  hash: Buffer
}

/** Sign-ins, and the refresh tokens by which they go on. */
export function sessionStorage({ transaction }: Database) {
  /** A sign-in. `action` is what it came by. */
  function startSession(session: NewSession, action: string, actor: Actor): Promise<void> {
    return transaction(inner => beginSession(inner, session, action, actor))
  }

  /**
   * Uses a refresh token up and stores the next one of its session; a repeat within seconds has the one that was stored
   * then. `reused`: it was used before that, so somebody has a copy, and the whole session ends.
   */
  function rotateRefreshToken(hash: Buffer, next: Successor, actor: Actor): Promise<Rotation> {
    return transaction(async (inner): Promise<Rotation> => {
      const [token] = await inner<
        {
          session_id: string
          person_id: string
          signed_in_at: string
          used: boolean
          repeatable: boolean
          successor_salt: Buffer | null
          expired: boolean
          seconds_left: number
        }[]
      >`
        select session_id, person_id, signed_in_at::text, used_at is not null as used, successor_salt,
          coalesce(used_at > now() - make_interval(secs => ${repeatSeconds}), false) as repeatable, expires_at < now() as expired,
          floor(extract(epoch from signed_in_at - now()) + ${sessionSeconds})::int as seconds_left
        from refresh_tokens where hash = ${hash} for update`
      if (!token) return { outcome: 'unknown' }
      const { session_id, person_id, signed_in_at, seconds_left } = token
      const salt = token.used ? token.repeatable && token.successor_salt : next.salt
      if (!salt) {
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
      if (!token.used) {
        await inner`update refresh_tokens set used_at = now(), successor_salt = ${salt} where hash = ${hash}`
        await insertToken(inner, { hash: next.hash, session_id, person_id }, signed_in_at)
      }
      return { outcome: 'rotated', session_id, person, seconds_left, salt }
    })
  }

  function endSession(sessionId: string, actor: Actor): Promise<void> {
    return transaction(async inner => {
      await deleteSession(inner, sessionId)
      await recordAudit(inner, { actor, scope: 'session', action: 'auth:logout', subject: actor.id })
    })
  }

  return { startSession, rotateRefreshToken, endSession }
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
