import type { Language, Message, PageContext, Visitor } from '#protocol'
import type { Device } from '#protocol/desk/desk'
import { batched } from '../engine/batch.ts'
import { describeRow } from '../engine/columns.ts'
import type { AnySql, Database } from '../engine/transaction.ts'
import { unnestRows } from '../engine/unnest.ts'
import { where } from '../engine/where.ts'
import { type Actor, recordAudit } from '../identity/audit.ts'

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
  message_count: ['int', 'appended'],
  reply_id: ['uuid', 'appended'],
  unanswered_id: ['uuid', 'appended'],
  last_message_at: ['timestamptz', 'appended'],
  created_at: ['timestamptz', 'created'],
  updated_at: ['timestamptz', 'appended'],
})

/** What a question brought along for its answer. */
export interface QuestionOrigin {
  context?: PageContext
  provider_id?: string
  model?: string
  device?: Device
  /** Of the call that said it: the answer's log lines carry it too, whichever node writes it. */
  request_id?: string
}

/** A message's row: what the wire shows, and what only the server needs of it. */
export type StoredMessage = Message & {
  /** That of the conversation when it was begun (law O1). */
  epoch: number
  asked: QuestionOrigin | null
  feedback_comment: string | null
}

export interface StoredEvent {
  conversation_id: string
  seq: number
  event: string
  payload: Record<string, unknown>
  sender_id: string | null
  key: string | null
  fingerprint: string | null
}

/** Who makes something: a visitor's row is made with their first. */
export interface Creator {
  personId: string
  role: string
  name: string | null
}

export interface NewConversation extends Creator {
  id: string
  key: string | null
  fingerprint: string | null
  language: Language
  context: PageContext
}

export interface ListFilter {
  /** Only this person's; null for everybody's. */
  personId: string | null
  /** Only those that ever changed hands. */
  handedOver: boolean
  search?: string
  provider_id?: string
  mode?: string
  status?: string
  page: number
  page_size: number
}

export type ConversationStorage = ReturnType<typeof conversationStorage>

export function conversationStorage(database: Database) {
  const { sql, withDeadline, transaction } = database

  /**
   * Makes a conversation, and its person's row where this is their first.
   * With a key used before, the conversation made then and its fingerprint.
   */
  function create(input: NewConversation): Promise<{ head: ConversationRow; fingerprint: string | null }> {
    return transaction(async inner => {
      await lockPerson(inner, input)
      const [known] = input.key
        ? await inner<(ConversationRow & { fingerprint: string })[]>`
            select * from conversations where person_id = ${input.personId} and key = ${input.key}`
        : []
      if (known) return { head: known, fingerprint: known.fingerprint }
      const [head] = await inner<ConversationRow[]>`${insertConversation(inner, input)} returning *`
      return { head: head!, fingerprint: input.fingerprint }
    })
  }

  /** The person's newest open conversation, made when there is none. Two tabs at once get the same one. */
  async function openNewest(input: NewConversation): Promise<ConversationRow> {
    const [head] = await withDeadline(sql<ConversationRow[]>`
      with newest as (${newestOpen(sql, input.personId)}),
      -- Whose row this statement makes has no conversation yet, and nobody else can be making one.
      person as (
        insert into people (id, role, name) select ${input.personId}, ${input.role}, ${input.name}
        where not exists (select from newest) on conflict (id) do nothing returning id),
      made as (${insertConversation(sql, input)} where exists (select from person) returning *)
      select * from newest union all select * from made`)
    return head ?? openNewestLocked(input)
  }

  /** For somebody who is known and has none, or was made by another tab just now. */
  function openNewestLocked(input: NewConversation): Promise<ConversationRow> {
    return transaction(async inner => {
      await lockPerson(inner, input)
      const [newest] = await inner<ConversationRow[]>`${newestOpen(inner, input.personId)}`
      if (newest) return newest
      const [made] = await inner<ConversationRow[]>`${insertConversation(inner, input)} returning *`
      return made!
    })
  }

  const find = batched(async (ids: string[]) => {
    const heads = new Map((await findAll(ids)).map(head => [head.id, head]))
    return ids.map(id => heads.get(id) ?? null)
  })

  async function findAll(ids: string[]): Promise<ConversationRow[]> {
    return withDeadline(sql<ConversationRow[]>`select * from conversations where id = any(${ids}::uuid[])`)
  }

  async function findMessage(id: string): Promise<{ message: StoredMessage; head: ConversationRow } | null> {
    const [row] = await withDeadline(sql<MessageRow[]>`select * from messages where id = ${id}`)
    if (!row) return null
    const head = await find(row.conversation_id)
    return head && { message: toMessage(row), head }
  }

  /** The newest `limit` messages with seq below `before`, ascending. */
  const messagesBefore = batched(
    async (positions: { conversation_id: string; before: number; limit: number }[]) => {
      const numbered = positions.map((place, at) => ({ ...place, at, most: place.limit }))
      const rows = await withDeadline(sql<(MessageRow & { at: number })[]>`
        select x.at, m.* from ${before.of(sql, numbered)}
        cross join lateral (
          select * from messages where conversation_id = x.conversation_id and seq < x.before
          order by seq desc limit x.most) m
        order by x.at, m.seq`)
      const found = positions.map((): StoredMessage[] => [])
      for (const { at, ...row } of rows) found[at]!.push(toMessage(row))
      return found
    },
  )

  /** The first answer begun after `seq`. */
  async function answerAfter(conversationId: string, seq: number): Promise<StoredMessage | null> {
    const [row] = await withDeadline(sql<MessageRow[]>`
      select * from messages where conversation_id = ${conversationId} and seq > ${seq} and role = 'assistant'
      order by seq limit 1`)
    return row ? toMessage(row) : null
  }

  /** At most `limit` events after `seq`, ascending: gap-free by law D3. */
  const eventsAfter = batched(
    async (positions: { conversation_id: string; seq: number; limit: number }[]) => {
      const numbered = positions.map((place, at) => ({ ...place, at }))
      const rows = await withDeadline(sql<(StoredEvent & { at: number })[]>`
      select p.at, e.* from jsonb_to_recordset(${sql.json(numbered)}) as p(at int, conversation_id uuid, seq bigint, "limit" int)
      cross join lateral (
        select * from events where conversation_id = p.conversation_id and seq > p.seq order by seq limit p.limit) e
      order by p.at, e.seq`)
      const found = positions.map((): StoredEvent[] => [])
      for (const { at, ...event } of rows) found[at]!.push(event)
      return found
    },
  )

  /** At most 200 events after each place, in one statement, each conversation's ascending. */
  async function eventsAfterEach(
    positions: { conversation_id: string; seq: number }[],
  ): Promise<StoredEvent[]> {
    return withDeadline(sql<StoredEvent[]>`
      select e.* from jsonb_to_recordset(${sql.json(positions)}) as p(conversation_id uuid, seq bigint)
      cross join lateral (
        select * from events where conversation_id = p.conversation_id and seq > p.seq order by seq limit 200) e
      order by e.conversation_id, e.seq`)
  }

  async function list(filter: ListFilter): Promise<{ heads: ConversationRow[]; total: number }> {
    const pattern = filter.search ? `%${filter.search.replaceAll(/[\\%_]/g, '\\$&')}%` : null
    const chosen = where(sql, [
      filter.personId && sql`person_id = ${filter.personId}`,
      filter.handedOver && sql`epoch > 0`,
      filter.mode && sql`mode = ${filter.mode}`,
      filter.status && sql`status = ${filter.status}`,
      filter.provider_id && sql`provider_id = ${filter.provider_id}`,
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

  /** The last seq each person has seen. */
  const reads = batched(async (ids: string[]) => {
    const rows = await withDeadline(sql<{ conversation_id: string; person_id: string; seq: number }[]>`
      select conversation_id, person_id, seq from reads where conversation_id = any(${ids}::uuid[])`)
    const marks = new Map(ids.map(id => [id, {} as Record<string, number>]))
    for (const { conversation_id, person_id, seq } of rows) marks.get(conversation_id)![person_id] = seq
    return ids.map(id => marks.get(id)!)
  })

  /** What is stored afterwards: a mark never goes back, nor past the end of the log; 0 where there is nothing to read. */
  async function markRead(conversationId: string, personId: string, seq: number): Promise<number> {
    const [row] = await withDeadline(sql<{ seq: number }[]>`
      insert into reads (conversation_id, person_id, seq)
      select id, ${personId}, least(${seq}, conversations.seq) from conversations
      where id = ${conversationId} and least(${seq}, conversations.seq) > 0
      on conflict (conversation_id, person_id) do update set seq = greatest(reads.seq, excluded.seq)
      returning seq`)
    return row?.seq ?? 0
  }

  return {
    create,
    openNewest,
    find,
    findAll,
    findMessage,
    messagesBefore,
    answerAfter,
    eventsAfter,
    eventsAfterEach,
    list,
    visitorsOf,
    remove,
    reads,
    markRead,
  }
}

const before = unnestRows({ at: 'int', conversation_id: 'uuid', before: 'bigint', most: 'int' })

export type MessageRow = Omit<StoredMessage, 'author' | 'references'> & {
  author_id: string | null
  author_name: string | null
  sources: Message['references']
}

/**
 * Its columns. `created` with the row and never again; `revised` by later changes, and at first what the table's defaults
 * say; `both` at either time.
 */
export const messageRow = describeRow<MessageRow>()({
  id: ['uuid', 'created'],
  conversation_id: ['uuid', 'created'],
  seq: ['bigint', 'created'],
  role: ['text', 'created'],
  content: ['text', 'both'],
  status: ['text', 'both'],
  key: ['text', 'created'],
  author_id: ['uuid', 'created'],
  author_name: ['text', 'created'],
  in_reply_to: ['uuid', 'created'],
  epoch: ['int', 'created'],
  asked: ['jsonb', 'created'],
  attachments: ['jsonb', 'created'],
  sources: ['jsonb', 'revised'],
  usage: ['jsonb', 'revised'],
  memories_used: ['jsonb', 'revised'],
  degraded: ['boolean', 'both'],
  error: ['jsonb', 'revised'],
  action: ['text', 'created'],
  feedback: ['smallint', 'revised'],
  feedback_comment: ['text', 'revised'],
  created_at: ['timestamptz', 'created'],
  updated_at: ['timestamptz', 'both'],
})

export function toMessage({ author_id, author_name, sources, ...row }: MessageRow): StoredMessage {
  return {
    ...row,
    author: author_id === null ? null : { id: author_id, name: author_name },
    references: sources,
  }
}

export function toMessageRow({ author, references, ...message }: StoredMessage): MessageRow {
  return { ...message, author_id: author?.id ?? null, author_name: author?.name ?? null, sources: references }
}

/** Makes the person's row where there is none, and locks it. */
export async function lockPerson(sql: AnySql, { personId, role, name }: Creator): Promise<void> {
  await sql`
    insert into people (id, role, name) values (${personId}, ${role}, ${name})
    on conflict (id) do update set updated_at = people.updated_at`
}

function newestOpen(sql: AnySql, personId: string) {
  return sql`
    select * from conversations where person_id = ${personId} and status = 'open'
    order by coalesce(last_message_at, created_at) desc, id desc limit 1`
}

function insertConversation(sql: AnySql, input: NewConversation) {
  return sql`
    insert into conversations (id, person_id, key, fingerprint, language, context)
    select ${input.id}::uuid, ${input.personId}::uuid, ${input.key}, ${input.fingerprint}, ${input.language}, ${sql.json(input.context)}::jsonb`
}
