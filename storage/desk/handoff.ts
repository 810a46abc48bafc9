import type { Handoff } from '#protocol'
import { assignments, columnList, describeRow } from '../engine/columns.ts'
import { lastOfEach, type Participant } from '../engine/participant.ts'
import type { AnySql, Database, TransactionSql } from '../engine/transaction.ts'
import { deadlineStorage, type StoredAnswers } from './deadlines.ts'
import { presenceStorage } from './presence.ts'
import { queueStorage } from './queue.ts'

/** A handoff's row. Written only together with its conversation, under that one's lock. */
export interface StoredHandoff {
  id: string
  /** Null once the conversation was deleted: only figures remain. */
  conversation_id: string | null
  /** Of the event that wrote it. */
  seq: number
  status: Handoff['status']
  cause: Handoff['cause']
  reason: string | null
  summary: string | null
  /** Index into `priorities`. */
  priority: number
  team_id: string | null
  agent_id: string | null
  tags: string[]
  note: string | null
  rating: number | null
  rating_comment: string | null
  created_at: string
  queued_at: string
  accepted_at: string | null
  /** Whatever came after: a transfer, another wait. */
  first_accepted_at: string | null
  ended_at: string | null
  due_at: string | null
  warned: string[]
  /** Null until it was looked at. */
  answers: StoredAnswers | null
}

/** Its columns. `created` with the row and never again; `changed` by later moves; `summary` and `answers` come by themselves (`setSummary`, `noteAnswers`). */
export const handoffRow = describeRow<StoredHandoff>()({
  id: ['uuid', 'created'],
  conversation_id: ['uuid', 'created'],
  seq: ['bigint', 'changed'],
  status: ['text', 'changed'],
  cause: ['text', 'created'],
  reason: ['text', 'changed'],
  summary: ['text', 'summary'],
  priority: ['smallint', 'changed'],
  team_id: ['uuid', 'changed'],
  agent_id: ['uuid', 'changed'],
  tags: ['jsonb', 'changed'],
  note: ['text', 'changed'],
  rating: ['smallint', 'changed'],
  rating_comment: ['text', 'changed'],
  created_at: ['timestamptz', 'created'],
  queued_at: ['timestamptz', 'changed'],
  accepted_at: ['timestamptz', 'changed'],
  first_accepted_at: ['timestamptz', 'changed'],
  ended_at: ['timestamptz', 'changed'],
  due_at: ['timestamptz', 'changed'],
  warned: ['jsonb', 'changed'],
  answers: ['jsonb', 'answers'],
})

const inserts = handoffRow.rows(handoffRow.all)
const changed = handoffRow.names('changed')

/** The same, as statements list them. */
export function handoffColumns(sql: AnySql) {
  return sql.unsafe(inserts.list)
}

export type HandoffStorage = ReturnType<typeof handoffStorage>

/** Handoffs with the queue they wait in, those who take them, and what is due. */
export function handoffStorage(database: Database) {
  const { sql, withDeadline } = database
  const columns = handoffColumns(sql)

  async function find(id: string): Promise<StoredHandoff | null> {
    const [row] = await withDeadline(sql<StoredHandoff[]>`select ${columns} from handoffs where id = ${id}`)
    return row ?? null
  }

  /** The present one of a conversation, or the last. */
  async function lastOf(conversationId: string): Promise<StoredHandoff | null> {
    const [row] = await withDeadline(lastHandoffs(sql as unknown as TransactionSql, [conversationId]))
    return row ?? null
  }

  async function setSummary(id: string, summary: string): Promise<void> {
    await withDeadline(sql`
      update handoffs set summary = ${summary} where id = ${id} and status in ('pending', 'active')`)
  }

  return {
    find,
    lastOf,
    setSummary,
    ...queueStorage(database),
    ...presenceStorage(database),
    ...deadlineStorage(database),
  }
}

/** Per conversation the present handoff, or the last. */
export function lastHandoffs(sql: TransactionSql, conversationIds: string[]) {
  return sql<StoredHandoff[]>`
    select ${sql.unsafe(columnList(handoffRow.all, 'h'))} from unnest(${conversationIds}::uuid[]) as c(id) cross join lateral (
      select * from handoffs where conversation_id = c.id order by created_at desc, id desc limit 1) h`
}

interface HandoffNeed {
  conversation_id: string
  /** The change may put the conversation's visitor into the queue: nobody else gives them a place meanwhile. */
  queues?: boolean
}

interface SeenHandoffs {
  /** By conversation: the present one, or the last. */
  last: Map<string, StoredHandoff>
  /** By person: one in which they wait, in whichever conversation. */
  pending: Map<string, StoredHandoff>
}

export const handoffParticipant: Participant<HandoffNeed, SeenHandoffs, StoredHandoff> = {
  async lock(sql, needs) {
    const ids = needs.map(({ conversation_id }) => conversation_id)
    const queueing = needs.flatMap(({ conversation_id, queues }) => (queues ? conversation_id : []))
    const [last, pending] = await Promise.all([
      lastHandoffs(sql, [...new Set(ids)]),
      queueing.length > 0 ? lockPending(sql, queueing) : [],
    ])
    return {
      last: new Map(last.map(row => [row.conversation_id!, row])),
      pending: new Map(pending.map(({ person_id, ...row }) => [person_id, row])),
    }
  },
  unseen: () => ({ last: new Map(), pending: new Map() }),
  stage({ last, pending }, head, row) {
    last.set(head.id, row)
    if (row.status === 'pending') pending.set(head.person_id, row)
    else if (pending.get(head.person_id)?.id === row.id) pending.delete(head.person_id)
  },
  write: (sql, rows) => writeHandoffs(sql, lastOfEach(rows)),
}

/** Those in which the visitors of these conversations wait. */
async function lockPending(
  sql: TransactionSql,
  conversationIds: string[],
): Promise<(StoredHandoff & { person_id: string })[]> {
  const people = sql`select person_id from conversations where id = any(${conversationIds}::uuid[])`
  const [, rows] = await Promise.all([
    // In one order everywhere, so that two nodes cannot wait for each other; the next statement sees what the lock settled.
    sql`
      select pg_advisory_xact_lock(hashtextextended(person_id::text, 0))
      from (select distinct person_id from (${people}) as p order by person_id) as p`,
    sql<(StoredHandoff & { person_id: string })[]>`
      select c.person_id, ${sql.unsafe(columnList(handoffRow.all, 'h'))} from handoffs h join conversations c on c.id = h.conversation_id
      where c.person_id in (${people}) and h.status = 'pending'`,
  ])
  return [...rows]
}

/**
 * Those begun are inserted, the others updated: `on conflict` would see none where the row is just being updated from
 * elsewhere (a summary comes without the conversation's lock), and fail on the second of the table's unique indexes.
 */
async function writeHandoffs(sql: TransactionSql, rows: StoredHandoff[]): Promise<void> {
  const list = handoffColumns(sql)
  await sql`
    with x as (select * from ${inserts.of(sql, rows)}),
      updated as (
        update handoffs h set ${sql.unsafe(assignments(changed))} from x where h.id = x.id returning h.id)
    insert into handoffs (${list}) select ${list} from x where id not in (select id from updated)`
}
