import type { AnySql, Database, TransactionSql } from '../engine/transaction.ts'
import { unnestRows } from '../engine/unnest.ts'
import type { Condition } from '../engine/where.ts'

/** Of the consumer that keeps the facts: what it has not read yet is counted from the messages themselves. */
const factsConsumer = 'desk_facts'

/** What a conversation counts as, but for whether its last questions are courtesies. */
export interface ConversationOutcome {
  id: string
  created_at: string
  handed_over: boolean
  /** What was asked after its last sourced answer; null where that was called unhelpful, or a person had it. */
  asked_after: string[] | null
}

interface ConversationFacts {
  conversation_id: string
  created_at: string
  handed_over: boolean
  resolved_by_ai: boolean
}

export type JudgeOutcome = (outcome: Pick<ConversationOutcome, 'asked_after'>) => boolean

const backfillBatch = 500
const backfillMs = 20_000
const questionLength = 200

const factRows = unnestRows({
  conversation_id: 'uuid',
  created_at: 'timestamptz',
  handed_over: 'boolean',
  resolved_by_ai: 'boolean',
})

export type FactsStorage = ReturnType<typeof factsStorage>

/** What reports count, kept beside the conversations: made anew from what is stored, as often as one likes. */
export function factsStorage({ sql, withDeadline, transaction }: Database) {
  async function refreshFacts(inner: TransactionSql, ids: string[], isResolved: JudgeOutcome): Promise<void> {
    // In the order in which changes lock them; what is being deleted meanwhile is gone then.
    await inner`select 1 from conversations where id = any(${ids}::uuid[]) order by id for key share`
    const outcomes = await selectOutcomes(inner, inner`c.id = any(${ids}::uuid[])`)
    const facts = outcomes.map(
      (outcome): ConversationFacts => ({
        conversation_id: outcome.id,
        created_at: outcome.created_at,
        handed_over: outcome.handed_over,
        resolved_by_ai: isResolved(outcome),
      }),
    )
    await inner`
      insert into conversation_facts (conversation_id, created_at, handed_over, resolved_by_ai)
      select x.conversation_id, x.created_at, x.handed_over, x.resolved_by_ai from ${factRows.of(inner, facts)}
      on conflict (conversation_id) do update
        set handed_over = excluded.handed_over, resolved_by_ai = excluded.resolved_by_ai
        where (conversation_facts.handed_over, conversation_facts.resolved_by_ai)
          is distinct from (excluded.handed_over, excluded.resolved_by_ai)`
    await inner`
      insert into handoff_facts (handoff_id, first_response_at)
      select h.id, ${firstResponse(inner)} from handoffs h where h.conversation_id = any(${ids}::uuid[])
      on conflict (handoff_id) do update set first_response_at = excluded.first_response_at`
  }

  /** Which of them are not counted yet. */
  async function withoutFacts(inner: TransactionSql, ids: string[]): Promise<string[]> {
    if (ids.length === 0) return []
    const rows = await inner<{ id: string }[]>`
      select x.id from unnest(${ids}::uuid[]) as x(id)
      where not exists (select 1 from conversation_facts where conversation_id = x.id)`
    return rows.map(({ id }) => id)
  }

  /** The next ones that were there before facts were kept. One node at a time. @returns whether there may be more */
  async function backfillFacts(isResolved: JudgeOutcome): Promise<boolean> {
    return transaction(async inner => {
      // What was being written when the consumer began is committed by now.
      const [place] = await inner<{ before: string }[]>`
        select before from desk_facts_backfill where exists (
          select 1 from consumers where name = ${factsConsumer} and read_to < pg_snapshot_xmin(pg_current_snapshot()))
        for update skip locked`
      if (!place) return false
      const rows = await inner<{ id: string }[]>`
        select id from conversations where id < ${place.before} order by id desc limit ${backfillBatch}`
      if (rows.length === 0) {
        await inner`delete from desk_facts_backfill`
        return false
      }
      const ids = rows.map(({ id }) => id)
      await refreshFacts(inner, ids, isResolved)
      await inner`update desk_facts_backfill set before = ${ids.at(-1)!}`
      return true
    }, backfillMs)
  }

  /** Conversations whose facts are not known yet, or are older than their last change. */
  async function findStale(since: Condition): Promise<string[]> {
    const rows = await withDeadline(sql<{ id: string }[]>`
      select conversation_id as id from events
      where tx > coalesce((select read_to from consumers where name = ${factsConsumer}), '0'::xid8)
      union
      select id from conversations where created_at >= ${since} and id < (select before from desk_facts_backfill limit 1)`)
    return rows.map(({ id }) => id)
  }

  return { factsConsumer, refreshFacts, withoutFacts, backfillFacts, findStale }
}

/** Of a conversation `c`: the visitor has said something, or asked for a person. */
export function hasBegun(sql: AnySql) {
  return sql`(c.epoch > 0 or exists (select 1 from messages where conversation_id = c.id and role = 'user'))`
}

/** Of a handoff `h`: when somebody of the staff first said something in it. */
export function firstResponse(sql: AnySql) {
  return sql`(
    select min(m.created_at) from messages m
    where m.conversation_id = h.conversation_id and m.role = 'agent' and m.created_at >= h.created_at
      and m.removed is distinct from 'retracted' and (h.ended_at is null or m.created_at <= h.ended_at))`
}

/** Of conversations `c` that have begun. */
export function selectOutcomes(sql: AnySql, chosen: Condition) {
  return sql<ConversationOutcome[]>`
    with begun as (select c.id, c.created_at, c.epoch from conversations c where ${chosen} and ${hasBegun(sql)}),
      sourced as (
        select b.id, last.seq from begun b cross join lateral (
          select seq, feedback from messages
          where conversation_id = b.id and role = 'assistant' and status = 'complete' and sources <> '[]'
          order by seq desc limit 1) last
        where b.epoch = 0 and last.feedback is distinct from -1),
      ended as (
        select s.id, coalesce(array_agg(left(q.content, ${questionLength}) order by t.seq) filter (where t.id is not null), '{}') as asked_after
        from sourced s left join messages t on t.conversation_id = s.id and t.role = 'assistant' and t.seq > s.seq
        left join messages q on q.id = t.in_reply_to
        group by s.id having coalesce(bool_and(t.status = 'complete'), true))
    select b.id, b.created_at, b.epoch > 0 as handed_over, e.asked_after
    from begun b left join ended e on e.id = b.id`
}
