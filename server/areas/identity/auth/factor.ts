import { createHash, randomInt } from 'node:crypto'
import { Secret, TOTP } from 'otpauth'
import { renderSVG } from 'uqr'
import { OperationError } from '#protocol'
import { normalizeCode } from '#protocol/core/normalize'
import type { factorOperations } from '#protocol/identity/auth'
import type { Person } from '#storage/identity/auth'
import type { FactorStorage } from '#storage/identity/factors'
import { actorOf, type Call, type Handlers, personOf } from '../../../core/call.ts'
import type { Sealer } from '../../../security/encryption.ts'
import { passwordMatches } from '../../../security/passwords.ts'
import type { IdentityDeps } from './deps.ts'

export interface FactorDeps {
  storage: FactorStorage
  sealer: Sealer
}

const stepSeconds = 30
const seedBytes = 20
const recoveryCount = 10
/** Of 32 letters and digits: 80 bits, so that a plain hash keeps them. */
const recoveryLength = 16
const alphabet = '23456789ABCDEFGHJKLMNPQRSTUVWXYZ'

/** A second factor for staff: codes of an app (TOTP, RFC 6238), and recovery codes for the day the telephone is gone. */
export function factorOf({
  storage: people,
  refreshRevocations,
  recordAudit,
  factor,
}: IdentityDeps & { factor: FactorDeps }) {
  const { storage, sealer } = factor
  const place = (personId: string) => `second_factors.sealed_seed:${personId}` as const

  /** Each step counts once, and none before the newest used. One step either way allows for clocks. */
  function checkerOf(personId: string, code: string) {
    return (sealed: string, lastStep: number): number | null => {
      if (!/^\d{6}$/.test(code)) return null
      const totp = totpOf(Secret.fromBase32(sealer.open(sealed, place(personId))))
      const delta = totp.validate({ token: code, window: 1 })
      if (delta === null) return null
      const step = Math.floor(Date.now() / 1000 / stepSeconds) + delta
      return step > lastStep ? step : null
    }
  }

  const handlers: Handlers<typeof factorOperations> = {
    async 'auth:begin_factor'(_input, call) {
      const { id } = personOf(call)
      const person = await people.find(id)
      const secret = new Secret({ size: seedBytes })
      if (!(await storage.begin(id, sealer.seal(secret.base32, place(id)))))
        throw new OperationError('CONFLICT', 'Two-step verification is already on; turn it off first.')
      const uri = totpOf(secret, person?.username ?? person?.email ?? id).toString()
      return { secret: secret.base32, uri, svg: renderSVG(uri) }
    },

    async 'auth:confirm_factor'({ code }, call) {
      const { id } = personOf(call)
      const recovery_codes = Array.from({ length: recoveryCount }, recoveryCode)
      const hashes = recovery_codes.map(hashOf)
      if (!(await storage.confirm(id, checkerOf(id, code), hashes, actorOf(call)))) throw wrong()
      return { recovery_codes }
    },

    async 'auth:remove_factor'({ password, code }, call) {
      const { id } = personOf(call)
      const person = await people.find(id)
      if (!person || !(await passwordMatches(person.password_hash, password)))
        throw new OperationError('INVALID_CREDENTIALS', 'The password is wrong.')
      await demand(person, code, call)
      await storage.remove(id, actorOf(call))
      await refreshRevocations()
      return null
    },
  }

  /** At a sign-in, once the password was right. @throws OperationError INVALID_CODE, RATE_LIMITED */
  async function demand(person: Person, code: string | undefined, call: Call): Promise<void> {
    if (code === undefined) {
      if (await storage.has(person.id))
        throw wrong('Enter a code from your authenticator app, or a recovery code.')
      return
    }
    const result = await storage.use(person.id, checkerOf(person.id, code), hashOf(code))
    if (result.outcome === 'limited')
      throw new OperationError('RATE_LIMITED', 'Too many wrong codes; try again later.', {
        retry_after_ms: result.retry_after_ms,
      })
    if (result.outcome === 'wrong') {
      const { id } = person
      await recordAudit({ actor: actorOf(call), scope: 'session', action: 'auth:factor_failed', subject: id })
      throw wrong()
    }
  }

  return { handlers, demand }
}

function totpOf(secret: Secret, label = ''): TOTP {
  return new TOTP({ issuer: 'Parley', label, secret, digits: 6, period: stepSeconds, algorithm: 'SHA1' })
}

function recoveryCode(): string {
  const letters = Array.from({ length: recoveryLength }, () => alphabet[randomInt(alphabet.length)])
  return letters.join('').match(/.{4}/g)!.join('-')
}

function hashOf(code: string): Buffer {
  return createHash('sha256').update(normalizeCode(code)).digest()
}

/** `details` tells a sign-in form to ask for it. */
function wrong(message = 'This code is wrong or already used.'): OperationError {
  return new OperationError('INVALID_CODE', message, { second_factor: true })
}
