import { hkdfSync } from 'node:crypto'
import { errors, jwtVerify, SignJWT } from 'jose'
import { type Namespace, OperationError, type Role, roleAtLeast, roles } from '#protocol'
import type { Caller, Session } from '../call.ts'
import type { Clock } from '../clock.ts'
import { newId } from '../ids.ts'

export const accessTokenSeconds = 30 * 60
/** A visitor stays the same person for this long after the last visit: each connection renews the token. */
export const visitorTokenSeconds = 30 * 24 * 3600

const issuer = 'parley'
const audience = 'parley:access'

export interface Claims {
  personId: string
  role: Exclude<Role, 'anyone'>
  sessionId: string
  name: string | null
}

export type Identity = ReturnType<typeof createIdentity>

/** Tokens to callers and back. The algorithm is fixed, and the key is used for nothing else. */
export function createIdentity(secret: string, clock: Clock) {
  const key = new Uint8Array(hkdfSync('sha256', secret, 'parley', 'access token', 32))

  async function issue(claims: Claims): Promise<Session> {
    const seconds = claims.role === 'visitor' ? visitorTokenSeconds : accessTokenSeconds
    const now = Math.floor(clock() / 1000)
    const token = await new SignJWT({
      role: claims.role,
      sid: claims.sessionId,
      name: claims.name ?? undefined,
    })
      .setProtectedHeader({ alg: 'HS256', typ: 'at+jwt' })
      .setSubject(claims.personId)
      .setIssuer(issuer)
      .setAudience(audience)
      .setIssuedAt(now)
      .setExpirationTime(now + seconds)
      .sign(key)
    return { caller: toCaller(claims), token, expiresAt: (now + seconds) * 1000 }
  }

  /** @throws OperationError UNAUTHORIZED, TOKEN_EXPIRED */
  async function authenticate(token: string): Promise<Session> {
    try {
      const { payload } = await jwtVerify(token, key, {
        algorithms: ['HS256'],
        typ: 'at+jwt',
        issuer,
        audience,
        requiredClaims: ['sub', 'exp', 'iat', 'role', 'sid'],
        currentDate: new Date(clock()),
      })
      const role = roles.find(entry => entry === payload.role)
      if (!role || role === 'anyone') throw new errors.JWTInvalid()
      const claims = {
        personId: payload.sub!,
        role,
        sessionId: String(payload.sid),
        name: typeof payload.name === 'string' ? payload.name : null,
      }
      return { caller: toCaller(claims), token, expiresAt: payload.exp! * 1000 }
    } catch (error) {
      if (error instanceof errors.JWTExpired) {
        throw new OperationError('TOKEN_EXPIRED', 'The token has run out.')
      }
      throw new OperationError('UNAUTHORIZED', 'The token is not valid.')
    }
  }

  /** A new visitor; no row is written before their first conversation. */
  function newVisitor(): Promise<Session> {
    return issue({ personId: newId(), role: 'visitor', sessionId: newId(), name: null })
  }

  /**
   * The handshake: who connects to `namespace` with `token`. A visitor's token is renewed on the way.
   * @throws OperationError UNAUTHORIZED, TOKEN_EXPIRED, FORBIDDEN
   */
  async function connect(namespace: Namespace, token: string | undefined): Promise<Session> {
    if (token === undefined) {
      if (namespace === 'visitor') return newVisitor()
      throw new OperationError('UNAUTHORIZED', 'Sign in first.')
    }
    const session = await authenticate(token)
    if (namespace === 'agent') {
      if (!roleAtLeast(session.caller.role, 'agent')) {
        throw new OperationError('FORBIDDEN', 'Only people who answer may connect here.')
      }
      return { ...session, caller: { ...session.caller, audience: 'agent' } }
    }
    return session.caller.role === 'visitor' ? issue(toClaims(session.caller)) : session
  }

  return { issue, authenticate, newVisitor, connect }
}

function toCaller({ personId, role, sessionId, name }: Claims): Caller {
  return { id: personId, role, sessionId, name, audience: 'visitor', language: null }
}

function toClaims(caller: Caller): Claims {
  return {
    personId: caller.id!,
    role: caller.role as Claims['role'],
    sessionId: caller.sessionId!,
    name: caller.name,
  }
}

export const nobody: Caller = {
  id: null,
  role: 'anyone',
  sessionId: null,
  name: null,
  audience: 'visitor',
  language: null,
}
