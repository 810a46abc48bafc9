import { v7 } from 'uuid'
import type { Database, TransactionSql } from '../engine/transaction.ts'
import { type Actor, recordAudit } from './audit.ts'
import { endSessions } from './revocations.ts'

/** What a code is checked against: the sealed seed, and the newest step that was used. @returns the step it is of */
export type CheckCode = (sealedSeed: string, lastStep: number) => number | null

export type FactorOutcome =
  /** There is no second factor. */
  | { outcome: 'none' }
  | { outcome: 'right' }
  | { outcome: 'wrong' }
  | { outcome: 'limited'; retry_after_ms: number }

export type FactorStorage = ReturnType<typeof factorStorage>

/** Wrong codes somebody may enter in a quarter of an hour: guessing one of 3 in 10^6 takes more than a year on average. */
export const factorTries = 5
export const factorSeconds = 900

interface FactorRow {
  sealed_seed: string
  confirmed: boolean
  last_step: number
}

export function factorStorage(database: Database) {
  const { sql, withDeadline, transaction } = database

  async function locked(inner: TransactionSql, personId: string): Promise<FactorRow | undefined> {
    const [row] = await inner<FactorRow[]>`
      select sealed_seed, confirmed, last_step from second_factors where person_id = ${personId} for update`
    return row
  }

  return {
    /** A new seed, which holds once it is confirmed. @returns false when there is a confirmed one */
    async begin(personId: string, sealedSeed: string): Promise<boolean> {
      const rows = await withDeadline(sql`
        insert into second_factors (person_id, sealed_seed) values (${personId}, ${sealedSeed})
        on conflict (person_id) do update set sealed_seed = excluded.sealed_seed, last_step = 0
        where not second_factors.confirmed returning person_id`)
      return rows.length > 0
    },

    /** @returns whether the code was right */
    confirm(personId: string, check: CheckCode, recovery: Buffer[], actor: Actor): Promise<boolean> {
      return transaction(async inner => {
        const factor = await locked(inner, personId)
        const step = factor && !factor.confirmed ? check(factor.sealed_seed, factor.last_step) : null
        if (step === null) return false
        await inner`
          update second_factors set confirmed = true, last_step = ${step} where person_id = ${personId}`
        await inner`delete from recovery_codes where person_id = ${personId}`
        for (const hash of recovery)
          await inner`insert into recovery_codes ${inner({ person_id: personId, hash })}`
        await recordAudit(inner, {
          actor,
          scope: 'session',
          action: 'auth:confirm_factor',
          subject: personId,
          before: { second_factor: false },
          after: { second_factor: true },
        })
        return true
      })
    },

    async has(personId: string): Promise<boolean> {
      const rows = await withDeadline(
        sql`select 1 from second_factors where person_id = ${personId} and confirmed`,
      )
      return rows.length > 0
    },

    /** A code, or a recovery code, which is used up by it. */
    use(personId: string, check: CheckCode, recovery: Buffer): Promise<FactorOutcome> {
      return transaction(async (inner): Promise<FactorOutcome> => {
        const factor = await locked(inner, personId)
        if (!factor?.confirmed) return { outcome: 'none' }
        const [tries] = await inner<{ count: number; wait: number | null }[]>`
          select count(*) as count, extract(epoch from min(at) - now())::float8 + ${factorSeconds} as wait
          from factor_attempts
          where person_id = ${personId} and at > now() - make_interval(secs => ${factorSeconds})`
        if (tries!.count >= factorTries)
          return { outcome: 'limited', retry_after_ms: Math.max(1, Math.ceil(tries!.wait! * 1000)) }
        const step = check(factor.sealed_seed, factor.last_step)
        if (step !== null) {
          await inner`update second_factors set last_step = ${step} where person_id = ${personId}`
          return { outcome: 'right' }
        }
        const used = await inner`
          delete from recovery_codes where person_id = ${personId} and hash = ${recovery} returning 1`
        if (used.length > 0) return { outcome: 'right' }
        await inner`insert into factor_attempts ${inner({ id: v7(), person_id: personId })}`
        return { outcome: 'wrong' }
      })
    },

    /** Signs out everywhere. @returns whether there was one */
    remove(personId: string, actor: Actor): Promise<boolean> {
      return transaction(async inner => {
        const rows = await inner`delete from second_factors where person_id = ${personId} returning confirmed`
        await inner`delete from recovery_codes where person_id = ${personId}`
        if (!rows[0]?.confirmed) return false
        await endSessions(inner, personId)
        await recordAudit(inner, {
          actor,
          scope: 'session',
          action: 'auth:remove_factor',
          subject: personId,
          before: { second_factor: true },
          after: { second_factor: false },
        })
        return true
      })
    },
  }
}
