import type { Database } from '../engine/transaction.ts'
import { mayJudge } from '../realtime/leases.ts'
import type { HandoffColumns, StoredHandoff } from './handoff.ts'
import type { Observer } from './presence.ts'

/** What time brings: handoffs whose agent is gone, or whose time has come. */
export function deadlineStorage({ sql, withDeadline }: Database, columns: HandoffColumns) {
  /** Conversations of agents who were there after taking them, and are gone. */
  async function abandoned({ nodeId, seconds }: Observer, limit: number): Promise<StoredHandoff[]> {
    return withDeadline(sql<StoredHandoff[]>`
      select ${columns} from handoffs where status = 'active' and (
        select max(until) between handoffs.accepted_at and now() from agent_leases l where l.person_id = handoffs.agent_id)
        and ${mayJudge(sql, nodeId, seconds)}
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

  /** Since when the visitor waits for a word of the agent who took it; null when they do not. */
  async function unansweredSince({ conversation_id, accepted_at }: StoredHandoff): Promise<string | null> {
    const [row] = await withDeadline(sql<{ answered: boolean; since: string | null }[]>`
      with taken as (select * from messages where conversation_id = ${conversation_id} and created_at >= ${accepted_at}),
        last as (select max(seq) as seq from taken where role = 'agent')
      select last.seq is not null as answered,
        (select min(created_at) from taken where role = 'user' and seq > last.seq) as since from last`)
    return row!.answered ? row!.since : accepted_at
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

  return { abandoned, dueHandoffs, unansweredSince, reschedule }
}
