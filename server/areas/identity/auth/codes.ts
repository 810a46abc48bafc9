import { createHmac, randomInt, timingSafeEqual } from 'node:crypto'
import { OperationError } from '#protocol'
import type { codeOperations } from '#protocol/identity/auth'
import type { Person } from '#storage/identity/auth'
import type { Asker, CodeLimits, Limited } from '#storage/identity/code-attempts'
import type { CodePurpose, CodeStorage } from '#storage/identity/codes'
import type { NewMail } from '#storage/platform/outbox'
import { actorOf, type Call, type Handlers } from '../../../core/call.ts'
import { newId } from '../../../core/ids.ts'
import { type Letter, letters } from '../../../mail/letters.ts'
import { networkOf } from '../../../net/address.ts'
import type { KeyRing } from '../../../security/keys.ts'
import { hashPassword } from '../../../security/passwords.ts'
import type { IdentityDeps } from './deps.ts'
import type { sessionsOf } from './sessions.ts'

export interface CodeDeps {
  storage: CodeStorage
  keyRing: KeyRing
  /** Where the console is, with its whole address: mails lead there. */
  consoleUrl: string
  mail: { seal(letter: Letter): { mail: NewMail; status: 'queued' | 'kept' }; wake(): void }
}

/** How many different sign-in codes there are: six digits. */
export const codeCount = 1_000_000
const codeMinutes = 10
const resetMinutes = 60
export const inviteHours = 72
/** Of 32 letters and digits that nobody confuses: 100 bits. Long enough to be guessed by nobody; it is pasted. */
const longCodeLength = 20
const alphabet = '23456789ABCDEFGHJKLMNPQRSTUVWXYZ'

/**
 * An hour. A code dies with the sixth try: `wrong.asker`. That guessing one takes more than a year on average follows from
 * `wrong.overall`, whoever asks and from wherever (SECURITY.md has the sum, test/identity/codes.test.ts computes it).
 */
export const codeLimits: CodeLimits = {
  sends: { address: 5, asker: 10, network: 30, overall: 1000 },
  wrong: { asker: 5, network: 20, overall: 100 },
}

/** Signing in and setting a password by a code that was mailed. */
export function codesOf(deps: IdentityDeps & { codes: CodeDeps }, sessions: ReturnType<typeof sessionsOf>) {
  const { storage, mail, consoleUrl } = deps.codes
  const hashes = hashesOf(deps.codes.keyRing)

  const handlers: Handlers<typeof codeOperations> = {
    async 'auth:send_code'({ email }, call) {
      const asker = askerOf(email, call)
      const code = String(randomInt(codeCount)).padStart(6, '0')
      const to = { to: email, language: call.caller.language }
      const result = await storage.send(asker, email, person => {
        const usable = mayUseCodes(person)
        return {
          code: {
            purpose: 'sign_in',
            // Staff have passwords and second factors, which a mailbox must not get around.
            code_hash: hashes.code('sign_in', email, asker.asker_id, usable ? code : longCode()),
            seconds: codeMinutes * 60,
          },
          ...mail.seal(usable ? letters.signIn(to, { code, minutes: codeMinutes }) : letters.noCode(to)),
        }
      })
      if (result.outcome === 'limited') throw tooMany(result)
      mail.wake()
      return { expires_in: codeMinutes * 60 }
    },

    async 'auth:verify'({ email, code }, call) {
      const asker = askerOf(email, call)
      const { caller } = call
      let refresh = ''
      const result = await storage.signIn({
        asker,
        email,
        newPersonId: newId(),
        visitor: caller.role === 'visitor' ? { id: caller.id!, sessionId: caller.sessionId } : null,
        matches: hash => hashes.same(hash, 'sign_in', email, asker.asker_id, code),
        session(person) {
          const { session, token } = sessions.prepare(person)
          refresh = token
          return session
        },
        actor: actorOf(call),
      })
      if (result.outcome === 'limited') throw tooMany(result)
      if (result.outcome === 'wrong') throw wrongCode()
      const { session, answer } = await sessions.signedIn(result.person, result.session, refresh)
      call.adopt(session)
      await deps.refreshRevocations()
      return answer
    },

    async 'auth:forgot_password'({ email }, call) {
      const code = longCode()
      const language = call.caller.language
      const reset = { code: grouped(code), link: passwordLink(email, code), minutes: resetMinutes }
      const result = await storage.send({ ...askerOf(email, call), asker_id: null }, email, person => {
        const usable = person?.active ?? false
        const to = { to: email, language, staff: person !== null && person.role !== 'user' }
        return {
          code: {
            purpose: 'reset',
            code_hash: hashes.code('reset', email, null, usable ? code : longCode()),
            seconds: resetMinutes * 60,
          },
          ...mail.seal(usable ? letters.reset(to, reset) : letters.noAccount(to)),
        }
      })
      if (result.outcome === 'limited') throw tooMany(result)
      mail.wake()
      return { expires_in: resetMinutes * 60 }
    },

    async 'auth:reset_password'({ email, code, password }, call) {
      const result = await storage.setPassword({
        asker: askerOf(email, call),
        email,
        matches: (hash, purpose) => hashes.same(hash, purpose, email, null, code),
        passwordHash: await hashPassword(password),
        actor: actorOf(call),
      })
      if (result.outcome === 'limited') throw tooMany(result)
      if (result.outcome === 'wrong') throw wrongCode()
      await deps.refreshRevocations()
      return null
    },
  }

  function askerOf(email: string, { caller, address }: Call): Asker {
    return { email_hash: hashes.email(email), asker_id: caller.id, network: networkOf(address) }
  }

  /** For an account made without a password: what is stored with it, and the mail that says so. */
  function invitation(email: string, staff: boolean, language: Call['caller']['language']) {
    const code = longCode()
    const shown = { code: grouped(code), link: passwordLink(email, code) }
    return {
      code: {
        purpose: 'invite' as const,
        email_hash: hashes.email(email),
        code_hash: hashes.code('invite', email, null, code),
        seconds: inviteHours * 3600,
      },
      ...mail.seal(letters.invite({ to: email, staff, language }, { ...shown, hours: inviteHours })),
      shown,
    }
  }

  /** The console's page for it. Behind the `#`, which no browser sends and no proxy logs. */
  function passwordLink(email: string, code: string): string {
    return `${consoleUrl}#/new-password?${new URLSearchParams({ email, code })}`
  }

  return { handlers, invitation }
}

function mayUseCodes(person: Person | null): boolean {
  return person === null || (person.role === 'user' && person.active)
}

function hashesOf(keyRing: KeyRing) {
  const keys = keyRing.keysFor('codes by mail')
  const digest = (key: Uint8Array, parts: (string | null)[]) =>
    createHmac('sha256', key).update(JSON.stringify(parts)).digest()
  const nothing = Buffer.alloc(32)
  return {
    email: (email: string) => digest(keys[0].bytes, ['address', email]),
    code: (purpose: CodePurpose, email: string, asker: string | null, code: string) =>
      digest(keys[0].bytes, [purpose, email, asker, code]),
    /** As slow for no code as for a wrong one. */
    same(
      hash: Buffer | null,
      purpose: CodePurpose,
      email: string,
      asker: string | null,
      code: string,
    ): boolean {
      const equal = keys.map(key =>
        timingSafeEqual(hash ?? nothing, digest(key.bytes, [purpose, email, asker, code])),
      )
      return hash !== null && equal.includes(true)
    },
  }
}

function longCode(): string {
  return Array.from({ length: longCodeLength }, () => alphabet[randomInt(alphabet.length)]).join('')
}

/** Easier on the eye; the hyphens do not count. */
function grouped(code: string): string {
  return code.match(/.{5}/g)!.join('-')
}

function wrongCode(): OperationError {
  return new OperationError('INVALID_CODE', 'This code is wrong, already used, or expired.')
}

function tooMany({ retry_after_ms }: Limited): OperationError {
  return new OperationError('RATE_LIMITED', 'Too many codes; try again later.', { retry_after_ms })
}
