import type { Statistics } from '#protocol/core/statistics'
import type { AnySql, Database, Sql } from '../engine/transaction.ts'
import type { Condition } from '../engine/where.ts'

/** A day of the desk's time zone. */
export interface FigureDay {
  date: string
  start: number
}

export type StoredStatistics = Omit<Statistics, 'now' | 'time_zone' | 'resolved_by_ai'> & {
  longest_wait_ms: number | null
  /** Conversations without a request for a person whose last sourced answer was not called unhelpful, by what was asked after it. */
  ended_with_ai: { asked_after: string[]; count: number }[]
}

type Spread<K extends string> = { [P in `${K}_count`]: number } & {
  [P in `${K}_median` | `${K}_p90`]: number | null
}
/** Of the requests of a day; of all days where `day` is null. */
type RequestFigures = Spread<'wait_ms'> &
  Spread<'first_ms'> &
  Spread<'resolution_ms'> & {
    day: number | null
    requests: number
    taken_over: number
    resolved: number
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
type ConversationDay = Pick<StatisticsDay, 'conversations' | 'handed_over'> & { day: number }

const noConversations: ConversationDay = { day: 0, conversations: 0, handed_over: 0 }

/** Of a conversation `c`: the visitor has said something, or asked for a person. */
export function hasBegun(sql: AnySql) {
  return sql`(c.epoch > 0 or exists (select 1 from messages where conversation_id = c.id and role = 'user'))`
}

/** Figures of the desk over some days. */
export function statisticsStorage({ sql, withDeadline }: Database) {
  /** Somebody asked for a person: nobody waits for one who takes over by themselves. */
  const isRequest = sql`cause <> 'takeover'`

  /**
   * What each figure counts is said in the contract. A request counts on the day it was made, and a conversation on the day it
   * began, whenever they end.
   * @param days in order, the last one still running
   */
  async function statistics(days: FigureDay[]): Promise<StoredStatistics> {
    const since = new Date(days[0]!.start).toISOString()
    const starts = days.map(({ start }) => new Date(start).toISOString())
    const dayOf = (column: string) => sql`width_bucket(${sql(column)}, ${starts}::text[]::timestamptz[])`
    const requests = sql`
      select h.*, ${dayOf('h.created_at')} as day,
        extract(epoch from h.first_accepted_at - h.created_at)::float8 * 1000 as wait_ms,
        extract(epoch from h.ended_at - h.created_at)::float8 * 1000 as resolution_ms,
        extract(epoch from coalesce(h.first_response_at, (
          select min(m.created_at) from messages m
          where m.conversation_id = h.conversation_id and m.role = 'agent' and m.created_at >= h.created_at and m.removed is distinct from 'retracted'
            and (h.ended_at is null or m.created_at <= h.ended_at))) - h.created_at)::float8 * 1000 as first_ms
      from handoffs h where h.created_at >= ${since}::text::timestamptz`
    const begun = sql`
      select c.id, c.epoch, ${dayOf('c.created_at')} as day from conversations c
      where c.created_at >= ${since}::text::timestamptz and ${hasBegun(sql)}`
    const [byRequest, byConversation, ended_with_ai, [queue]] = await withDeadline(
      Promise.all([
        sql<RequestFigures[]>`
          select day, ${spread(sql, 'wait_ms', isRequest)}, ${spread(sql, 'first_ms', isRequest)},
            ${spread(sql, 'resolution_ms', sql`status = 'resolved' and ${isRequest}`)},
            count(*) filter (where ${isRequest}) as requests,
            count(*) filter (where not ${isRequest}) as taken_over,
            count(*) filter (where status = 'resolved' and ${isRequest}) as resolved,
            count(*) filter (where status = 'timeout') as missed,
            count(*) filter (where status = 'cancelled') as cancelled,
            count(rating) as rated, avg(rating)::float8 as rating
          from (${requests}) asked group by grouping sets ((day), ())`,
        sql<ConversationDay[]>`
          select day, count(*) as conversations, count(*) filter (where epoch > 0) as handed_over
          from (${begun}) begun group by day`,
        sql<StoredStatistics['ended_with_ai']>`
          with sourced as (
            select b.id, last.seq from (${begun}) b cross join lateral (
              select seq, feedback from messages
              where conversation_id = b.id and role = 'assistant' and status = 'complete' and sources <> '[]'
              order by seq desc limit 1) last
            where b.epoch = 0 and last.feedback is distinct from -1),
          ended as (
            select coalesce(array_agg(left(q.content, 200) order by t.seq) filter (where t.id is not null), '{}') as asked_after
            from sourced s left join messages t on t.conversation_id = s.id and t.role = 'assistant' and t.seq > s.seq
            left join messages q on q.id = t.in_reply_to
            group by s.id having coalesce(bool_and(t.status = 'complete'), true))
          select asked_after, count(*) as count from ended group by asked_after`,
        sql<{ longest_wait_ms: number | null }[]>`
          select extract(epoch from now() - min(created_at))::float8 * 1000 as longest_wait_ms
          from handoffs where status = 'pending'`,
      ]),
    )
    const requestDays = new Map(byRequest.map(day => [day.day, day]))
    const all = requestDays.get(null)!
    const conversationDays = new Map(byConversation.map(day => [day.day, day]))
    const perDay = days.map(({ date }, index) => {
      const { day: _, ...begun } = conversationDays.get(index + 1) ?? noConversations
      const requested = requestDays.get(index + 1)
      return {
        date,
        ...begun,
        resolved: requested?.resolved ?? 0,
        missed: requested?.missed ?? 0,
        first_response_ms: requested?.first_ms_median ?? null,
        rating: requested?.rating ?? null,
      }
    })
    return {
      wait: spreadOf(all, 'wait_ms'),
      first_response: spreadOf(all, 'first_ms'),
      resolution: spreadOf(all, 'resolution_ms'),
      conversations: perDay.reduce((sum, day) => sum + day.conversations, 0),
      handed_over: perDay.reduce((sum, day) => sum + day.handed_over, 0),
      requests: all.requests,
      taken_over: all.taken_over,
      missed: all.missed,
      cancelled: all.cancelled,
      rating: { count: all.rated, average: all.rating },
      days: perDay,
      ended_with_ai: [...ended_with_ai],
      longest_wait_ms: queue!.longest_wait_ms,
    }
  }

  return { statistics }
}

/** Count, median and 90th percentile of a column, where there is a value and `counts`. */
function spread(sql: Sql, column: string, counts: Condition) {
  const value = sql(column)
  return sql`
    count(${value}) filter (where ${counts}) as ${sql(`${column}_count`)},
    percentile_cont(0.5) within group (order by ${value}) filter (where ${counts}) as ${sql(`${column}_median`)},
    percentile_cont(0.9) within group (order by ${value}) filter (where ${counts}) as ${sql(`${column}_p90`)}`
}
