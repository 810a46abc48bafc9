import { createHmac, createSecretKey, type KeyObject } from 'node:crypto'
import { errors, type JWTHeaderParameters, jwtVerify } from 'jose'
import { type Namespace, OperationError, type Role, roleAtLeast, roles } from '#protocol'
import type { Caller, Session } from '../core/call.ts'
import type { Clock } from '../core/clock.ts'
import { newId } from '../core/ids.ts'
import type { KeyRing } from './keys.ts'
import type { Revocations } from './revocations.ts'

export const accessTokenSeconds = 30 * 60
/** A visitor stays the same person for this long after the last visit: each connection renews the token. */
export const visitorTokenSeconds = 30 * 24 * 3600
/** Nobody but a visitor gets a token for longer; a site's word for its customer may give one as long. */
export const longestTokenSeconds = 24 * 3600

const issuer = 'parley'
const audience = 'parley:access'
/** By how much the clocks of two nodes may differ. */
const skewSeconds = 60

export interface Claims {
  personId: string
  role: Exclude<Role, 'anyone'>
  sessionId: string
  name: string | null
  /** The person's token version. */
  version: number
  /** How long the token is to hold, where that is not as usual. */
  seconds?: number
}

export interface IdentityParts {
  keyRing: KeyRing
  clock: Clock
  revocations: Pick<Revocations, 'problem'>
}

export type Identity = ReturnType<typeof createIdentity>

/** Tokens to callers and back. The algorithm is fixed, and the keys are used for nothing else. */
export function createIdentity({ keyRing, clock, revocations }: IdentityParts) {
  const keys = keyRing.keysFor('access token').map(({ id, bytes }) => ({ id, key: createSecretKey(bytes) }))
  const current = keys[0]!

  async function issue(claims: Claims): Promise<Session> {
    const seconds = claims.seconds ?? (claims.role === 'visitor' ? visitorTokenSeconds : accessTokenSeconds)
    const now = Math.floor(clock() / 1000)
    const token = sign({
      role: claims.role,
      sid: claims.sessionId,
      ver: claims.version,
      name: claims.name ?? undefined,
      sub: claims.personId,
      iss: issuer,
      aud: audience,
      iat: now,
      exp: now + seconds,
    })
    return {
      caller: toCaller(claims),
      version: claims.version,
      token,
      expiresAt: (now + seconds) * 1000,
    }
  }

  /** Here and now: every connection of a visitor gets a token, and the library's way there takes a thread and ten times the CPU. */
  function sign(payload: object): string {
    const signingInput = `${encode({ alg: 'HS256', typ: 'at+jwt', kid: current.id })}.${encode(payload)}`
    return `${signingInput}.${createHmac('sha256', current.key).update(signingInput).digest('base64url')}`
  }

  /** The key a header names is one of ours, or there is none: nothing else in a header is looked at. */
  function findKey({ kid }: JWTHeaderParameters): KeyObject {
    const found = keys.find(({ id }) => id === kid)
    if (!found) throw new errors.JWTInvalid()
    return found.key
  }

  /** @throws OperationError UNAUTHORIZED, TOKEN_EXPIRED */
  async function authenticate(token: string): Promise<Session> {
    const session = await read(token).catch(error => {
      if (error instanceof errors.JWTExpired) throw expired()
      throw unauthorized()
    })
    const { caller, version } = session
    const problem = revocations.problem({ personId: caller.id!, sessionId: caller.sessionId!, version })
    if (problem !== null) throw problem === 'TOKEN_EXPIRED' ? expired() : unauthorized()
    return session
  }

  async function read(token: string): Promise<Session> {
    const { payload, protectedHeader } = await jwtVerify(token, findKey, {
      algorithms: ['HS256'],
      typ: 'at+jwt',
      issuer,
      audience,
      requiredClaims: ['sub', 'exp', 'iat', 'role', 'sid', 'ver'],
      currentDate: new Date(clock()),
    })
    assertOnlyReading(token, [protectedHeader, payload])
    const role = roles.find(entry => entry === payload.role)
    if (!role || role === 'anyone') throw new errors.JWTInvalid()
    if (payload.iat! * 1000 > clock() + skewSeconds * 1000) throw new errors.JWTInvalid()
    const claims = {
      personId: payload.sub!,
      role,
      sessionId: String(payload.sid),
      name: typeof payload.name === 'string' ? payload.name : null,
      version: Number(payload.ver),
    }
    return { caller: toCaller(claims), version: claims.version, token, expiresAt: payload.exp! * 1000 }
  }

  /** A new visitor; no row is written before their first conversation. */
  function newVisitor(): Promise<Session> {
    return issue({ personId: newId(), role: 'visitor', sessionId: newId(), name: null, version: 0 })
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
        throw new OperationError('FORBIDDEN', 'Only staff can connect here.')
      }
      return { ...session, caller: { ...session.caller, audience: 'agent' } }
    }
    return session.caller.role === 'visitor' ? issue(toClaims(session)) : session
  }

  return { issue, authenticate, newVisitor, connect }
}

function encode(part: object): string {
  return Buffer.from(JSON.stringify(part)).toString('base64url')
}

function expired(): OperationError {
  return new OperationError('TOKEN_EXPIRED', 'The token has expired.')
}

function unauthorized(): OperationError {
  return new OperationError('UNAUTHORIZED', 'The token is not valid.')
}

/** A name that stands twice in it would be read one way here and another way elsewhere: refused. */
function assertOnlyReading(token: string, parts: object[]): void {
  const written = token.split('.').slice(0, 2)
  const same = parts.every(
    (part, index) => Buffer.from(written[index]!, 'base64url').toString() === JSON.stringify(part),
  )
  if (!same) throw new errors.JWTInvalid()
}

function toCaller({ personId, role, sessionId, name }: Claims): Caller {
  return { id: personId, role, sessionId, name, audience: 'visitor', language: null }
}

function toClaims({ caller, version }: Session): Claims {
  return {
    version,
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
