import type { AnySql, Database, TransactionSql } from '../engine/transaction.ts'
import { unnestRows } from '../engine/unnest.ts'
import { where } from '../engine/where.ts'

/** One answered call of a model. */
export interface UsageRow {
  message_id: string
  conversation_id: string
  at: string
  provider_id: string
  model: string
  prompt_tokens: number
  cached_tokens: number
  completion_tokens: number
  /** A decimal with up to twelve places; null where the model has no price. */
  cost: string | null
  currency: string | null
}

/** A call that no stored answer tells of: its `message_id` is an id of its own. */
export type UsageCall = Omit<UsageRow, 'conversation_id'> & { person_id: string | null; sound_ms: number }

export interface UsageSum {
  /** As `granularity` writes it, in the time zone asked for. */
  date: string
  provider_id: string
  model: string
  /** '' for what has no price. */
  currency: string
  requests: number
  prompt_tokens: number
  cached_tokens: number
  completion_tokens: number
  /** Of sound that was understood or spoken. */
  sound_ms: number
  cost: number
}

export interface UsageQuery {
  /** Days, both included. */
  start_date: string
  end_date: string
  time_zone: string
  granularity: 'hourly' | 'daily' | 'monthly'
  provider_id?: string
  /** Only this person's; null for everybody's. */
  personId: string | null
}

export type UsageStorage = ReturnType<typeof usageStorage>

const forms = { hourly: 'YYYY-MM-DD"T"HH24:00', daily: 'YYYY-MM-DD', monthly: 'YYYY-MM' }
const summed = ['requests', 'prompt_tokens', 'cached_tokens', 'completion_tokens', 'sound_ms', 'cost']

export function usageStorage({ sql, withDeadline }: Database) {
  return {
    record,

    async recordCall(call: UsageCall): Promise<void> {
      await withDeadline(sql`
        with added as (insert into usage ${sql({ ...call })} returning *) ${addToTotals(sql)}`)
    },

    /** Sums by time, provider, model and currency, in the order of time. */
    async sums(query: UsageQuery): Promise<UsageSum[]> {
      const { start_date, end_date, time_zone, granularity, provider_id, personId } = query
      const from = sql`(${start_date}::date::timestamp at time zone ${time_zone})`
      const until = sql`((${end_date}::date + 1)::timestamp at time zone ${time_zone})`
      const source = personId
        ? sql`(
            select at as slot, provider_id, model, coalesce(currency, '') as currency, 1 as requests,
              prompt_tokens, cached_tokens, completion_tokens, sound_ms, coalesce(cost, 0) as cost
            from usage where person_id = ${personId} and at >= ${from} and at < ${until})`
        : sql`usage_totals`
      return withDeadline(sql<UsageSum[]>`
        select to_char(slot at time zone ${time_zone}, ${forms[granularity]}) as date, provider_id, model, currency,
          ${sql.unsafe(summed.map(name => `sum(${name})::float8 as ${name}`).join(', '))}
        from ${source} u
        ${where(sql, [sql`slot >= ${from} and slot < ${until}`, provider_id && sql`provider_id = ${provider_id}`])}
        group by 1, provider_id, model, currency order by 1, provider_id, model`)
    },
  }
}

const usageRows = unnestRows({
  message_id: 'uuid',
  conversation_id: 'uuid',
  at: 'timestamptz',
  provider_id: 'text',
  model: 'text',
  prompt_tokens: 'bigint',
  cached_tokens: 'bigint',
  completion_tokens: 'bigint',
  cost: 'text',
  currency: 'text',
})

/** Adds what is not there yet: the same calls may be given again. A conversation stays until its row stands, and is deleted with it. */
async function record(sql: TransactionSql, rows: UsageRow[]): Promise<void> {
  await sql`
    with added as (
      insert into usage (message_id, conversation_id, person_id, at, provider_id, model,
        prompt_tokens, cached_tokens, completion_tokens, cost, currency)
      select x.message_id, x.conversation_id, c.person_id, x.at, x.provider_id, x.model,
        x.prompt_tokens, x.cached_tokens, x.completion_tokens, x.cost::numeric, x.currency
      from ${usageRows.of(sql, rows)} join conversations c on c.id = x.conversation_id
      for key share of c
      on conflict (message_id) do nothing returning *)
    ${addToTotals(sql)}`
}

/** Of the rows `added`. */
function addToTotals(sql: AnySql) {
  return sql`
    insert into usage_totals as t (slot, provider_id, model, currency, ${sql.unsafe(summed.join(', '))})
    select date_bin('15 minutes', at, timestamptz '2000-01-01 00:00:00+00'), provider_id, model, coalesce(currency, ''),
      count(*), sum(prompt_tokens), sum(cached_tokens), sum(completion_tokens), sum(sound_ms), sum(coalesce(cost, 0))
    from added group by 1, 2, 3, 4
    on conflict (slot, provider_id, model, currency) do update set
      ${sql.unsafe(summed.map(name => `${name} = t.${name} + excluded.${name}`).join(', '))}`
}
