import { createHash, createHmac, randomBytes } from 'node:crypto'
import type { Actor } from '#storage/identity/audit'
import type { Person } from '#storage/identity/auth'
import type { NewSession, Successor } from '#storage/identity/sessions'
import type { Session } from '../../../core/call.ts'
import { newId } from '../../../core/ids.ts'
import { type IdentityDeps, toUser } from './deps.ts'

/** Signing in, however somebody came to it: a session, and the tokens of the protocol. */
export function sessionsOf({ storage, issue, accessTokenSeconds }: IdentityDeps) {
  /** `action` is what it came by, for the audit log. */
  async function begin(person: Person, action: string, actor: Actor) {
    const { session, token } = prepare(person)
    await storage.startSession(session, action, actor)
    return (await signedIn(person, session, token)).answer
  }

  /** For those who store the session together with something else. */
  function prepare(person: Pick<Person, 'id'>): { session: NewSession; token: string } {
    const { token, hash } = newRefreshToken()
    return { session: { hash, session_id: newId(), person_id: person.id }, token }
  }

  async function signedIn(person: Person, { session_id }: NewSession, refresh: string) {
    const session = await issue(claimsOf(person, session_id))
    return { session, answer: { user: toUser(person), ...tokens(session, refresh) } }
  }

  function tokens({ token, expiresAt }: Session, refresh_token: string) {
    return {
      access_token: token,
      refresh_token,
      token_type: 'bearer' as const,
      expires_in: Math.min(accessTokenSeconds, Math.max(0, Math.ceil((expiresAt - Date.now()) / 1000))),
    }
  }

  return { begin, prepare, signedIn, tokens }
}

export function claimsOf({ id, role, name, token_version }: Person, sessionId: string) {
  return { personId: id, role, sessionId, name, version: token_version }
}

/** 256 random bits need no slow hash. */
export function newRefreshToken(): { token: string; hash: Buffer } {
  const token = randomBytes(32).toString('base64url')
  return { token, hash: hashOf(token) }
}

/** What the token after this one will be made of. */
export function newSuccessor(token: string): Successor {
  const salt = randomBytes(32)
  return { salt, hash: hashOf(successorOf(token, salt)) }
}

/** Made of the token before and what the database keeps beside it: given out again without being stored. */
export function successorOf(token: string, salt: Buffer): string {
  return createHmac('sha256', salt).update(token).digest('base64url')
}

export function hashOf(token: string): Buffer {
  return createHash('sha256').update(token).digest()
}
