import type { AnySql, Database } from '../engine/transaction.ts'
import { unnestRows } from '../engine/unnest.ts'

/** Seconds an answer stays its node's without a sign of life (checkpoint). */
export const replyLeaseSeconds = 5
/** Seconds a node's own lease lasts: shorter than any it judges by, so that who could not renew theirs cannot have kept its own. */
const nodeLeaseSeconds = 3
/** Nobody waits any more for an answer that lay longer than this without a node. */
const releasedSeconds = 60

export interface LeasedReply {
  conversation_id: string
  message_id: string
}

export type LeaseStorage = ReturnType<typeof leaseStorage>

/** Which node writes an answer: the one that holds its lease (law R4). It is taken as the answer begins. */
export function leaseStorage({ kind, sql, withDeadline }: Database, nodeId: string) {
  /** A sign of life of this node. @returns the how many-th; fewer than before means that the database was put back */
  async function beat(): Promise<number> {
    const [row] = await withDeadline(sql<{ beats: number }[]>`
      insert into node_leases as l (node_id, beats, since, until)
      values (${nodeId}, 1, now(), now() + make_interval(secs => ${nodeLeaseSeconds}))
      on conflict (node_id) do update set beats = l.beats + 1, until = excluded.until,
        since = case when ${isValid(sql)} then l.since else excluded.since end
      returning beats`)
    return row!.beats
  }

  /** This node ends, and so do the leases of nodes that have not been there for a day. */
  async function leave(): Promise<void> {
    await withDeadline(sql`
      delete from node_leases where node_id = ${nodeId} or until < now() - make_interval(days => 1)`)
  }

  /** Law R1: what is written so far, for many answers in one statement. Returns those that are still being written. */
  async function checkpoint(texts: (LeasedReply & { content: string })[]): Promise<string[]> {
    const rows = await withDeadline(sql<{ id: string }[]>`
      -- In the order of the journal's lock: otherwise the two wait for each other.
      with locked as (
        select c.id, x.message_id, x.content
        from ${checkpointRows.of(sql, texts)} join conversations c on c.id = x.conversation_id and c.reply_id = x.message_id
        order by c.id for no key update of c),
      held as (
        update conversations c set reply_until = ${leaseEnd(sql)}
        from locked where c.id = locked.id
        returning locked.message_id, locked.content)
      update messages m set content = held.content from held
      where m.id = held.message_id and m.status = 'streaming' returning m.id`)
    return rows.map(row => row.id)
  }

  /** Answers whose node gave no sign of life for longer than the lease, while this one could have seen it. */
  async function abandoned(limit: number): Promise<LeasedReply[]> {
    return withDeadline(sql<LeasedReply[]>`
      select id as conversation_id, reply_id as message_id from conversations
      where reply_id is not null and reply_until < now() and ${mayJudge(sql, kind === 'embedded' ? null : nodeId, replyLeaseSeconds)}
      order by reply_until limit ${limit}`)
  }

  /** Gives answers away: whoever takes them next writes them on. */
  async function release(messageIds: string[]): Promise<void> {
    await withDeadline(sql`
      update conversations set reply_until = now(), reply_released_at = now()
      where reply_id = any(${messageIds}::uuid[])`)
  }

  /** Takes the lease of answers that were given away just now. */
  async function adoptReleased(limit: number): Promise<LeasedReply[]> {
    return withDeadline(sql<LeasedReply[]>`
      update conversations set reply_until = ${leaseEnd(sql)}
      where id in (
        select id from conversations
        where reply_id is not null and reply_until = reply_released_at
          and reply_released_at > now() - make_interval(secs => ${releasedSeconds})
        limit ${limit} for no key update skip locked)
      returning id as conversation_id, reply_id as message_id`)
  }

  return { beat, leave, checkpoint, abandoned, release, adoptReleased }
}

/** Whether the lease `l` of a node is in force: not run out, and not made under a clock that was set back since. */
function isValid(sql: AnySql) {
  return sql`l.until between now() and now() + make_interval(secs => ${nodeLeaseSeconds})`
}

/**
 * Whether a node may judge by leases of so many seconds: it was in touch with the database for as long. After an outage, a
 * stalled process or a jump of the clock everybody's have run out, and those who are alive need the time to renew them.
 * @param nodeId null for one that is alone: whose leases it finds is dead
 */
export function mayJudge(sql: AnySql, nodeId: string | null, seconds: number) {
  if (nodeId === null) return sql`true`
  return sql`exists (
    select from node_leases l where l.node_id = ${nodeId} and ${isValid(sql)}
      and l.since <= now() - make_interval(secs => ${seconds}))`
}

export function leaseEnd(sql: AnySql) {
  return sql`now() + make_interval(secs => ${replyLeaseSeconds})`
}

const checkpointRows = unnestRows({ message_id: 'uuid', conversation_id: 'uuid', content: 'text' })
