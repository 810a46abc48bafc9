import { randomInt } from 'node:crypto'
import type { codeOperations } from '#protocol/identity/auth'
import type { Person } from '#storage/identity/auth'
import type { CodeLimits } from '#storage/identity/code-attempts'
import type { CodeStorage } from '#storage/identity/codes'
import type { NewMail } from '#storage/platform/outbox'
import { actorOf, type Handlers } from '../../../core/call.ts'
import { newId } from '../../../core/ids.ts'
import { type Letter, letters } from '../../../mail/letters.ts'
import type { KeyRing } from '../../../security/keys.ts'
import { codeHashes, longCode, tooMany, wrongCode } from './code.ts'
import type { IdentityDeps } from './deps.ts'
import { passwordCodes } from './password-codes.ts'
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

/**
 * An hour. A code dies with the sixth try: `wrong.asker`. That guessing one takes more than a year on average follows from
 * `wrong.overall`, whoever asks and from wherever (SECURITY.md has the sum, test/identity/codes.test.ts computes it).
 */
export const codeLimits: CodeLimits = {
  sends: { address: 5, asker: 10, network: 30, overall: 1000 },
  wrong: { asker: 5, network: 20, overall: 100 },
}

/** Signing in by a code that was mailed, and what belongs to passwords. */
export function codesOf(deps: IdentityDeps & { codes: CodeDeps }, sessions: ReturnType<typeof sessionsOf>) {
  const { storage, mail, keyRing } = deps.codes
  const hashes = codeHashes(keyRing)
  const passwords = passwordCodes({ ...deps.codes, hashes, refreshRevocations: deps.refreshRevocations })

  const handlers: Pick<Handlers<typeof codeOperations>, 'auth:send_code' | 'auth:verify'> = {
    async 'auth:send_code'({ email }, call) {
      const asker = hashes.asker(email, call)
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
      const asker = hashes.asker(email, call)
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
  }

  return { handlers: { ...handlers, ...passwords.handlers }, invitation: passwords.invitation }
}

function mayUseCodes(person: Person | null): boolean {
  return person === null || (person.role === 'user' && person.active)
}
