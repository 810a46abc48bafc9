import type { Database } from '../engine/transaction.ts'
import { mayJudge } from '../realtime/leases.ts'
import { handoffColumns, type StoredHandoff } from './handoff.ts'
import type { Observer } from './presence.ts'

/** What was said since a person was asked for. */
export interface Answers {
  /** Of the conversation, when it was read. */
  seq: number
  /** Somebody of the staff has said something. */
  answered: boolean
  /** Since when words of the visitor that came after it wait; null where none do, or nothing was answered yet. */
  unanswered: string | null
  /** Since when whoever has it owes the visitor a word; null where they do not. */
  silent: string | null
  /** The staff's last word, where the visitor is to write next. */
  resting: string | null
  /** From a last word of the staff to the visitor's next. */
  rests: { from: string; to: string }[]
}

/** What of it clocks are counted by. */
export type StoredAnswers = Pick<Answers, 'seq' | 'answered' | 'unanswered' | 'resting'> & {
  /** How long the visitor was waited for before, as the clocks run, in milliseconds. */
  rested_ms: number
}

/** What one side said before the other spoke. */
interface Turn {
  role: 'user' | 'agent'
  first_at: string
  last_at: string
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
    const rows = await withDeadline(sql<({ seq: number } & (Turn | { role: null }))[]>`
      select c.seq, turn.role, turn.first_at, turn.last_at from conversations c left join lateral (
        select role, min(seq) as place, min(created_at) as first_at, max(created_at) as last_at from (
          select seq, role, created_at, row_number() over (order by seq) - row_number() over (partition by role order by seq) as run
          from messages
          where conversation_id = c.id and created_at >= ${created_at} and role in ('user', 'agent')
            and removed is distinct from 'retracted') said
        group by role, run) turn on true
      where c.id = ${conversation_id} order by turn.place`)
    const turns = rows.flatMap(row => (row.role === null ? [] : row))
    const spokenAt = turns.findLast(({ role }) => role === 'agent')?.last_at
    const last = turns.at(-1)
    const unanswered = spokenAt !== undefined && last?.role === 'user' ? last.first_at : null
    const hasSpoken = spokenAt !== undefined && accepted_at !== null && spokenAt >= accepted_at
    return {
      seq: rows[0]?.seq ?? 0,
      answered: spokenAt !== undefined,
      unanswered,
      silent: hasSpoken ? unanswered : accepted_at,
      resting: last?.role === 'agent' ? last.last_at : null,
      rests: turns.flatMap(({ role, last_at }, index) => {
        const next = turns[index + 1]
        return role === 'agent' && next ? { from: last_at, to: next.first_at } : []
      }),
    }
  }

  /** Notes what was said, unless something later is known. Marks of who waited for a word end with it. @returns whether it was noted */
  async function noteAnswers(id: string, answers: StoredAnswers): Promise<boolean> {
    const isAnswered = answers.answered && answers.unanswered === null
    const rows = await withDeadline(sql`
      update handoffs set answers = ${sql.json(answers)}
        ${isAnswered ? sql`, warned = warned - 'first_response' - 'next_response'` : sql``}
      where id = ${id} and status in ('pending', 'active') and ${isOlder(answers)} returning 1`)
    return rows.length > 0
  }

  function isOlder({ seq }: StoredAnswers) {
    return sql`coalesce((answers ->> 'seq')::bigint, -1) < ${seq}`
  }

  /** Notes what was warned of and when to look again, unless it has changed meanwhile: false. */
  async function reschedule(
    { id, status, due_at }: StoredHandoff,
    next: Pick<StoredHandoff, 'warned' | 'due_at'> & { answers: StoredAnswers },
  ): Promise<boolean> {
    const { warned, answers } = next
    const rows = await withDeadline(sql`
      update handoffs set warned = ${sql.json(warned)}, due_at = ${next.due_at},
        answers = case when ${isOlder(answers)} then ${sql.json(answers)} else answers end
      where id = ${id} and status = ${status} and due_at = ${due_at} returning id`)
    return rows.length > 0
  }

  return { abandoned, dueHandoffs, answersOf, noteAnswers, reschedule }
}
