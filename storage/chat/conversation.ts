import type { Language, PageContext, Visitor } from '#protocol'
import { batched } from '../engine/batch.ts'
import { describeRow } from '../engine/columns.ts'
import type { Database, Sql } from '../engine/transaction.ts'
import { type Condition, containing, where } from '../engine/where.ts'
import { type Actor, recordAudit } from '../identity/audit.ts'
import { conversationOpener } from './open.ts'
import { inScope, type Scope } from './scope.ts'

/** A conversation's row: its head, since `seq` says where its log ends. */
export interface ConversationRow {
  id: string
  person_id: string
  title: string | null
  mode: 'ai' | 'queued' | 'human'
  status: 'open' | 'closed'
  language: Language
  context: PageContext
  metadata: Record<string, unknown>
  staff_metadata: Record<string, unknown>
  provider_id: string | null
  model: string | null
  seq: number
  epoch: number
  agent_id: string | null
  /** The team it was asked of last, and who had it last: what decides who sees it. */
  team_id: string | null
  served_by: string | null
  /** Since when it rests, and until when; without a time until the visitor writes. */
  snoozed_at: string | null
  snoozed_until: string | null
  /** How whose it is keeps it in order. */
  pinned_at: string | null
  archived_at: string | null
  tags: string[]
  /** Its first question gives it a title. */
  auto_title: boolean
  message_count: number
  reply_id: string | null
  unanswered_id: string | null
  last_message_at: string | null
  created_at: string
  updated_at: string
}

/**
 * Its columns. `created` with the row and never again; `locked` by who holds the row's lock; `appended` also by a change
 * that only makes the log longer, without a lock (`appendOptimistic`).
 */
export const conversationRow = describeRow<ConversationRow>()({
  id: ['uuid', 'created'],
  person_id: ['uuid', 'created'],
  title: ['text', 'locked'],
  mode: ['text', 'locked'],
  status: ['text', 'locked'],
  language: ['text', 'locked'],
  context: ['jsonb', 'locked'],
  metadata: ['jsonb', 'locked'],
  staff_metadata: ['jsonb', 'locked'],
  provider_id: ['text', 'locked'],
  model: ['text', 'locked'],
  seq: ['bigint', 'appended'],
  epoch: ['int', 'locked'],
  agent_id: ['uuid', 'locked'],
  team_id: ['uuid', 'locked'],
  served_by: ['uuid', 'locked'],
  snoozed_at: ['timestamptz', 'locked'],
  snoozed_until: ['timestamptz', 'locked'],
  pinned_at: ['timestamptz', 'locked'],
  archived_at: ['timestamptz', 'locked'],
  tags: ['jsonb', 'locked'],
  auto_title: ['boolean', 'locked'],
  message_count: ['int', 'appended'],
  reply_id: ['uuid', 'appended'],
  unanswered_id: ['uuid', 'appended'],
  last_message_at: ['timestamptz', 'appended'],
  created_at: ['timestamptz', 'created'],
  updated_at: ['timestamptz', 'appended'],
})

export interface ListFilter {
  /** Only this person's; null for everybody's. */
  personId: string | null
  /** Only what this one of the staff sees; null: everything. */
  scope: Scope | null
  search?: string
  provider_id?: string
  mode?: string
  status?: string
  pinned?: boolean
  archived?: boolean
  tag?: string
  page: number
  page_size: number
}

export type ConversationStorage = ReturnType<typeof conversationStorage>

export function conversationStorage(database: Database) {
  const { sql, withDeadline, transaction } = database
  const { create, openNewest } = conversationOpener(database)

  const find = batched(async (ids: string[]) => {
    const heads = new Map((await findAll(ids)).map(head => [head.id, head]))
    return ids.map(id => heads.get(id) ?? null)
  })

  async function findAll(ids: string[]): Promise<ConversationRow[]> {
    return withDeadline(sql<ConversationRow[]>`select * from conversations where id = any(${ids}::uuid[])`)
  }

  async function list(filter: ListFilter): Promise<{ heads: ConversationRow[]; total: number }> {
    const pattern = filter.search ? containing(filter.search) : null
    const chosen = where(sql, [
      filter.personId && sql`person_id = ${filter.personId}`,
      inScope(sql, filter.scope),
      filter.mode && sql`mode = ${filter.mode}`,
      filter.status && sql`status = ${filter.status}`,
      filter.provider_id && sql`provider_id = ${filter.provider_id}`,
      hasState(sql, filter.pinned, sql`pinned_at`),
      hasState(sql, filter.archived, sql`archived_at`),
      filter.tag && sql`tags @> ${sql.json([filter.tag])}::jsonb`,
      pattern &&
        sql`(title ilike ${pattern} or exists (
          select 1 from people p where p.id = conversations.person_id and p.name ilike ${pattern}) or exists (
          select 1 from messages m where m.conversation_id = conversations.id and m.content ilike ${pattern}))`,
    ])
    const [heads, [count]] = await withDeadline(
      Promise.all([
        sql<ConversationRow[]>`
          select * from conversations ${chosen}
          order by changed_about desc, updated_at desc, id desc limit ${filter.page_size} offset ${(filter.page - 1) * filter.page_size}`,
        sql<{ total: number }[]>`select count(*) as total from conversations ${chosen}`,
      ]),
    )
    return { heads: [...heads], total: count!.total }
  }

  /**
   * Whether there was one. Everything in it goes with it; what staff remove is audited.
   * @param assertMayRemove throws where the caller may not, with the row locked
   */
  function remove(
    id: string,
    assertMayRemove: (head: ConversationRow) => void,
    staff: Actor | null,
  ): Promise<boolean> {
    return transaction(async inner => {
      const [head] = await inner<ConversationRow[]>`select * from conversations where id = ${id} for update`
      if (!head) return false
      assertMayRemove(head)
      await inner`delete from conversations where id = ${id}`
      const before = {
        mode: head.mode,
        status: head.status,
        agent_id: head.agent_id,
        messages: head.message_count,
      }
      if (staff)
        await recordAudit(inner, {
          actor: staff,
          scope: 'conversation',
          action: 'conversation:delete',
          subject: id,
          before,
        })
      return true
    }).then(removed => {
      if (removed) database.erased()
      return removed
    })
  }

  /** Whose conversations these are: a title is no name. */
  async function visitorsOf(personIds: string[]): Promise<Map<string, Visitor>> {
    if (personIds.length === 0) return new Map()
    const rows = await withDeadline(sql<Visitor[]>`
      select p.id, p.role <> 'visitor' as signed_in, coalesce(p.name, p.username, p.email, (
        select coalesce(k.email, k.phone) from handoff_contacts k join conversations c on c.id = k.conversation_id
        where c.person_id = p.id order by k.created_at desc limit 1)) as name
      from people p where p.id = any(${personIds}::uuid[])`)
    return new Map(rows.map(row => [row.id, row]))
  }

  return {
    create,
    openNewest,
    find,
    findAll,
    list,
    visitorsOf,
    ...snoozeStorage(database),
    remove,
  }
}

/** A condition on since when something is so: whether it is. */
function hasState(sql: Sql, isSet: boolean | undefined, since: Condition): Condition | null {
  if (isSet === undefined) return null
  return isSet ? sql`${since} is not null` : sql`${since} is null`
}

function snoozeStorage({ sql, withDeadline }: Database) {
  return {
    /** Those that have rested long enough. */
    async dueSnoozes(limit: number): Promise<string[]> {
      const rows = await withDeadline(sql<{ id: string }[]>`
        select id from conversations where snoozed_until <= now() order by snoozed_until limit ${limit}`)
      return rows.map(({ id }) => id)
    },
  }
}
