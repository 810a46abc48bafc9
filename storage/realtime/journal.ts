import { type ConversationRow, conversationRow } from '../chat/conversation.ts'
import { type MessageRow, messageRow, type StoredMessage, toMessage, toMessageRow } from '../chat/message.ts'
import { assignments } from '../engine/columns.ts'
import type { AnySql, Database, TransactionSql } from '../engine/transaction.ts'
import { unnestRows } from '../engine/unnest.ts'
import type { StoredEvent } from './events.ts'
import { leaseEnd } from './leases.ts'
import {
  lockParticipants,
  type Needs,
  type Seen,
  type Staged,
  stageParticipants,
  unseen,
  writeParticipants,
} from './participants.ts'

/** Law D2: what was written under a key before. */
export type IdempotencyRecord = Pick<
  StoredEvent,
  'conversation_id' | 'sender_id' | 'key' | 'fingerprint' | 'payload'
>

export interface WriteNeeds {
  conversationIds: string[]
  messageIds: string[]
  keys: { conversation_id: string; sender_id: string; key: string }[]
  /** Conversations of which the answer being written is needed. */
  replyIds: string[]
  participants: Needs
}

/** What `decide` finds, locked until the transaction ends. */
export interface Locked {
  /** The database's time: no node's clock decides anything. */
  at: string
  heads: Map<string, ConversationRow>
  messages: Map<string, StoredMessage>
  idempotencyRecords: IdempotencyRecord[]
  seen: Seen
  /** A change of `head` has staged rows: as the changes after it see them. */
  stage(head: ConversationRow, staged: Staged): void
}

/** As one node remembers it: nothing is locked, and who takes part sees nothing. */
export function lockedFromCache(cached: Pick<Locked, 'at' | 'heads' | 'messages'>): Locked {
  return asLocked({ ...cached, idempotencyRecords: [], seen: unseen() })
}

function asLocked(found: Omit<Locked, 'stage'>): Locked {
  return { ...found, stage: (head, staged) => stageParticipants(found.seen, head, staged) }
}

export interface Written {
  heads: ConversationRow[]
  inserted: StoredMessage[]
  updated: StoredMessage[]
  events: StoredEvent[]
  staged: Staged
}

/** A conversation's row as it was when a change was decided, and as it is to be. */
export interface Step {
  before: ConversationRow
  after: ConversationRow
}

export type JournalStorage = ReturnType<typeof journalStorage>

/** How durable changes are committed (laws D1, D2, D3). */
export function journalStorage({ sql, withDeadline, transaction }: Database) {
  /** Locks, reads, lets `decide` say what is written, and writes it: one transaction (law D3), four round trips. */
  function write(
    needs: WriteNeeds,
    decide: (locked: Locked) => Written,
    deadlineMs?: number,
  ): Promise<Written> {
    return transaction(async inner => {
      const written = decide(await lock(inner, needs))
      await Promise.all([
        written.heads.length > 0 && updateHeads(inner, written.heads),
        written.inserted.length > 0 && insertMessages(inner, written.inserted),
        written.updated.length > 0 && updateMessages(inner, written.updated),
        written.events.length > 0 && insertEvents(inner, written.events),
        ...writeParticipants(inner, written.staged),
      ])
      return written
    }, deadlineMs)
  }

  /**
   * Commits what was decided without a lock, from rows this node had seen: one statement, one round trip. A conversation
   * that anybody changed since (its seq is another) is left as it is, and nothing of it is written. Of a conversation's row
   * only what says where its log ends is written (`fitsFastPath`).
   * @returns the ids of the conversations that were as expected
   * @throws the driver's error 23505 when a key was used before; then nothing is written
   */
  async function appendOptimistic(
    steps: Step[],
    { inserted, updated, events }: Pick<Written, 'inserted' | 'updated' | 'events'>,
    deadlineMs?: number,
  ): Promise<Set<string>> {
    const rows = await withDeadline(
      sql<{ id: string }[]>`
        -- In one order everywhere, so that two nodes cannot wait for each other.
        with locked as (
          select x.* from ${headAppends.of(sql, steps.map(toAppend))} join conversations c on c.id = x.id
          order by c.id for no key update of c),
        moved as (
          update conversations c set ${sql.unsafe(assignments(appended))}, reply_until = ${leaseOf(sql)}
          from locked x where c.id = x.id and c.seq = x.seen and c.person_id = x.person_id
          returning c.id),
        ${inserted.length > 0 ? sql`said as (${insertMessages(sql, inserted)} where conversation_id in (select id from moved)),` : sql``}
        ${updated.length > 0 ? sql`revised as (${updateMessages(sql, updated)} and m.conversation_id in (select id from moved)),` : sql``}
        told as (${insertEvents(sql, events)} where conversation_id in (select id from moved))
        select id from moved`,
      deadlineMs,
    )
    return new Set(rows.map(row => row.id))
  }

  return { write, appendOptimistic, fitsFastPath, lockedFromCache }
}

/** Nothing but a longer log: what else a change may write is written under the lock. */
export function fitsFastPath(steps: Step[], { inserted, updated, staged }: Written): boolean {
  const fresh = new Set(inserted.map(({ id }) => id))
  return (
    Object.keys(staged).length === 0 &&
    !updated.some(({ id }) => fresh.has(id)) &&
    steps.every(({ before, after }) => lockedColumns.every(name => before[name] === after[name]))
  )
}

async function lock(sql: TransactionSql, needs: WriteNeeds): Promise<Locked> {
  // In one order everywhere, so that two nodes cannot wait for each other; the later statements see what the lock settled.
  const [heads, messages, idempotencyRecords, replies, seen] = await Promise.all([
    sql<(ConversationRow & { at: string })[]>`
      select *, now() as at from conversations where id = any(${needs.conversationIds}::uuid[]) order by id for no key update`,
    needs.messageIds.length > 0
      ? sql<MessageRow[]>`select * from messages where id = any(${needs.messageIds}::uuid[])`
      : [],
    needs.keys.length > 0
      ? sql<IdempotencyRecord[]>`
          select e.conversation_id, e.sender_id, e.key, e.fingerprint, e.payload
          from jsonb_to_recordset(${sql.json(needs.keys)}) as k(conversation_id uuid, sender_id uuid, key text)
          cross join lateral (
            select * from events
            where conversation_id = k.conversation_id and sender_id = k.sender_id and key = k.key limit 1) e`
      : [],
    needs.replyIds.length > 0
      ? sql<MessageRow[]>`
          select m.* from conversations c join messages m on m.id = c.reply_id
          where c.id = any(${needs.replyIds}::uuid[])`
      : [],
    lockParticipants(sql, needs.participants),
  ])
  return asLocked({
    at: heads[0]?.at ?? '',
    heads: new Map(heads.map(({ at: _at, ...head }) => [head.id, head])),
    messages: new Map([...messages, ...replies].map(row => [row.id, toMessage(row)])),
    idempotencyRecords: [...idempotencyRecords],
    seen,
  })
}

const appended = conversationRow.names('appended')
/** A change of any of them is no mere append. */
const lockedColumns = conversationRow.names('locked')
const headAppends = conversationRow.rows(['id', 'person_id', ...appended], { seen: 'bigint' })

function toAppend({ before, after }: Step) {
  return { ...after, seen: before.seq }
}

/** The lease of an answer (`x` as it will be, `c` as it is): taken as it begins, held by checkpoints. */
function leaseOf(sql: AnySql) {
  return sql`
    case when x.reply_id is null then null
      when x.reply_id is distinct from c.reply_id then ${leaseEnd(sql)}
      else c.reply_until end`
}

const changing = conversationRow.names('locked', 'appended')
const headUpdates = conversationRow.rows(['id', ...changing])

function updateHeads(sql: AnySql, rows: ConversationRow[]) {
  return sql`
    update conversations c set ${sql.unsafe(assignments(changing))}, reply_until = ${leaseOf(sql)}
    from ${headUpdates.of(sql, rows)} where c.id = x.id`
}

const messageInserts = messageRow.rows(messageRow.names('created', 'both'))

function insertMessages(sql: AnySql, messages: StoredMessage[]) {
  const list = sql.unsafe(messageInserts.list)
  return sql`insert into messages (${list}) select ${list} from ${messageInserts.of(sql, messages.map(toMessageRow))}`
}

const revised = messageRow.names('revised', 'both')
const messageUpdates = messageRow.rows(['id', ...revised])

function updateMessages(sql: AnySql, messages: StoredMessage[]) {
  return sql`
    update messages m set ${sql.unsafe(assignments(revised))}
    from ${messageUpdates.of(sql, messages.map(toMessageRow))} where m.id = x.id`
}

const eventInserts = unnestRows({
  conversation_id: 'uuid',
  seq: 'bigint',
  event: 'text',
  payload: 'json',
  sender_id: 'uuid',
  key: 'text',
  fingerprint: 'text',
})

function insertEvents(sql: AnySql, events: StoredEvent[]) {
  const list = sql.unsafe(eventInserts.list)
  return sql`insert into events (${list}) select ${list} from ${eventInserts.of(sql, events)}`
}
