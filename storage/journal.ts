import { type AuditEntry, recordAudit } from './audit.ts'
import {
  conversationRow,
  type Head,
  type MessageRow,
  messageRow,
  type StoredEvent,
  type StoredMessage,
  toMessage,
  toMessageRow,
} from './conversation.ts'
import { assignments } from './engine/columns.ts'
import { lastHandoffs, lockPending, type StoredHandoff, writeHandoffs } from './handoff.ts'
import { leaseEnd } from './leases.ts'
import { relation } from './relation.ts'
import type { AnySql, Database, TransactionSql } from './transaction.ts'
import { attachUploads, lockUploads, type StoredUpload } from './uploads.ts'

/** Law D2: what was written under a key before. */
export type UsedKey = Pick<StoredEvent, 'conversation_id' | 'sender_id' | 'key' | 'fingerprint' | 'payload'>

export interface WriteNeeds {
  conversationIds: string[]
  messageIds: string[]
  keys: { conversation_id: string; sender_id: string; key: string }[]
  /** Conversations of which the handoff and the answer being written are needed. */
  handoffIds: string[]
  /** Conversations whose visitors may take a place in the queue: nobody else gives the same visitor one meanwhile. */
  queueIds: string[]
  uploadIds: string[]
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
  /** By person: a handoff in which they wait. */
  pending: Map<string, StoredHandoff>
  uploads: Map<string, StoredUpload>
}

export interface Written {
  heads: Head[]
  inserted: StoredMessage[]
  updated: StoredMessage[]
  events: StoredEvent[]
  handoffs: StoredHandoff[]
  /** Law S5: part of the same transaction. */
  audits: AuditEntry[]
  /** Those that are attached to a message now. */
  uploads: StoredUpload[]
}

/** A conversation's row as it was when a change was decided, and as it is to be. */
export interface Step {
  before: Head
  after: Head
}

export type JournalStorage = ReturnType<typeof journalStorage>

/** How durable changes are committed (laws D1, D2, D3). */
export function journalStorage({ sql, within, transaction }: Database) {
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
        writeHandoffs(inner, written.handoffs),
        ...written.audits.map(entry => recordAudit(inner, entry)),
        ...attachUploads(inner, written.uploads),
      ])
      return written
    }, deadlineMs)
  }

  /**
   * Commits what was decided without a lock, from rows this node had seen: one statement, one round trip. A conversation
   * that anybody changed since (its seq is another) is left as it is, and nothing of it is written. Of a conversation's row
   * only what says where its log ends is written (`isAppend`).
   * @returns the ids of the conversations that were as expected
   * @throws the driver's error 23505 when a key was used before; then nothing is written
   */
  async function advance(
    steps: Step[],
    { inserted, updated, events }: Pick<Written, 'inserted' | 'updated' | 'events'>,
    deadlineMs?: number,
  ): Promise<Set<string>> {
    const rows = await within(
      sql<{ id: string }[]>`
        -- In one order everywhere, so that two nodes cannot wait for each other.
        with locked as (
          select x.* from ${headAppends.of(sql, steps.map(toAppend))} join conversations c on c.id = x.id
          order by c.id for update of c),
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

  return { write, advance, isAppend }
}

/** Nothing but a longer log: what else a change may write is written under the lock. */
export function isAppend(steps: Step[], { inserted, updated, handoffs, audits }: Written): boolean {
  const fresh = new Set(inserted.map(({ id }) => id))
  return (
    handoffs.length + audits.length === 0 &&
    !updated.some(({ id }) => fresh.has(id)) &&
    steps.every(({ before, after }) => lockedColumns.every(name => before[name] === after[name]))
  )
}

async function lock(sql: TransactionSql, needs: WriteNeeds): Promise<Locked> {
  // In one order everywhere, so that two nodes cannot wait for each other; the later statements see what the lock settled.
  const [heads, messages, used, handoffs, replies, pending, uploads] = await Promise.all([
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
    needs.queueIds.length > 0 ? lockPending(sql, needs.queueIds) : [],
    needs.uploadIds.length > 0 ? lockUploads(sql, needs.uploadIds) : [],
  ])
  return {
    at: heads[0]?.at ?? '',
    heads: new Map(heads.map(({ at: _at, ...head }) => [head.id, head])),
    messages: new Map([...messages, ...replies].map(row => [row.id, toMessage(row)])),
    used: [...used],
    handoffs: new Map(handoffs.map(row => [row.conversation_id!, row])),
    pending: new Map(pending.map(({ person_id, ...row }) => [person_id, row])),
    uploads: new Map(uploads.map(row => [row.id, row])),
  }
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

function updateHeads(sql: AnySql, rows: Head[]) {
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

const tellings = relation({
  conversation_id: 'uuid',
  seq: 'bigint',
  event: 'text',
  payload: 'json',
  sender_id: 'uuid',
  key: 'text',
  fingerprint: 'text',
})

function insertEvents(sql: AnySql, events: StoredEvent[]) {
  const list = sql.unsafe(tellings.list)
  return sql`insert into events (${list}) select ${list} from ${tellings.of(sql, events)}`
}
