import type { Message, PageContext } from '#protocol'
import type { Device } from '#protocol/desk/desk'
import { batched } from '../engine/batch.ts'
import { describeRow } from '../engine/columns.ts'
import type { Database } from '../engine/transaction.ts'
import { unnestRows } from '../engine/unnest.ts'
import type { ConversationRow, ConversationStorage } from './conversation.ts'

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
  voice: NonNullable<Message['voice']> | null
  branch: NonNullable<Message['branch']> | null
  heard_text: string | null
  edited_at: string | null
  removed: NonNullable<Message['removed']> | null
}

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
  branch: ['jsonb', 'created'],
  epoch: ['int', 'created'],
  asked: ['jsonb', 'created'],
  attachments: ['jsonb', 'created'],
  sources: ['jsonb', 'revised'],
  usage: ['jsonb', 'revised'],
  memories_used: ['jsonb', 'revised'],
  degraded: ['boolean', 'both'],
  error: ['jsonb', 'revised'],
  action: ['text', 'created'],
  voice: ['jsonb', 'created'],
  heard_text: ['text', 'revised'],
  edited_at: ['timestamptz', 'revised'],
  removed: ['text', 'revised'],
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

const beforeRows = unnestRows({ at: 'int', conversation_id: 'uuid', before: 'bigint', most: 'int' })

export type MessageStorage = ReturnType<typeof messageStorage>

/** What was said, and how far each person has seen it. */
export function messageStorage(
  { sql, withDeadline, erased }: Database,
  findConversation: ConversationStorage['find'],
) {
  async function find(id: string): Promise<{ message: StoredMessage; head: ConversationRow } | null> {
    const [row] = await withDeadline(sql<MessageRow[]>`select * from messages where id = ${id}`)
    if (!row) return null
    const head = await findConversation(row.conversation_id)
    return head && { message: toMessage(row), head }
  }

  /** The newest `limit` messages with seq below `before`, ascending. */
  const before = batched(async (positions: { conversation_id: string; before: number; limit: number }[]) => {
    const numbered = positions.map((place, at) => ({ ...place, at, most: place.limit }))
    const rows = await withDeadline(sql<(MessageRow & { at: number })[]>`
        select x.at, m.* from ${beforeRows.of(sql, numbered)}
        cross join lateral (
          select * from messages where conversation_id = x.conversation_id and seq < x.before
          order by seq desc limit x.most) m
        order by x.at, m.seq`)
    const found = positions.map((): StoredMessage[] => [])
    for (const { at, ...row } of rows) found[at]!.push(toMessage(row))
    return found
  })

  /** The first answer begun after `seq`. */
  async function answerAfter(conversationId: string, seq: number): Promise<StoredMessage | null> {
    const [row] = await withDeadline(sql<MessageRow[]>`
      select * from messages where conversation_id = ${conversationId} and seq > ${seq} and role = 'assistant'
      order by seq limit 1`)
    return row ? toMessage(row) : null
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

  /** What was heard of an answer while it is written: its end tells it. @returns false where it has ended */
  async function setPlayedText(id: string, text: string): Promise<boolean> {
    const rows = await withDeadline(
      sql`update messages set heard_text = ${text} where id = ${id} and status = 'streaming' returning 1`,
    )
    return rows.length > 0
  }

  return { find, before, answerAfter, reads, markRead, setPlayedText, erased }
}
