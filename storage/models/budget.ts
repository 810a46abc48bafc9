import type { Language } from '#protocol'
import type { Budget } from '#protocol/models/budget'
import type { AnySql, Database, TransactionSql } from '../engine/transaction.ts'
import { type AuditEntry, recordAudit } from '../identity/audit.ts'

/** When something happens, and on whose calendar. */
export interface Moment {
  /** Milliseconds since the epoch. */
  at: number
  timeZone: string
}

/** Decimals as text: money is never a floating point number here. */
export type BudgetRow = Omit<Budget, 'name' | 'amount' | 'spent' | 'reserved' | 'uncounted_models'> & {
  person_name: string | null
  amount: string
  spent: string
  reserved: string
}

export type NewBudget = Pick<
  BudgetRow,
  'id' | 'scope' | 'provider_id' | 'role' | 'person_id' | 'period' | 'currency' | 'amount' | 'at_limit'
>

export type BudgetStorage = ReturnType<typeof budgetStorage>

/** What may be spent on models. */
export function budgetStorage({ sql, withDeadline, transaction }: Database) {
  async function read(inner: AnySql, moment: Moment, id?: string): Promise<BudgetRow[]> {
    const { timeZone } = moment
    return inner<BudgetRow[]>`
      select b.id, b.scope, b.provider_id, b.role, b.person_id, coalesce(p.name, p.username, p.email) as person_name,
        b.period, b.currency, b.amount::text, b.at_limit, coalesce(s.spent, 0)::text as spent,
        coalesce(s.reserved, 0)::text as reserved, s.reached_at, t.first at time zone ${timeZone} as since,
        (t.first + ('1 ' || b.period)::interval) at time zone ${timeZone} as resets_at, b.created_at, b.updated_at
      from budgets b
      cross join lateral (select ${firstDay(inner, moment)}::timestamp as first) t
      left join lateral (
        select spent, reserved, reached_at from budget_spending s where s.budget_id = b.id and s.period = t.first::date
        order by spent desc limit 1) s on true
      left join people p on p.id = b.person_id
      ${id === undefined ? inner`` : inner`where b.id = ${id}`} order by b.created_at, b.id`
  }

  return {
    /** How far each is in its present period. */
    list: (moment: Moment): Promise<BudgetRow[]> => withDeadline(read(sql, moment)),

    async exist(): Promise<boolean> {
      const [row] = await withDeadline(sql<{ some: boolean }[]>`select exists (select from budgets) as some`)
      return row!.some
    },

    /** @returns null where there is no such person */
    create(
      budget: NewBudget & { language: Language | null },
      moment: Moment,
      audit: AuditEntry,
    ): Promise<BudgetRow | null> {
      return transaction(async inner => {
        const { id, person_id, language } = budget
        if (person_id !== null) {
          const [person] = await inner`select from people where id = ${person_id} for key share`
          if (!person) return null
        }
        await inner`
          insert into budgets (id, scope, provider_id, role, person_id, period, currency, amount, at_limit, created_by, language)
          values (${id}, ${budget.scope}, ${budget.provider_id}, ${budget.role}, ${person_id}, ${budget.period},
            ${budget.currency}, ${budget.amount}::text::numeric, ${budget.at_limit}, ${audit.actor.id}, ${language})`
        await inner`
          with due as (
            select b.*, ${firstDay(inner, moment)}::date as first from budgets b
            where b.id = ${id} and (b.scope <> 'person' or b.person_id is not null))
          ${openPeriods(inner, moment)}`
        await recordAudit(inner, audit)
        const [row] = await read(inner, moment, id)
        return row!
      })
    },

    /** @param auditOf of what was before and is now */
    update(
      { id, amount, at_limit }: Pick<BudgetRow, 'id'> & Partial<Pick<BudgetRow, 'amount' | 'at_limit'>>,
      moment: Moment,
      auditOf: (before: Changeable, after: Changeable) => AuditEntry,
    ): Promise<BudgetRow | null> {
      return transaction(async inner => {
        const before = await findLocked(inner, id)
        if (!before) return null
        const after = { ...before, amount: amount ?? before.amount, at_limit: at_limit ?? before.at_limit }
        await inner`
          update budgets set amount = ${after.amount}::text::numeric, at_limit = ${after.at_limit}, updated_at = now()
          where id = ${id}`
        if (amount !== undefined)
          await inner`update budget_spending set reached_at = null where budget_id = ${id} and reached_at is not null`
        await recordAudit(inner, auditOf(before, after))
        const [row] = await read(inner, moment, id)
        return row!
      })
    },

    /** @returns whether there was one */
    remove(id: string, auditOf: (before: Changeable) => AuditEntry): Promise<boolean> {
      return transaction(async inner => {
        const before = await findLocked(inner, id)
        if (!before) return false
        await inner`delete from budgets where id = ${id}`
        await recordAudit(inner, auditOf(before))
        return true
      })
    },
  }
}

type Changeable = NewBudget

async function findLocked(sql: TransactionSql, id: string): Promise<Changeable | undefined> {
  const [row] = await sql<Changeable[]>`
    select id, scope, provider_id, role, person_id, period, currency, amount::text, at_limit from budgets
    where id = ${id} for no key update`
  return row
}

/** Of the present period of a budget `b`. */
export function firstDay(sql: AnySql, { at, timeZone }: Moment) {
  return sql`date_trunc(b.period, to_timestamp(${at}::float8 / 1000) at time zone ${timeZone})`
}

/**
 * Begins the periods of the budgets `due`, at nothing; one that was made in the course of its period with what was used
 * before. Those that are over are forgotten.
 */
export function openPeriods(sql: AnySql, { timeZone }: Moment) {
  const begin = sql`(d.first::timestamp at time zone ${timeZone})`
  const used = sql`
    coalesce(sum(case when d.currency is null then prompt_tokens + completion_tokens when u.currency = d.currency then cost end), 0)`
  return sql`
    , past as (
      delete from budget_spending s using due d
      where s.budget_id = d.id and s.person_id is not distinct from d.person_id and s.period < d.first and s.reserved = 0)
    insert into budget_spending (budget_id, period, person_id, spent)
    select d.id, d.first, d.person_id, case
      when d.created_at < ${begin} then 0
      when d.scope = 'person' then (
        select ${used} from usage u where u.person_id = d.person_id and u.at >= ${begin})
      when d.scope = 'role' then (
        select ${used} from usage u join people p on p.id = u.person_id where p.role = d.role and u.at >= ${begin})
      when d.scope = 'provider' then (
        select ${used} from usage_totals u where u.provider_id = d.provider_id and u.slot >= ${begin})
      else (select ${used} from usage_totals u where u.slot >= ${begin}) end
    from due d order by d.id on conflict do nothing`
}
