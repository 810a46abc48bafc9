import { createHash, randomBytes } from 'node:crypto'
import { OperationError } from '#protocol'
import type { identityOperations, User } from '#protocol/identity'
import type { IdentityStorage, Person } from '#storage/identity'
import { type Handlers, personOf, type Session } from '../call.ts'
import { newId } from '../ids.ts'
import { hashPassword, newPassword, passwordMatches } from '../passwords.ts'

export interface IdentityDeps {
  storage: IdentityStorage
  issue(claims: {
    personId: string
    role: Person['role']
    sessionId: string
    name: string | null
  }): Promise<Session>
  accessTokenSeconds: number
}

const refreshTokenSeconds = 30 * 24 * 3600

export function identityArea({ storage, issue, accessTokenSeconds }: IdentityDeps) {
  const handlers: Handlers<typeof identityOperations> = {
    async 'auth:login'({ username, email, password }) {
      const person = await storage.findByLogin((username ?? email)!.trim())
      const matches = await passwordMatches(person?.password_hash ?? null, password)
      if (!person?.active || !matches) {
        throw new OperationError('INVALID_CREDENTIALS', 'User name or password is wrong.')
      }
      const sessionId = newId()
      const refresh = newRefreshToken()
      await storage.addRefreshToken({
        hash: refresh.hash,
        session_id: sessionId,
        person_id: person.id,
        expires_seconds: refreshTokenSeconds,
      })
      const session = await issue(claimsOf(person, sessionId))
      return { user: toUser(person), ...tokens(session, refresh.token) }
    },

    async 'auth:renew'({ refresh_token }, call) {
      const next = newRefreshToken()
      const result = await storage.rotateRefreshToken(hashOf(refresh_token), {
        hash: next.hash,
        expires_seconds: refreshTokenSeconds,
      })
      if (result.outcome === 'expired')
        throw new OperationError('TOKEN_EXPIRED', 'The session has run out; sign in again.')
      if (result.outcome !== 'rotated')
        throw new OperationError('UNAUTHORIZED', 'The refresh token is not valid.')
      const session = await issue(claimsOf(result.person, result.session_id))
      if (call.caller.id === result.person.id) call.adopt(session)
      return tokens(session, next.token)
    },

    async 'auth:logout'(_input, call) {
      const { sessionId } = personOf(call)
      if (sessionId) await storage.endSession(sessionId)
      return null
    },

    async 'auth:me'(_input, call) {
      const user = await describe(personOf(call).id)
      if (!user) throw new OperationError('UNAUTHORIZED', 'This account is no longer there.')
      return { user }
    },
  }

  function tokens({ token }: Session, refresh_token: string) {
    return {
      access_token: token,
      refresh_token,
      token_type: 'bearer' as const,
      expires_in: accessTokenSeconds,
    }
  }

  async function describe(id: string): Promise<User | null> {
    const person = await storage.find(id)
    return person && person.role !== 'visitor' ? toUser(person) : null
  }

  /**
   * At first start: the administrator. Returns the password to be shown once where it was made here, null where it was
   * given or an administrator was there before.
   */
  async function ensureAdmin({
    email,
    password,
  }: {
    email: string | null
    password: string | null
  }): Promise<{ username: string; password: string | null } | null> {
    if (await storage.hasAdmin()) return null
    const chosen = password ?? newPassword()
    const password_hash = await hashPassword(chosen)
    const made = await storage.createFirstAdmin({
      id: newId(),
      username: 'admin',
      email,
      name: 'Administrator',
      password_hash,
    })
    return made ? { username: 'admin', password: password === null ? chosen : null } : null
  }

  return { handlers, describe, ensureAdmin }
}

function claimsOf({ id, role, name }: Person, sessionId: string) {
  return { personId: id, role, sessionId, name }
}

function toUser({ id, role, username, email, name }: Person): User {
  return { id, role: role as User['role'], username, email, name }
}

/** 256 random bits need no slow hash. */
function newRefreshToken(): { token: string; hash: Buffer } {
  const token = randomBytes(32).toString('base64url')
  return { token, hash: hashOf(token) }
}

function hashOf(token: string): Buffer {
  return createHash('sha256').update(token).digest()
}
