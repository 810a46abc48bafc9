import { invalid, roleAtLeast } from '#protocol'
import type { UsageStatistics, usageOperations } from '#protocol/models/usage'
import type { SystemStatistics } from '#protocol/platform/statistics'
import type { StoredMessage } from '#storage/chat/message'
import type { UsageQuery, UsageRow, UsageStorage, UsageSum } from '#storage/models/usage'
import type { StoredEvent } from '#storage/realtime/events'
import { type Handlers, personOf } from '../../core/call.ts'
import type { Clock } from '../../core/clock.ts'
import { newId } from '../../core/ids.ts'
import type { Consumer } from '../../jobs/consumer.ts'
import type { Log } from '../../observability/log.ts'
import type { Meter, MeteredModel } from '../../providers/chat/budgeted.ts'
import type { TokenCount } from '../../providers/model.ts'

export interface UsageDeps {
  storage: UsageStorage
  /** By id. */
  providerNames(): Promise<ReadonlyMap<string, string>>
  /** As an exact decimal; nulls where the model has no price. */
  exactCost(model: MeteredModel, tokens: TokenCount): Pick<UsageRow, 'cost' | 'currency'>
  clock: Clock
  log: Log
}

const dayMs = 24 * 3600 * 1000
const defaultDays = 30
/** Before anything was entered. */
const firstDay = '2026-01-01'
/** The longest period by what it is divided into. */
const maxDays = { hourly: 31, daily: 400, monthly: 3660 }

/** A message that has ended and was written by a model that is paid, by money or by machines. */
function toUsage({ conversation_id, payload }: StoredEvent): UsageRow[] {
  const { id, role, usage, updated_at } = payload.message as StoredMessage
  if (role !== 'assistant' || !usage || usage.provider_id === null || usage.provider_id === 'builtin')
    return []
  const { provider_id, model, prompt_tokens, cached_tokens = 0, completion_tokens, cost, currency } = usage
  const tokens = { prompt_tokens, cached_tokens, completion_tokens }
  const amount = cost === null ? null : cost.toFixed(12)
  return [
    {
      message_id: id,
      conversation_id,
      at: updated_at,
      provider_id,
      model,
      ...tokens,
      cost: amount,
      currency,
    },
  ]
}

/** What models were asked, and what it cost. */
export function usageArea({ storage, providerNames, exactCost, clock, log }: UsageDeps) {
  async function statisticsOf(query: UsageQuery): Promise<UsageStatistics> {
    const [sums, names] = await Promise.all([storage.sums(query), providerNames()])
    return summarize(query, sums, names)
  }

  const handlers: Handlers<typeof usageOperations> = {
    async 'usage:statistics'(input, call) {
      const person = personOf(call)
      const personId = roleAtLeast(person.role, 'admin') ? null : person.id
      return statisticsOf({ ...input, ...period(input, clock()), personId })
    },
  }

  /** Everybody's in the month that runs. */
  function statisticsOfMonth(time_zone: string): Promise<UsageStatistics> {
    const end_date = new Intl.DateTimeFormat('en-CA', { timeZone: time_zone }).format(clock())
    const start_date = `${end_date.slice(0, 7)}-01`
    return statisticsOf({ start_date, end_date, time_zone, granularity: 'monthly', personId: null })
  }
  /** Everybody's since the beginning, and in the month that runs, in one currency. */
  async function totals(time_zone: string): Promise<SystemStatistics['usage']> {
    const month = await statisticsOfMonth(time_zone)
    const all = await statisticsOf({
      start_date: firstDay,
      end_date: dayOf(clock() + dayMs),
      time_zone,
      granularity: 'monthly',
      personId: null,
    })
    const { currency } = all
    return {
      currency,
      total_tokens: all.summary.total_tokens,
      total_cost: all.summary.total_cost,
      this_month_tokens: month.summary.total_tokens,
      this_month_cost: costIn(month, currency),
    }
  }

  /** Every answer of a model is entered into the books once it has ended. */
  const consumer: Consumer = {
    name: 'usage',
    events: ['message:updated'],
    async consume(sql, events) {
      const rows = events.flatMap(toUsage)
      if (rows.length > 0) await storage.record(sql, rows)
    },
  }

  const meter: Meter = (model, tokens, payer) => {
    const { provider: provider_id, model: name } = model
    const { prompt_tokens, cached_tokens = 0, completion_tokens, sound_ms = 0 } = tokens
    const call = {
      message_id: newId(),
      person_id: payer?.person_id ?? null,
      at: new Date(clock()).toISOString(),
      provider_id,
      model: name,
      ...{ prompt_tokens, cached_tokens, completion_tokens, sound_ms },
      ...exactCost(model, tokens),
    }
    storage
      .recordCall(call)
      .catch(error => log.warn({ error }, 'what a call of a model has used is not entered'))
  }

  return { handlers, consumer, meter, statisticsOfMonth, totals }
}

/** What a period cost in a currency, be it that of most of its money or not. */
function costIn({ currency, summary }: UsageStatistics, wanted: string | null): number {
  if (currency === wanted) return summary.total_cost
  return summary.other_costs.find(other => other.currency === wanted)?.cost ?? 0
}

type Input = Pick<Partial<UsageQuery>, 'start_date' | 'end_date'> &
  Pick<UsageQuery, 'granularity' | 'time_zone'>

/** @throws OperationError VALIDATION_ERROR */
function period({ start_date, end_date, granularity, time_zone }: Input, now: number) {
  const today = new Intl.DateTimeFormat('en-CA', { timeZone: time_zone }).format(now)
  const end = end_date ?? (start_date && start_date > today ? start_date : today)
  const start = start_date ?? dayOf(Date.parse(end) - (defaultDays - 1) * dayMs)
  const days = (Date.parse(end) - Date.parse(start)) / dayMs + 1
  if (!(days >= 1)) throw invalid('start_date', 'must not be after end_date')
  if (days > maxDays[granularity])
    throw invalid('start_date', `must be at most ${maxDays[granularity]} days before end_date`)
  return { start_date: start, end_date: end }
}

function dayOf(at: number): string {
  return new Date(at).toISOString().slice(0, 10)
}

function summarize(query: UsageQuery, sums: UsageSum[], names: ReadonlyMap<string, string>): UsageStatistics {
  const costs = totalsBy(
    sums.filter(({ currency }) => currency !== ''),
    ({ currency }) => currency,
  )
  const [main, ...others] = [...costs].sort(([, a], [, b]) => b.cost - a.cost)
  const currency = main?.[0] ?? null
  const inMain = sums.map(sum => (sum.currency === currency ? sum : { ...sum, cost: 0 }))
  const whole = totalOf(inMain)
  const dates = totalsBy(inMain, ({ date }) => date)
  return {
    currency,
    summary: {
      total_requests: whole.requests,
      total_tokens: whole.tokens,
      total_cost: whole.cost,
      average_tokens_per_request: whole.requests === 0 ? 0 : Math.round(whole.tokens / whole.requests),
      prompt_tokens: sumOf(sums, 'prompt_tokens'),
      cached_tokens: sumOf(sums, 'cached_tokens'),
      completion_tokens: sumOf(sums, 'completion_tokens'),
      sound_seconds: Math.round(sumOf(sums, 'sound_ms') / 1000),
      unpriced_requests: sumOf(
        sums.filter(sum => sum.currency === ''),
        'requests',
      ),
      other_costs: others.map(([other, { cost }]) => ({ currency: other, cost })),
    },
    breakdown: allDates(query).map(date => ({ date, ...(dates.get(date) ?? totalOf([])) })),
    by_provider: [...totalsBy(inMain, ({ provider_id }) => provider_id)].map(([provider_id, total]) => ({
      provider_id,
      provider_name: names.get(provider_id) ?? provider_id,
      ...total,
    })),
    by_model: [...Map.groupBy(inMain, ({ provider_id, model }) => `${provider_id} ${model}`).values()].map(
      group => ({ provider_id: group[0]!.provider_id, model: group[0]!.model, ...totalOf(group) }),
    ),
  }
}

/** Every date of the period, so that a plot has no gaps. */
function allDates({ start_date, end_date, granularity }: UsageQuery): string[] {
  const days: string[] = []
  for (let at = Date.parse(start_date); at <= Date.parse(end_date); at += dayMs) days.push(dayOf(at))
  if (granularity === 'daily') return days
  if (granularity === 'monthly') return [...new Set(days.map(day => day.slice(0, 7)))]
  return days.flatMap(day => hours.map(hour => `${day}T${hour}:00`))
}

const hours = Array.from({ length: 24 }, (_, hour) => String(hour).padStart(2, '0'))

interface Total {
  requests: number
  tokens: number
  cost: number
}

function totalsBy(sums: UsageSum[], keyOf: (sum: UsageSum) => string): Map<string, Total> {
  const groups = Map.groupBy(sums, keyOf)
  return new Map([...groups].map(([key, group]) => [key, totalOf(group)]))
}

function totalOf(sums: UsageSum[]): Total {
  return {
    requests: sumOf(sums, 'requests'),
    tokens: sumOf(sums, 'prompt_tokens') + sumOf(sums, 'completion_tokens'),
    cost: roundMoney(sumOf(sums, 'cost')),
  }
}

function sumOf(
  sums: UsageSum[],
  field: 'requests' | 'prompt_tokens' | 'cached_tokens' | 'completion_tokens' | 'sound_ms' | 'cost',
): number {
  return sums.reduce((total, sum) => total + sum[field], 0)
}

/** What adding up left behind the twelfth place. */
function roundMoney(amount: number): number {
  return Number(amount.toFixed(10))
}
