import type { Language, Message, PageContext } from '#protocol'
import { type AuditEntry, recordAudit } from './audit.ts'
import { gathered } from './gather.ts'
import { lastHandoffs, type StoredHandoff, writeHandoffs } from './handoff.ts'
import type { Database, Sql, TransactionSql } from './transaction.ts'

/** A conversation's row: its head, since `seq` says where its log ends. */
export interface Head {
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

/** What a question brought along for its answer. */
export interface Asked {
  context?: PageContext
  provider_id?: string
  model?: string
  /** Of the call that said it: the answer's log lines carry it too, whichever node writes it. */
  request_id?: string
}

/** A message's row: what the wire shows, and what only the server needs of it. */
export type StoredMessage = Message & {
  /** That of the conversation when it was begun (law O1). */
  epoch: number
  asked: Asked | null
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

/** Law D2: what was written under a key before. */
export type UsedKey = Pick<StoredEvent, 'conversation_id' | 'sender_id' | 'key' | 'fingerprint' | 'payload'>

export interface WriteNeeds {
  conversationIds: string[]
  messageIds: string[]
  keys: { conversation_id: string; sender_id: string; key: string }[]
  /** Conversations of which the handoff and the answer being written are needed. */
  handoffIds: string[]
}

/** What `decide` finds, locked until the transaction ends. */
export interface Locked {
  /** The database's time: no node's clock decides anything. */
  at: string
  heads: Map<string, Head>
  messages: Map<string, StoredMessage>
  used: UsedKey[]
  /** By conversation: the present one, or the last. */
  handoffs: Map<string, StoredHandoff>
}

export interface Written {
  heads: Head[]
  inserted: StoredMessage[]
  updated: StoredMessage[]
  events: StoredEvent[]
  handoffs: StoredHandoff[]
  /** Law S5: part of the same transaction. */
  audits: AuditEntry[]
}

export interface NewConversation {
  id: string
  personId: string
  role: string
  name: string | null
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

/** Seconds an answer stays its node's without a sign of life (checkpoint). */
export const replyLeaseSeconds = 5

export type ConversationStorage = ReturnType<typeof conversationStorage>

export function conversationStorage(database: Database) {
  const { sql, within, transaction } = database

  /** Locks, reads, lets `decide` say what is written, and writes it: one transaction (law D3), four round trips. */
  function write(
    needs: WriteNeeds,
    decide: (locked: Locked) => Written,
    deadlineMs?: number,
  ): Promise<Written> {
    return transaction(async inner => {
      const written = decide(await lock(inner, needs))
      await Promise.all([
        updateHeads(inner, written.heads),
        insertMessages(inner, written.inserted),
        updateMessages(inner, written.updated),
        insertEvents(inner, written.events),
        writeHandoffs(inner, written.handoffs),
        ...written.audits.map(entry => recordAudit(inner, entry)),
      ])
      return written
    }, deadlineMs)
  }

  /**
   * Makes a conversation, and its person's row where this is their first.
   * With a key used before, the conversation made then and its fingerprint.
   */
  function create(input: NewConversation): Promise<{ head: Head; fingerprint: string | null }> {
    return transaction(async inner => {
      await lockPerson(inner, input)
      const [known] = input.key
        ? await inner<(Head & { fingerprint: string })[]>`
            select * from conversations where person_id = ${input.personId} and key = ${input.key}`
        : []
      if (known) return { head: known, fingerprint: known.fingerprint }
      return { head: await insertConversation(inner, input), fingerprint: input.fingerprint }
    })
  }

  /** The person's newest open conversation, made when there is none. Two tabs at once get the same one. */
  function openNewest(input: NewConversation): Promise<Head> {
    return transaction(async inner => {
      await lockPerson(inner, input)
      const [newest] = await inner<Head[]>`
        select * from conversations where person_id = ${input.personId} and status = 'open'
        order by coalesce(last_message_at, created_at) desc, id desc limit 1`
      return newest ?? insertConversation(inner, input)
    })
  }

  const find = gathered(async (ids: string[]) => {
    const heads = new Map((await findAll(ids)).map(head => [head.id, head]))
    return ids.map(id => heads.get(id) ?? null)
  })

  async function findAll(ids: string[]): Promise<Head[]> {
    return within(sql<Head[]>`select * from conversations where id = any(${ids}::uuid[])`)
  }

  async function findMessage(id: string): Promise<{ message: StoredMessage; head: Head } | null> {
    const [row] = await within(sql<MessageRow[]>`select * from messages where id = ${id}`)
    if (!row) return null
    const head = await find(row.conversation_id)
    return head && { message: toMessage(row), head }
  }

  /** The newest `limit` messages with seq below `before`, ascending. */
  async function messagesBefore(
    conversationId: string,
    before: number,
    limit: number,
  ): Promise<StoredMessage[]> {
    const rows = await within(sql<MessageRow[]>`
      select * from messages where conversation_id = ${conversationId} and seq < ${before} order by seq desc limit ${limit}`)
    return rows.reverse().map(toMessage)
  }

  /** The first answer begun after `seq`. */
  async function answerAfter(conversationId: string, seq: number): Promise<StoredMessage | null> {
    const [row] = await within(sql<MessageRow[]>`
      select * from messages where conversation_id = ${conversationId} and seq > ${seq} and role = 'assistant'
      order by seq limit 1`)
    return row ? toMessage(row) : null
  }

  /** At most `limit` events after `seq`, ascending: gap-free by law D3. */
  const eventsAfter = gathered(async (places: { conversation_id: string; seq: number; limit: number }[]) => {
    const given = places.map((place, at) => ({ ...place, at }))
    const rows = await within(sql<(StoredEvent & { at: number })[]>`
      select p.at, e.* from jsonb_to_recordset(${sql.json(given)}) as p(at int, conversation_id uuid, seq bigint, "limit" int)
      cross join lateral (
        select * from events where conversation_id = p.conversation_id and seq > p.seq order by seq limit p.limit) e
      order by p.at, e.seq`)
    const found = places.map((): StoredEvent[] => [])
    for (const { at, ...event } of rows) found[at]!.push(event)
    return found
  })

  /** At most 200 events after each place, in one statement, each conversation's ascending. */
  async function eventsAfterEach(places: { conversation_id: string; seq: number }[]): Promise<StoredEvent[]> {
    return within(sql<StoredEvent[]>`
      select e.* from jsonb_to_recordset(${sql.json(places)}) as p(conversation_id uuid, seq bigint)
      cross join lateral (
        select * from events where conversation_id = p.conversation_id and seq > p.seq order by seq limit 200) e
      order by e.conversation_id, e.seq`)
  }

  async function list(filter: ListFilter): Promise<{ heads: Head[]; total: number }> {
    const pattern = filter.search ? `%${filter.search.replaceAll(/[\\%_]/g, '\\$&')}%` : null
    const where = sql`
      where (${filter.personId}::uuid is null or person_id = ${filter.personId}::uuid)
        and (not ${filter.handedOver} or epoch > 0)
        and (${filter.mode ?? null}::text is null or mode = ${filter.mode ?? null}::text)
        and (${filter.status ?? null}::text is null or status = ${filter.status ?? null}::text)
        and (${filter.provider_id ?? null}::text is null or provider_id = ${filter.provider_id ?? null}::text)
        and (${pattern}::text is null or title ilike ${pattern}::text or exists (
          select 1 from messages m where m.conversation_id = conversations.id and m.content ilike ${pattern}::text))`
    const [heads, [count]] = await within(
      Promise.all([
        sql<Head[]>`
          select * from conversations ${where}
          order by updated_at desc, id desc limit ${filter.page_size} offset ${(filter.page - 1) * filter.page_size}`,
        sql<{ total: number }[]>`select count(*) as total from conversations ${where}`,
      ]),
    )
    return { heads: [...heads], total: count!.total }
  }

  /** Whether there was one. Everything in it goes with it. */
  async function remove(id: string): Promise<boolean> {
    const rows = await within(sql`delete from conversations where id = ${id} returning id`)
    return rows.length > 0
  }

  /** The last seq each person has seen. */
  const reads = gathered(async (ids: string[]) => {
    const rows = await within(sql<{ conversation_id: string; person_id: string; seq: number }[]>`
      select conversation_id, person_id, seq from reads where conversation_id = any(${ids}::uuid[])`)
    const marks = new Map(ids.map(id => [id, {} as Record<string, number>]))
    for (const { conversation_id, person_id, seq } of rows) marks.get(conversation_id)![person_id] = seq
    return ids.map(id => marks.get(id)!)
  })

  /** What is stored afterwards: a mark never goes back, nor past the end of the log. */
  async function markRead(conversationId: string, personId: string, seq: number): Promise<number> {
    const [row] = await within(sql<{ seq: number }[]>`
      insert into reads (conversation_id, person_id, seq)
      select id, ${personId}, least(${seq}, conversations.seq) from conversations where id = ${conversationId}
      on conflict (conversation_id, person_id) do update set seq = greatest(reads.seq, excluded.seq)
      returning seq`)
    return row?.seq ?? 0
  }

  /** Law R1: what is written so far, for many answers in one statement. Returns those that are still being written. */
  async function checkpoint(
    texts: { message_id: string; conversation_id: string; content: string }[],
  ): Promise<string[]> {
    const rows = await within(sql<{ id: string }[]>`
      with given as (
        select * from jsonb_to_recordset(${sql.json(texts)}) as x(message_id uuid, conversation_id uuid, content text)),
      -- In the order of lock(): otherwise the two wait for each other.
      locked as (
        select c.id, given.message_id, given.content
        from conversations c join given on c.id = given.conversation_id and c.reply_id = given.message_id
        order by c.id for update of c),
      held as (
        update conversations c set reply_until = now() + make_interval(secs => ${replyLeaseSeconds})
        from locked where c.id = locked.id
        returning locked.message_id, locked.content)
      update messages m set content = held.content from held
      where m.id = held.message_id and m.status = 'streaming' returning m.id`)
    return rows.map(row => row.id)
  }

  /** Answers whose node gave no sign of life for longer than the lease. */
  async function abandonedReplies(limit: number): Promise<{ conversation_id: string; message_id: string }[]> {
    return within(sql<{ conversation_id: string; message_id: string }[]>`
      select id as conversation_id, reply_id as message_id from conversations
      where reply_id is not null and reply_until < now() order by reply_until limit ${limit}`)
  }

  return {
    write,
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
    remove,
    reads,
    markRead,
    checkpoint,
    abandonedReplies,
  }
}

type MessageRow = Omit<StoredMessage, 'author' | 'references'> & {
  author_id: string | null
  author_name: string | null
  sources: Message['references']
}

function toMessage({ author_id, author_name, sources, ...row }: MessageRow): StoredMessage {
  return {
    ...row,
    author: author_id === null ? null : { id: author_id, name: author_name },
    references: sources,
  }
}

function toRow({ author, references, ...message }: StoredMessage): MessageRow {
  return { ...message, author_id: author?.id ?? null, author_name: author?.name ?? null, sources: references }
}

async function lock(sql: TransactionSql, needs: WriteNeeds): Promise<Locked> {
  // In one order everywhere, so that two nodes cannot wait for each other; the later statements see what the lock settled.
  const [heads, messages, used, handoffs, replies] = await Promise.all([
    sql<(Head & { at: string })[]>`
      select *, now() as at from conversations where id = any(${needs.conversationIds}::uuid[]) order by id for update`,
    needs.messageIds.length > 0
      ? sql<MessageRow[]>`select * from messages where id = any(${needs.messageIds}::uuid[])`
      : [],
    needs.keys.length > 0
      ? sql<UsedKey[]>`
          select e.conversation_id, e.sender_id, e.key, e.fingerprint, e.payload
          from jsonb_to_recordset(${sql.json(needs.keys)}) as k(conversation_id uuid, sender_id uuid, key text)
          cross join lateral (
            select * from events
            where conversation_id = k.conversation_id and sender_id = k.sender_id and key = k.key limit 1) e`
      : [],
    needs.handoffIds.length > 0 ? lastHandoffs(sql, needs.handoffIds) : [],
    needs.handoffIds.length > 0
      ? sql<MessageRow[]>`
          select m.* from conversations c join messages m on m.id = c.reply_id
          where c.id = any(${needs.handoffIds}::uuid[])`
      : [],
  ])
  return {
    at: heads[0]?.at ?? '',
    heads: new Map(heads.map(({ at: _at, ...head }) => [head.id, head])),
    messages: new Map([...messages, ...replies].map(row => [row.id, toMessage(row)])),
    used: [...used],
    handoffs: new Map(handoffs.map(row => [row.conversation_id!, row])),
  }
}

async function lockPerson(
  sql: TransactionSql | Sql,
  { personId, role, name }: NewConversation,
): Promise<void> {
  await sql`
    insert into people (id, role, name) values (${personId}, ${role}, ${name})
    on conflict (id) do update set updated_at = people.updated_at`
}

async function insertConversation(sql: TransactionSql, input: NewConversation): Promise<Head> {
  const [head] = await sql<Head[]>`
    insert into conversations (id, person_id, key, fingerprint, language, context)
    values (${input.id}, ${input.personId}, ${input.key}, ${input.fingerprint}, ${input.language}, ${sql.json(input.context)})
    returning *`
  return head!
}

async function updateHeads(sql: TransactionSql, heads: Head[]): Promise<void> {
  if (heads.length === 0) return
  await sql`
    update conversations c set
      title = x.title, mode = x.mode, status = x.status, language = x.language, context = x.context,
      metadata = x.metadata, staff_metadata = x.staff_metadata, provider_id = x.provider_id, model = x.model,
      seq = x.seq, epoch = x.epoch, agent_id = x.agent_id, message_count = x.message_count,
      reply_id = x.reply_id, unanswered_id = x.unanswered_id,
      reply_until = case when x.reply_id is null then null else now() + make_interval(secs => ${replyLeaseSeconds}) end,
      last_message_at = x.last_message_at, updated_at = x.updated_at
    from jsonb_to_recordset(${sql.json(heads as never)}) as x(
      id uuid, title text, mode text, status text, language text, context jsonb, metadata jsonb, staff_metadata jsonb,
      provider_id text, model text, seq bigint, epoch int, agent_id uuid, message_count int, reply_id uuid,
      unanswered_id uuid, last_message_at timestamptz, updated_at timestamptz)
    where c.id = x.id`
}

async function insertMessages(sql: TransactionSql, messages: StoredMessage[]): Promise<void> {
  if (messages.length === 0) return
  await sql`
    insert into messages (id, conversation_id, seq, role, content, status, key, author_id, author_name, in_reply_to, epoch,
      asked, attachments, sources, usage, memories_used, degraded, error, feedback, action, created_at, updated_at)
    select id, conversation_id, seq, role, content, status, key, author_id, author_name, in_reply_to, epoch,
      asked, attachments, sources, usage, memories_used, degraded, error, feedback, action, created_at, updated_at
    from jsonb_to_recordset(${sql.json(messages.map(toRow) as never)}) as x(
      id uuid, conversation_id uuid, seq bigint, role text, content text, status text, key text, author_id uuid,
      author_name text, in_reply_to uuid, epoch int, asked jsonb, attachments jsonb, sources jsonb, usage jsonb,
      memories_used jsonb, degraded boolean, error jsonb, feedback smallint, action text, created_at timestamptz, updated_at timestamptz)`
}

async function updateMessages(sql: TransactionSql, messages: StoredMessage[]): Promise<void> {
  if (messages.length === 0) return
  await sql`
    update messages m set
      content = x.content, status = x.status, sources = x.sources, usage = x.usage, memories_used = x.memories_used,
      degraded = x.degraded, error = x.error, feedback = x.feedback, feedback_comment = x.feedback_comment, updated_at = x.updated_at
    from jsonb_to_recordset(${sql.json(messages.map(toRow) as never)}) as x(
      id uuid, content text, status text, sources jsonb, usage jsonb, memories_used jsonb, degraded boolean,
      error jsonb, feedback smallint, feedback_comment text, updated_at timestamptz)
    where m.id = x.id`
}

async function insertEvents(sql: TransactionSql, events: StoredEvent[]): Promise<void> {
  if (events.length === 0) return
  await sql`
    insert into events (conversation_id, seq, event, payload, sender_id, key, fingerprint)
    select conversation_id, seq, event, payload, sender_id, key, fingerprint
    from jsonb_to_recordset(${sql.json(events as never)}) as x(
      conversation_id uuid, seq bigint, event text, payload jsonb, sender_id uuid, key text, fingerprint text)`
}
