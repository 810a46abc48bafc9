import { relation } from './relation.ts'
import type { AnySql, Database } from './transaction.ts'

/** Seconds an answer stays its node's without a sign of life (checkpoint). */
export const replyLeaseSeconds = 5
/** Nobody waits any more for an answer that lay longer than this without a node. */
const releasedSeconds = 60

export interface LeasedReply {
  conversation_id: string
  message_id: string
}

export type LeaseStorage = ReturnType<typeof leaseStorage>

/** Which node writes an answer: the one that holds its lease (law R4). It is taken as the answer begins. */
export function leaseStorage({ sql, within }: Database) {
  /** Law R1: what is written so far, for many answers in one statement. Returns those that are still being written. */
  async function checkpoint(texts: (LeasedReply & { content: string })[]): Promise<string[]> {
    const rows = await within(sql<{ id: string }[]>`
      -- In the order of the journal's lock: otherwise the two wait for each other.
      with locked as (
        select c.id, x.message_id, x.content
        from ${given.of(sql, texts)} join conversations c on c.id = x.conversation_id and c.reply_id = x.message_id
        order by c.id for update of c),
      held as (
        update conversations c set reply_until = ${leaseEnd(sql)}
        from locked where c.id = locked.id
        returning locked.message_id, locked.content)
      update messages m set content = held.content from held
      where m.id = held.message_id and m.status = 'streaming' returning m.id`)
    return rows.map(row => row.id)
  }

  /** Answers whose node gave no sign of life for longer than the lease. */
  async function abandoned(limit: number): Promise<LeasedReply[]> {
    return within(sql<LeasedReply[]>`
      select id as conversation_id, reply_id as message_id from conversations
      where reply_id is not null and reply_until < now() order by reply_until limit ${limit}`)
  }

  /** Gives answers away: whoever takes them next writes them on. */
  async function release(messageIds: string[]): Promise<void> {
    await within(sql`
      update conversations set reply_until = now(), reply_released_at = now()
      where reply_id = any(${messageIds}::uuid[])`)
  }

  /** Takes the lease of answers that were given away just now. */
  async function takeReleased(limit: number): Promise<LeasedReply[]> {
    return within(sql<LeasedReply[]>`
      update conversations set reply_until = ${leaseEnd(sql)}
      where id in (
        select id from conversations
        where reply_id is not null and reply_until = reply_released_at
          and reply_released_at > now() - make_interval(secs => ${releasedSeconds})
        limit ${limit} for update skip locked)
      returning id as conversation_id, reply_id as message_id`)
  }

  return { checkpoint, abandoned, release, takeReleased }
}

export function leaseEnd(sql: AnySql) {
  return sql`now() + make_interval(secs => ${replyLeaseSeconds})`
}

const given = relation({ message_id: 'uuid', conversation_id: 'uuid', content: 'text' })
