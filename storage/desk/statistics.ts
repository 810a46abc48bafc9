import type { Statistics } from '#protocol/desk/service'
import type { Database } from '../engine/transaction.ts'

export type StoredStatistics = Omit<Statistics, 'now'> & { longest_wait_ms: number | null }

type Spread<K extends string> = { [P in `${K}_count`]: number } & {
  [P in `${K}_median` | `${K}_p90`]: number | null
}
type Sums = Spread<'wait_ms'> &
  Spread<'first_ms'> &
  Spread<'resolution_ms'> & {
    conversations: number
    by_ai: number
    handed_over: number
    missed: number
    cancelled: number
    rated: number
    rating: number | null
  }

/** Figures of the desk over some days. */
export function statisticsStorage({ sql, withDeadline }: Database) {
  /** Figures of the last `days` days, today's included, in UTC. */
  async function statistics(days: number): Promise<StoredStatistics> {
    const since = sql`(date_trunc('day', now() at time zone 'utc') - make_interval(days => ${days - 1})) at time zone 'utc'`
    const periodRows = sql`
      select h.*, date_trunc('day', h.created_at at time zone 'utc')::date::text as day,
        extract(epoch from h.accepted_at - h.created_at)::float8 * 1000 as wait_ms,
        extract(epoch from h.ended_at - h.created_at)::float8 * 1000 as resolution_ms,
        (select extract(epoch from min(m.created_at) - h.created_at)::float8 * 1000 from messages m
          where m.conversation_id = h.conversation_id and m.role = 'agent' and m.created_at >= h.created_at
            and (h.ended_at is null or m.created_at <= h.ended_at)) as first_ms
      from handoffs h where h.created_at >= ${since}`
    const [[sums], series, [queue]] = await withDeadline(
      Promise.all([
        sql<Sums[]>`
          with asked as (${periodRows})
          select ${spread('wait_ms', sql`accepted_at is not null`)}, ${spread('first_ms', sql`true`)},
            ${spread('resolution_ms', sql`status = 'resolved'`)},
            count(*) as handed_over,
            count(*) filter (where status = 'timeout') as missed,
            count(*) filter (where status = 'cancelled') as cancelled,
            count(rating) as rated, avg(rating)::float8 as rating,
            (select count(*) from conversations where created_at >= ${since}) as conversations,
            (select count(*) from conversations c where created_at >= ${since} and epoch = 0 and exists (
              select 1 from messages where conversation_id = c.id and role = 'assistant' and status = 'complete')) as by_ai
          from asked`,
        sql<Statistics['days']>`
          with asked as (${periodRows}), made as (
            select date_trunc('day', created_at at time zone 'utc')::date::text as day, count(*) as count
            from conversations where created_at >= ${since} group by 1)
          select d::date::text as date, coalesce((select count from made where day = d::date::text), 0) as conversations,
            count(a.id) as handed_over, count(a.id) filter (where a.status = 'resolved') as resolved,
            count(a.id) filter (where a.status = 'timeout') as missed,
            percentile_cont(0.5) within group (order by a.first_ms) as first_response_ms, avg(a.rating)::float8 as rating
          from generate_series((${since}) at time zone 'utc', now() at time zone 'utc', interval '1 day') d
          left join asked a on a.day = d::date::text group by d order by d`,
        sql<{ longest_wait_ms: number | null }[]>`
          select extract(epoch from now() - min(created_at))::float8 * 1000 as longest_wait_ms
          from handoffs where status = 'pending'`,
      ]),
    )
    const { conversations, by_ai, handed_over, missed, cancelled, rated, rating } = sums!
    return {
      wait: { count: sums!.wait_ms_count, median_ms: sums!.wait_ms_median, p90_ms: sums!.wait_ms_p90 },
      first_response: {
        count: sums!.first_ms_count,
        median_ms: sums!.first_ms_median,
        p90_ms: sums!.first_ms_p90,
      },
      resolution: {
        count: sums!.resolution_ms_count,
        median_ms: sums!.resolution_ms_median,
        p90_ms: sums!.resolution_ms_p90,
      },
      conversations,
      resolved_by_ai: by_ai,
      handed_over,
      missed,
      cancelled,
      rating: { count: rated, average: rating },
      days: [...series],
      longest_wait_ms: queue!.longest_wait_ms,
    }
  }

  /** Count, median and 90th percentile of a column, where there is a value and `counts`. */
  function spread(column: string, counts: ReturnType<typeof sql>) {
    const value = sql(column)
    return sql`
      count(${value}) filter (where ${counts}) as ${sql(`${column}_count`)},
      percentile_cont(0.5) within group (order by ${value}) filter (where ${counts}) as ${sql(`${column}_median`)},
      percentile_cont(0.9) within group (order by ${value}) filter (where ${counts}) as ${sql(`${column}_p90`)}`
  }

  return { statistics }
}
