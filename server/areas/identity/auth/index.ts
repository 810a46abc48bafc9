import { OperationError } from '#protocol'
import { normalizeEmail, normalizeUsername } from '#protocol/core/normalize'
import type {
  codeOperations,
  factorOperations,
  identityOperations,
  siteOperations,
  User,
} from '#protocol/identity/auth'
import { actorOf, type Call, type Handlers, personOf } from '../../../core/call.ts'
import { newId } from '../../../core/ids.ts'
import { accountExists } from '../../../core/refusals.ts'
import { checkPassword, hashPassword, passwordMatches } from '../../../security/passwords.ts'
import { type CodeDeps, codesOf } from './codes.ts'
import { type IdentityDeps, toUser } from './deps.ts'
import { type FactorDeps, factorOf } from './factor.ts'
import { claimsOf, hashOf, newSuccessor, sessionsOf, successorOf } from './sessions.ts'
import { type SiteDeps, siteOf } from './site.ts'

/** Who is who: accounts, passwords, sessions. */
export function identityArea(deps: IdentityDeps & { codes: CodeDeps; site: SiteDeps; factor: FactorDeps }) {
  const { storage } = deps
  const sessions = sessionsOf(deps)
  const codes = codesOf(deps, sessions)
  const site = siteOf(deps)
  const factor = factorOf(deps)

  const handlers: Handlers<
    typeof identityOperations & typeof codeOperations & typeof siteOperations & typeof factorOperations
  > = {
    ...codes.handlers,
    ...factor.handlers,
    ...site.handlers,

    async 'auth:register'({ username, email, password }, call) {
      const password_hash = await hashPassword(password)
      const person = await storage.register({ id: newId(), username, email, password_hash })
      if (!person) throw accountExists()
      return sessions.begin(person, 'auth:register', actorOf(call))
    },

    async 'auth:login'({ username, email, password, otp }, call) {
      const person = await storage.findByLogin(loginOf((username ?? email)!))
      const check = await checkPassword(person?.password_hash ?? null, password)
      if (!person?.active || check === 'wrong') {
        await failed('auth:login_failed', person?.id ?? null, call)
        throw new OperationError('INVALID_CREDENTIALS', 'User name or password is wrong.')
      }
      await factor.demand(person, otp, call)
      if (check === 'outdated') await storage.rehash(person, await hashPassword(password))
      return sessions.begin(person, 'auth:login', actorOf(call))
    },

    async 'auth:renew'({ refresh_token }, call) {
      const result = await storage.rotateRefreshToken(
        hashOf(refresh_token),
        newSuccessor(refresh_token),
        actorOf(call),
      )
      if (result.outcome === 'expired')
        throw new OperationError('TOKEN_EXPIRED', 'The session has expired; sign in again.')
      if (result.outcome !== 'rotated') {
        if (result.outcome === 'reused') await deps.refreshRevocations()
        throw new OperationError('UNAUTHORIZED', 'The refresh token is not valid.')
      }
      const claims = claimsOf(result.person, result.session_id)
      const seconds = Math.min(deps.accessTokenSeconds, result.seconds_left)
      const session = await deps.issue({ ...claims, seconds })
      if (call.caller.id === result.person.id) call.adopt(session)
      return sessions.tokens(session, successorOf(refresh_token, result.salt))
    },

    async 'auth:logout'(_input, call) {
      const { sessionId } = personOf(call)
      if (sessionId) await storage.endSession(sessionId, actorOf(call))
      await deps.refreshRevocations()
      return null
    },

    async 'auth:me'(_input, call) {
      const user = await describe(personOf(call).id)
      if (!user) throw new OperationError('UNAUTHORIZED', 'This account no longer exists.')
      return { user }
    },

    async 'auth:change_password'({ current_password, password }, call) {
      const person = await storage.find(personOf(call).id)
      if (!(await passwordMatches(person?.password_hash ?? null, current_password)) || !person?.active) {
        await failed('auth:change_password_failed', call.caller.id, call)
        throw new OperationError('INVALID_CREDENTIALS', 'The current password is wrong.')
      }
      await storage.setPassword(
        person.id,
        await hashPassword(password),
        'auth:change_password',
        actorOf(call),
      )
      await deps.refreshRevocations()
      return sessions.begin((await storage.find(person.id))!, 'auth:login', actorOf(call))
    },
  }

  function failed(action: string, subject: string | null, call: Call): Promise<void> {
    return deps.recordAudit({ actor: actorOf(call), scope: 'session', action, subject })
  }

  async function describe(id: string): Promise<User | null> {
    const person = await storage.find(id)
    return person && person.role !== 'visitor' ? toUser(person) : null
  }

  return { handlers, describe, invitation: codes.invitation, recognise: site.recognise }
}

/** What was typed to sign in with, in the form it is stored in. */
function loginOf(typed: string): string {
  return normalizeEmail(typed) ?? normalizeUsername(typed)
}
