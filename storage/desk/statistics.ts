import type { Statistics } from '#protocol/core/statistics'
import type { Database, Sql } from '../engine/transaction.ts'
import type { Condition } from '../engine/where.ts'
import {
  type ConversationOutcome,
  factsStorage,
  firstResponse,
  type JudgeOutcome,
  selectOutcomes,
} from './facts.ts'

/** A day of the desk's time zone. */
export interface FigureDay {
  date: string
  start: number
}

/** Days that follow each other; `end` is where the last one ends, null while it is running. */
export interface FigurePeriod {
  days: FigureDay[]
  end: number | null
}

export type StoredStatistics = Omit<Statistics, 'now' | 'time_zone'> & { longest_wait_ms: number | null }

type Spread<K extends string> = { [P in `${K}_count`]: number } & {
  [P in `${K}_median` | `${K}_p90`]: number | null
}
type RequestFigures = Spread<'wait_ms'> &
  Spread<'first_ms'> &
  Spread<'resolution_ms'> & {
    requests: number
    taken_over: number
    missed: number
    cancelled: number
    rated: number
    rating: number | null
  }

function spreadOf<K extends 'wait_ms' | 'first_ms' | 'resolution_ms'>(figures: RequestFigures, column: K) {
  return {
    count: figures[`${column}_count`],
    median_ms: figures[`${column}_median`],
    p90_ms: figures[`${column}_p90`],
  }
}

type StatisticsDay = Statistics['days'][number]
type RequestDay = Pick<StatisticsDay, 'resolved' | 'missed' | 'first_response_ms' | 'rating'> & {
  day: number
}
type ConversationDay = Pick<StatisticsDay, 'conversations' | 'handed_over'> & {
  day: number
  resolved_by_ai: number
}

const noConversations: ConversationDay = { day: 0, conversations: 0, handed_over: 0, resolved_by_ai: 0 }

/** Figures of the desk over some days. */
export function statisticsStorage(database: Database) {
  const { sql, withDeadline } = database
  const facts = factsStorage(database)
  /** Somebody asked for a person: nobody waits for one who takes over by themselves. */
  const isRequest = sql`cause <> 'takeover'`

  /**
   * What each figure counts is said in the contract. A request counts on the day it was made, and a conversation on the day it
   * began, whenever they end.
   * @param period its days in order
   * @param isResolved whether what was asked after the last sourced answer are courtesies
   */
  async function statistics(
    { days, end }: FigurePeriod,
    isResolved: JudgeOutcome,
  ): Promise<StoredStatistics> {
    const since = sql`${new Date(days[0]!.start).toISOString()}::text::timestamptz`
    const until =
      end === null ? sql`'infinity'::timestamptz` : sql`${new Date(end).toISOString()}::text::timestamptz`
    const isInPeriod = (column: string) => sql`${sql(column)} >= ${since} and ${sql(column)} < ${until}`
    const starts = days.map(({ start }) => new Date(start).toISOString())
    // Read once, not for each row.
    const dayOf = (column: string) =>
      sql`width_bucket(${sql(column)}, (select ${starts}::text[]::timestamptz[]))`
    const stale = await facts.findStale(since)
    const requests = sql`
      select h.*, ${dayOf('h.created_at')} as day,
        date_part('epoch', h.first_accepted_at - h.created_at) * 1000 as wait_ms,
        date_part('epoch', h.ended_at - h.created_at) * 1000 as resolution_ms,
        date_part('epoch', case
          when h.conversation_id is null then h.first_response_at
          -- A subquery is looked up by its hash; a list would be walked for each row.
          when f.handoff_id is not null and h.conversation_id not in (select unnest(${stale}::uuid[])) then f.first_response_at
          else ${firstResponse(sql)} end - h.created_at) * 1000 as first_ms
      from handoffs h left join handoff_facts f on f.handoff_id = h.id where ${isInPeriod('h.created_at')}`
    const [[all], byRequest, byConversation, outcomes, [queue]] = await withDeadline(
      Promise.all([
        sql<RequestFigures[]>`
          select ${spread(sql, 'wait_ms', isRequest)}, ${spread(sql, 'first_ms', isRequest)},
            ${spread(sql, 'resolution_ms', sql`status = 'resolved' and ${isRequest}`)},
            count(*) filter (where ${isRequest}) as requests,
            count(*) filter (where not ${isRequest}) as taken_over,
            count(*) filter (where status = 'timeout') as missed,
            count(*) filter (where status = 'cancelled') as cancelled,
            count(rating) as rated, avg(rating)::float8 as rating
          from (${requests}) asked`,
        sql<RequestDay[]>`
          select day, count(*) filter (where status = 'resolved' and ${isRequest}) as resolved,
            count(*) filter (where status = 'timeout') as missed, avg(rating)::float8 as rating,
            percentile_cont(0.5) within group (order by first_ms) filter (where ${isRequest}) as first_response_ms
          from (${requests}) asked group by day`,
        sql<ConversationDay[]>`
          select day, sum(conversations)::int as conversations, sum(handed_over)::int as handed_over,
            sum(resolved_by_ai)::int as resolved_by_ai
          from (
            select ${dayOf('began')} as day, conversations, handed_over, resolved_by_ai
            from conversation_counts where ${isInPeriod('began')}
            union all
            select ${dayOf('created_at')}, -1, -handed_over::int, -resolved_by_ai::int
            from conversation_facts where conversation_id = any(${stale}::uuid[]) and ${isInPeriod('created_at')}) counted
          group by day`,
        selectOutcomes(sql, sql`c.id = any(${stale}::uuid[]) and ${isInPeriod('c.created_at')}`),
        sql<{ longest_wait_ms: number | null }[]>`
          select extract(epoch from now() - min(created_at))::float8 * 1000 as longest_wait_ms
          from handoffs where status = 'pending'`,
      ]),
    )
    const conversationDays = countOutcomes(byConversation, outcomes, days, isResolved)
    const perDay = joinDays(days, byRequest, conversationDays)
    return {
      wait: spreadOf(all!, 'wait_ms'),
      first_response: spreadOf(all!, 'first_ms'),
      resolution: spreadOf(all!, 'resolution_ms'),
      conversations: perDay.reduce((sum, day) => sum + day.conversations, 0),
      handed_over: perDay.reduce((sum, day) => sum + day.handed_over, 0),
      requests: all!.requests,
      taken_over: all!.taken_over,
      missed: all!.missed,
      cancelled: all!.cancelled,
      rating: { count: all!.rated, average: all!.rating },
      days: perDay,
      resolved_by_ai: [...conversationDays.values()].reduce((sum, day) => sum + day.resolved_by_ai, 0),
      longest_wait_ms: queue!.longest_wait_ms,
    }
  }

  return { statistics, ...facts }
}

/** Each day with what is counted on it, by day from 1. */
function joinDays(
  days: FigureDay[],
  byRequest: readonly RequestDay[],
  byConversation: ReadonlyMap<number, ConversationDay>,
): StatisticsDay[] {
  const requestDays = new Map(byRequest.map(day => [day.day, day]))
  return days.map(({ date }, index) => {
    const { day: _, resolved_by_ai: _resolved, ...begun } = byConversation.get(index + 1) ?? noConversations
    const requested = requestDays.get(index + 1)
    return {
      date,
      ...begun,
      resolved: requested?.resolved ?? 0,
      missed: requested?.missed ?? 0,
      first_response_ms: requested?.first_response_ms ?? null,
      rating: requested?.rating ?? null,
    }
  })
}

/** By day, from 1: what is known of it, and what is counted from the conversations themselves. */
function countOutcomes(
  known: ConversationDay[],
  outcomes: readonly ConversationOutcome[],
  days: FigureDay[],
  isResolved: JudgeOutcome,
): Map<number, ConversationDay> {
  const byDay = new Map(known.map(day => [day.day, { ...day }]))
  for (const outcome of outcomes) {
    const at = Date.parse(outcome.created_at)
    const day = days.findLastIndex(({ start }) => start <= at) + 1
    const counted = byDay.get(day) ?? { ...noConversations, day }
    counted.conversations += 1
    counted.handed_over += Number(outcome.handed_over)
    counted.resolved_by_ai += Number(isResolved(outcome))
    byDay.set(day, counted)
  }
  return byDay
}

/** Count, median and 90th percentile of a column, where there is a value and `counts`. */
function spread(sql: Sql, column: string, counts: Condition) {
  const value = sql(column)
  return sql`
    count(${value}) filter (where ${counts}) as ${sql(`${column}_count`)},
    percentile_cont(0.5) within group (order by ${value}) filter (where ${counts}) as ${sql(`${column}_median`)},
    percentile_cont(0.9) within group (order by ${value}) filter (where ${counts}) as ${sql(`${column}_p90`)}`
}
