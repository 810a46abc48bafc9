import type { Language } from '#protocol'
import type { Budget } from '#protocol/models/budget'
import type { Database } from '../engine/transaction.ts'
import { type NewMail, queueMail } from '../platform/outbox.ts'
import { firstDay, type Moment } from './budget.ts'

/** A budget of which so much is used in its present period that administrators are to know. */
export interface NearBudget
  extends Pick<Budget, 'id' | 'scope' | 'role' | 'provider_id' | 'period' | 'currency'> {
  /** Of whoever made it. */
  language: Language | null
  person_name: string | null
  spent: number
  amount: number
}

export type WarningStorage = ReturnType<typeof warningStorage>

/** The part of a budget from which administrators are warned. */
const nearPart = 0.8
/** Budgets that are looked at together. */
const maxBatch = 20

/** Who was warned of which budget, once for each of its periods. */
export function warningStorage({ sql, withDeadline, transaction }: Database) {
  return {
    /** Nobody was warned of these in this period; of a quota, once for whoever comes near first. */
    async due(moment: Moment): Promise<NearBudget[]> {
      return withDeadline(sql<NearBudget[]>`
        select distinct on (b.id) b.id, b.scope, b.role, b.provider_id, b.period, b.currency, b.language,
          coalesce(p.name, p.username, p.email) as person_name, s.spent::float8 as spent, b.amount::float8 as amount
        from budgets b
        join budget_spending s on s.budget_id = b.id and s.period = ${firstDay(sql, moment)}::date
        left join people p on p.id = s.person_id
        where b.amount > 0 and s.spent >= b.amount * ${nearPart}::numeric
          and not exists (select from budget_warnings w where w.budget_id = b.id and w.period = s.period)
        order by b.id, s.spent desc limit ${maxBatch}`)
    },

    /** Where the mail goes. */
    async administrators(): Promise<string[]> {
      const rows = await withDeadline(sql<{ email: string }[]>`
        select email from people where role in ('admin', 'super_admin') and active and email is not null order by id`)
      return rows.map(({ email }) => email)
    },

    /** @returns whether it was not noted before: then its mails are in the outbox */
    warn(
      budgetId: string,
      moment: Moment,
      letters: { mail: NewMail; status: 'queued' | 'kept' }[],
    ): Promise<boolean> {
      return transaction(async inner => {
        const noted = await inner`
          insert into budget_warnings (budget_id, period)
          select b.id, ${firstDay(inner, moment)}::date from budgets b where b.id = ${budgetId}
          on conflict do nothing returning 1`
        if (noted.length === 0) return false
        for (const { mail, status } of letters) await queueMail(inner, mail, status)
        return true
      })
    },
  }
}
