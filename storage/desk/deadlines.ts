import type { Database } from '../engine/transaction.ts'
import { mayJudge } from '../realtime/leases.ts'
import { handoffColumns, type StoredHandoff } from './handoff.ts'
import type { Observer } from './presence.ts'

/** What was said since a person was asked for. */
export interface Answers {
  /** Somebody of the staff has said something. */
  answered: boolean
  /** Since when words of the visitor that came after it wait; null where none do, or nothing was answered yet. */
  unanswered: string | null
  /** Since when whoever has it owes the visitor a word; null where they do not. */
  silent: string | null
}

/** What time brings: handoffs whose agent is gone, or whose time has come. */
export function deadlineStorage({ sql, withDeadline }: Database) {
  const columns = handoffColumns(sql)

  /** Conversations of agents who were there after taking them, and are gone. */
  async function abandoned({ nodeId, seconds }: Observer, limit: number): Promise<StoredHandoff[]> {
    return withDeadline(sql<StoredHandoff[]>`
      select ${columns} from handoffs where status = 'active' and (
        select max(until) between handoffs.accepted_at and now() from agent_leases l where l.person_id = handoffs.agent_id)
        and ${mayJudge(sql, nodeId, seconds)}
        and not exists (
          select 1 from conversations c where c.id = handoffs.conversation_id and c.snoozed_at is not null)
      order by accepted_at limit ${limit}`)
  }

  /** Those whose time has come, with the database's time: while it was away nobody could do what would have kept them. */
  async function dueHandoffs(
    { nodeId, seconds }: Observer,
    limit: number,
  ): Promise<(StoredHandoff & { at: string })[]> {
    return withDeadline(sql<(StoredHandoff & { at: string })[]>`
      select ${columns}, now() as at from handoffs where status in ('pending', 'active') and due_at <= now()
        and ${mayJudge(sql, nodeId, seconds)}
      order by due_at limit ${limit}`)
  }

  async function answersOf({ conversation_id, created_at, accepted_at }: StoredHandoff): Promise<Answers> {
    const [row] = await withDeadline(sql<{ answered: boolean; unanswered: string | null; spoke: boolean }[]>`
      with said as (select * from messages where conversation_id = ${conversation_id} and created_at >= ${created_at}
          and removed is distinct from 'retracted'),
        last as (select max(seq) as seq, max(created_at) as at from said where role = 'agent')
      select last.seq is not null as answered, coalesce(last.at >= ${accepted_at}::timestamptz, false) as spoke,
        (select min(created_at) from said where role = 'user' and seq > last.seq) as unanswered from last`)
    const { answered, unanswered, spoke } = row!
    return { answered, unanswered, silent: spoke ? unanswered : accepted_at }
  }

  /** Somebody has answered: nobody waits for a word any more. @returns whether somebody had waited too long */
  async function clearWarnings(id: string): Promise<boolean> {
    const rows = await withDeadline(sql`
      update handoffs set warned = warned - 'first_response' - 'next_response'
      where id = ${id} and status = 'active' and (warned ? 'first_response' or warned ? 'next_response') returning 1`)
    return rows.length > 0
  }

  /** Notes what was warned of and when to look again, unless it has changed meanwhile: false. */
  async function reschedule(
    { id, status, due_at }: StoredHandoff,
    next: Pick<StoredHandoff, 'warned' | 'due_at'>,
  ): Promise<boolean> {
    const rows = await withDeadline(sql`
      update handoffs set warned = ${sql.json(next.warned)}, due_at = ${next.due_at}
      where id = ${id} and status = ${status} and due_at = ${due_at} returning id`)
    return rows.length > 0
  }

  return { abandoned, dueHandoffs, answersOf, clearWarnings, reschedule }
}
