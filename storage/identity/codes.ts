import { v7 } from 'uuid'
import type { Database, TransactionSql } from '../engine/transaction.ts'
import { type NewMail, queueMail } from '../platform/outbox.ts'
import { type Actor, type AuditEntry, recordAudit } from './audit.ts'
import type { Person } from './auth.ts'
import { type Asker, type CodeLimits, codeAttempts, hourSeconds, type Limited } from './code-attempts.ts'
import { becomeUser, proven } from './linking.ts'
import { endSessions } from './revocations.ts'
import { beginSession, type NewSession } from './sessions.ts'

export type CodePurpose = 'sign_in' | 'reset' | 'invite'

export interface NewCode {
  purpose: CodePurpose
  code_hash: Buffer
  seconds: number
}

export type CodeStorage = ReturnType<typeof codeStorage>

/** Codes sent by mail: what limits them is counted where every node counts, and nothing slips through between two. */
export function codeStorage(database: Database, limits: CodeLimits) {
  const { transaction } = database
  const { withinLimit, count } = codeAttempts(database, limits)

  /** A code that does not fit counts, and stands in the audit log. */
  async function refuse(
    inner: TransactionSql,
    asker: Asker,
    entry: Omit<AuditEntry, 'scope'>,
  ): Promise<{ outcome: 'wrong' }> {
    await count(inner, 'wrong', asker)
    await recordAudit(inner, { ...entry, scope: 'session' })
    return { outcome: 'wrong' }
  }

  return {
    /** Stores a code and its mail. `compose` says both, by whose address it is; the caller is told the same either way. */
    send(
      asker: Asker,
      email: string,
      compose: (person: Person | null) => { code: NewCode; mail: NewMail; status: 'queued' | 'kept' },
    ): Promise<{ outcome: 'sent' } | Limited> {
      return withinLimit('send', asker, async inner => {
        await count(inner, 'send', asker)
        const person = await findByEmail(inner, email)
        const { code, mail, status } = compose(person)
        await storeCode(inner, { ...code, email_hash: asker.email_hash, asker_id: asker.asker_id })
        await queueMail(inner, { ...mail, person_id: asker.asker_id ?? person?.id ?? null }, status)
        return { outcome: 'sent' }
      })
    },

    /**
     * Signs in whoever the address belongs to; a new account when it is nobody's. A visitor's conversations become
     * theirs, and the visitor is no more.
     */
    signIn(input: {
      asker: Asker
      email: string
      newPersonId: string
      visitor: { id: string; sessionId: string | null } | null
      matches: (hash: Buffer | null) => boolean
      session(person: Person): NewSession
      actor: Actor
    }): Promise<{ outcome: 'wrong' } | Limited | { outcome: 'right'; person: Person; session: NewSession }> {
      const { asker, email, visitor, actor } = input
      return withinLimit('wrong', asker, async inner => {
        const known = await findByEmail(inner, email)
        const fits = await consume(inner, ['sign_in'], asker, input.matches)
        if (!fits || (known && (known.role !== 'user' || !known.active)))
          return refuse(inner, asker, { actor, action: 'auth:verify_failed', subject: known?.id ?? null })
        const person = await proven(inner, known, { id: input.newPersonId, email })
        if (visitor) await becomeUser(inner, visitor, person.id)
        const session = input.session(person)
        await beginSession(inner, session, 'auth:verify', actor)
        return { outcome: 'right', person, session }
      })
    },

    /** A new password for the address a reset or an invitation was sent to. Signs out everywhere. */
    setPassword(input: {
      asker: Asker
      email: string
      matches: (hash: Buffer | null, purpose: CodePurpose) => boolean
      passwordHash: string
      actor: Actor
    }): Promise<{ outcome: 'wrong' | 'right' } | Limited> {
      const { asker, email, actor } = input
      return withinLimit('wrong', asker, async inner => {
        const known = await findByEmail(inner, email)
        const bound = { ...asker, asker_id: null }
        const fits = await consume(inner, ['reset', 'invite'], bound, input.matches)
        if (!fits || !known?.active)
          return refuse(inner, asker, { actor, action: 'auth:reset_failed', subject: known?.id ?? null })
        await inner`
          update people set password_hash = ${input.passwordHash}, email_verified = true where id = ${known.id}`
        await endSessions(inner, known.id)
        await recordAudit(inner, { actor, scope: 'session', action: 'auth:reset', subject: known.id })
        return { outcome: 'right' }
      })
    },

    /** What no limit and no code needs any more. */
    async prune(): Promise<void> {
      await transaction(async inner => {
        await inner`delete from code_attempts where at < now() - make_interval(secs => ${2 * hourSeconds})`
        await inner`delete from email_codes where expires_at < now() - make_interval(secs => ${hourSeconds})`
      })
    },
  }
}

async function consume(
  inner: TransactionSql,
  purposes: readonly CodePurpose[],
  { email_hash, asker_id }: Asker,
  matches: (hash: Buffer | null, purpose: CodePurpose) => boolean,
): Promise<boolean> {
  // The newest of each purpose counts: one more was asked for because the last did not arrive.
  const codes = await inner<{ id: string; purpose: CodePurpose; code_hash: Buffer; valid: boolean }[]>`
    select distinct on (purpose) id, purpose, code_hash, expires_at > now() and used_at is null as valid
    from email_codes
    where email_hash = ${email_hash} and purpose = any(${[...purposes]}::text[])
      and asker_id is not distinct from ${asker_id}
    order by purpose, created_at desc, id desc`.then(rows => rows.filter(row => row.valid))
  let right: string | null = null
  for (const purpose of purposes) {
    const code = codes.find(row => row.purpose === purpose)
    if (matches(code?.code_hash ?? null, purpose) && code) right = code.id
  }
  if (right === null) return false
  await inner`update email_codes set used_at = now() where id = ${right}`
  return true
}

async function findByEmail(inner: TransactionSql, email: string): Promise<Person | null> {
  const [person] = await inner<Person[]>`select * from people where lower(email) = ${email} for update`
  return person ?? null
}

export async function storeCode(
  sql: TransactionSql,
  { seconds, ...code }: NewCode & { email_hash: Buffer; asker_id: string | null },
): Promise<void> {
  await sql`
    insert into email_codes (id, purpose, email_hash, asker_id, code_hash, expires_at)
    values (${v7()}, ${code.purpose}, ${code.email_hash}, ${code.asker_id}, ${code.code_hash},
      now() + make_interval(secs => ${seconds}))`
}
