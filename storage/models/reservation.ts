import type { Usage } from '#protocol'
import type { Budget } from '#protocol/models/budget'
import { batched } from '../engine/batch.ts'
import type { AnySql, Database } from '../engine/transaction.ts'
import { unnestRows } from '../engine/unnest.ts'
import { mayJudge } from '../realtime/leases.ts'
import { firstDay, type Moment, openPeriods } from './budget.ts'

/** A call of a model before it is made, with what it may use at most. */
export interface PlannedCall extends CallAmount {
  id: string
  /** Who asks; null where nobody does. */
  person_id: string | null
  /** The answer that it is for, where that is stored. */
  message_id: string | null
  provider_id: string
  model: string
  /** As estimated. */
  prompt_tokens: number
}

export interface CallAmount {
  tokens: number
  /** A decimal; null where the model has no price. */
  cost: string | null
  currency: string | null
}

/** A budget that a call counts in. */
export interface BudgetVerdict extends Pick<Budget, 'scope' | 'period' | 'at_limit'> {
  fits: boolean
  /** Its present period has begun here. */
  is_open: boolean
}

/** A call whose node died before it was settled, and what is known of its answer. */
export interface AbandonedCall extends Pick<PlannedCall, 'provider_id' | 'model' | 'prompt_tokens'> {
  call_id: string
  content: string | null
  /** As it ended; null where it has not. */
  usage: Usage | null
}

export type ReservationStorage = ReturnType<typeof reservationStorage>

/** A node must have been silent for so many seconds before others settle what it has reserved. */
const silentSeconds = 5
/** A period is begun before the second; a budget that changes meanwhile takes one more. */
const attemptsMax = 3
/** No call takes longer: what is older was lost by a node that lives. */
const callMaxMinutes = 15

/** Calls in the database at a time: more would wait for the same rows, and hold the connections that others need. */
const concurrency = 2
const settleMax = 256

/** What calls may cost at most, taken out of their budgets before they are made and settled after. */
export function reservationStorage({ kind, sql, withDeadline }: Database, nodeId: string) {
  /**
   * In one statement, all or nothing: rows are locked before they are read, so that no two calls take the same rest. Where
   * one is full as it stands, nothing is locked.
   */
  async function tryReserve(call: PlannedCall, moment: Moment): Promise<BudgetVerdict[]> {
    return withDeadline(sql<BudgetVerdict[]>`
      with due as (${dueBudgets(sql, call, moment)}),
      seen as (
        select d.*, s.id as spending_id, coalesce(s.spent + s.reserved + d.cost <= d.amount, false) as fits
        from due d left join budget_spending s on s.budget_id = d.id and s.period = d.first
          and s.subject = coalesce(d.person_id, '00000000-0000-0000-0000-000000000000'::uuid)),
      locked as (
        select s.id, v.cost, s.spent + s.reserved + v.cost <= v.amount as fits
        from seen v join budget_spending s on s.id = v.spending_id
        where (select bool_and(fits) from seen) order by s.id for update of s),
      verdict as (select count(*) = (select count(*) from due) and bool_and(fits) as fits from locked),
      counted as (
        update budget_spending s set reserved = s.reserved + l.cost from locked l
        where s.id = l.id and (select fits from verdict)),
      noted as (
        insert into budget_reservations (call_id, spending_id, amount, node_id, message_id, provider_id, model, prompt_tokens)
        select ${call.id}, l.id, l.cost, ${nodeId}, ${call.message_id}::uuid, ${call.provider_id}, ${call.model},
          ${call.prompt_tokens}
        from locked l where (select fits from verdict)),
      full_ones as (
        select v.spending_id from seen v left join locked l on l.id = v.spending_id where not coalesce(l.fits, v.fits)),
      reached as (
        update budget_spending s set reached_at = now() from full_ones f
        where s.id = f.spending_id and s.reached_at is null)
      select v.scope, v.period, v.at_limit, v.spending_id is not null as is_open, coalesce(l.fits, v.fits) as fits
      from seen v left join locked l on l.id = v.spending_id`)
  }

  async function settleAll(calls: ({ id: string } & CallAmount)[]): Promise<undefined[]> {
    await withDeadline(sql`
      with used as (select x.* from ${settledCalls.of(sql, calls)}),
      locked as (
        select s.id from budget_spending s
        where s.id in (select r.spending_id from budget_reservations r join used u on u.id = r.call_id)
        order by s.id for update),
      ended as (
        delete from budget_reservations r using used u
        where r.call_id = u.id and r.spending_id in (select id from locked)
        returning r.spending_id, r.amount, u.tokens, u.cost, u.currency),
      sums as (
        select e.spending_id, sum(e.amount) as amount, sum(case
          when b.currency is null then e.tokens
          when b.currency = e.currency then e.cost::numeric
          else 0 end) as used
        from ended e join budget_spending s on s.id = e.spending_id join budgets b on b.id = s.budget_id
        group by e.spending_id)
      update budget_spending s set reserved = s.reserved - e.amount, spent = s.spent + e.used
      from sums e where s.id = e.spending_id`)
    return calls.map(() => undefined)
  }

  const reserveOne = batched(
    async ([question]: { call: PlannedCall; moment: Moment }[]) => {
      const { call, moment } = question!
      for (let attempt = 1; ; attempt++) {
        const verdicts = await tryReserve(call, moment)
        if (verdicts.every(({ is_open }) => is_open) || attempt === attemptsMax) return [verdicts]
        await withDeadline(sql`
          with due as (${dueBudgets(sql, call, moment)}) ${openPeriods(sql, moment)}`)
      }
    },
    { concurrency, maxBatch: 1 },
  )

  return {
    /** @returns the budgets that it counts in: nothing is reserved unless it fits all */
    reserve: (call: PlannedCall, moment: Moment): Promise<BudgetVerdict[]> => reserveOne({ call, moment }),

    /** Counts what a call has used in place of what was reserved for it. A second time nothing happens. */
    settle: batched(settleAll, { concurrency: 1, maxBatch: settleMax }),

    /** Calls of nodes that have died; the embedded database has one node, and others only were before it. */
    async abandoned(limit: number): Promise<AbandonedCall[]> {
      const isDead =
        kind === 'embedded'
          ? sql`r.node_id <> ${nodeId}`
          : sql`r.node_id <> ${nodeId} and ${mayJudge(sql, nodeId, silentSeconds)} and not exists (
              select from node_leases l where l.node_id = r.node_id and l.until > now())`
      return withDeadline(sql<AbandonedCall[]>`
        select distinct on (r.call_id) r.call_id, r.provider_id, r.model, r.prompt_tokens, m.content, m.usage
        from budget_reservations r left join messages m on m.id = r.message_id
        where ${isDead} or r.reserved_at < now() - make_interval(mins => ${callMaxMinutes})
        order by r.call_id limit ${limit}`)
    },
  }
}

const settledCalls = unnestRows({ id: 'uuid', tokens: 'bigint', cost: 'text', currency: 'text' })

/** The budgets that a call counts in, with what it costs each at most. */
function dueBudgets(sql: AnySql, call: PlannedCall, moment: Moment) {
  const { person_id, provider_id, tokens, cost, currency } = call
  return sql`
    select b.id, b.scope, b.provider_id, b.role, b.period, b.currency, b.amount, b.at_limit, b.created_at,
      case when b.scope = 'person' then p.id end as person_id, ${firstDay(sql, moment)}::date as first,
      case when b.currency is null then ${tokens}::bigint::numeric else ${cost}::text::numeric end as cost
    from budgets b left join people p on p.id = ${person_id}::uuid
    where (b.currency is null or b.currency = ${currency} and ${cost}::text::numeric > 0)
      and (b.scope = 'overall' or b.provider_id = ${provider_id} or b.role = p.role or b.person_id = p.id
        or b.scope = 'person' and b.person_id is null and p.role <> 'visitor' and not exists (
          select from budgets own where own.person_id = p.id and own.period = b.period
            and own.currency is not distinct from b.currency))`
}
