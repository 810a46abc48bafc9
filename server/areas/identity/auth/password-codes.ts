import type { codeOperations } from '#protocol/identity/auth'
import { actorOf, type Call, type Handlers } from '../../../core/call.ts'
import { letters } from '../../../mail/letters.ts'
import { hashPassword } from '../../../security/passwords.ts'
import { type CodeHashes, grouped, longCode, tooMany, wrongCode } from './code.ts'
import type { CodeDeps } from './codes.ts'

interface PasswordCodeParts extends Omit<CodeDeps, 'keyRing'> {
  hashes: CodeHashes
  refreshRevocations(): Promise<void>
}

const resetMinutes = 60
const inviteHours = 72

/** Setting a password by a code that was mailed: one that was forgotten, and the first one of an account. */
export function passwordCodes({ storage, mail, consoleUrl, hashes, refreshRevocations }: PasswordCodeParts) {
  const handlers: Pick<Handlers<typeof codeOperations>, 'auth:forgot_password' | 'auth:reset_password'> = {
    async 'auth:forgot_password'({ email }, call) {
      const code = longCode()
      const language = call.caller.language
      const reset = { code: grouped(code), link: passwordLink(email, code), minutes: resetMinutes }
      const result = await storage.send({ ...hashes.asker(email, call), asker_id: null }, email, person => {
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
        asker: hashes.asker(email, call),
        email,
        matches: (hash, purpose) => hashes.same(hash, purpose, email, null, code),
        passwordHash: await hashPassword(password),
        actor: actorOf(call),
      })
      if (result.outcome === 'limited') throw tooMany(result)
      if (result.outcome === 'wrong') throw wrongCode()
      await refreshRevocations()
      return null
    },
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
