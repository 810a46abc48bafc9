import type { AnySql, Database, TransactionSql } from '../engine/transaction.ts'
import type { StoredEvent } from '../realtime/events.ts'

export type ConsumerStorage = ReturnType<typeof consumerStorage>

/** Events of the log behind the place of some consumers. */
export interface LogBatch {
  /** The consumers that stand there. */
  names: string[]
  /** The last transaction that they have read, and the last that is in here. */
  from: string
  until: string
  /** In the order of their transactions, each conversation's ascending. */
  events: StoredEvent[]
}

/** Events handed over together; the last transaction among them is never cut. */
const maxBatch = 500
const renumberMs = 60_000

/**
 * How far consumers have read the log of all conversations. Events are ordered by their transaction, and one is read once
 * every transaction begun before it has ended: so none is passed over that commits late.
 */
export function consumerStorage({ sql, withDeadline, transaction }: Database) {
  /** The consumers that have something to read, and their places, the one furthest behind first: mostly there are none. */
  function findBehind(names: readonly string[]) {
    return withDeadline(sql<{ name: string; read_to: string }[]>`
      select name, read_to::text from consumers where name = any(${[...names]}::text[]) and exists (
        select 1 from events where tx > read_to and tx < pg_snapshot_xmin(pg_current_snapshot()))
      order by consumers.read_to`)
  }

  /** Moves those on that still stand where the batch begins, and that no other node is moving. @returns whom it moved */
  function moveOn(sql: AnySql, { from, until }: LogBatch, names: readonly string[]) {
    return sql<{ name: string }[]>`
      update consumers set read_to = ${until}::xid8, updated_at = now() where name in (
        select name from consumers where name = any(${[...names]}::text[]) and read_to = ${from}::xid8
        for update skip locked)
      returning name`
  }

  return {
    /** One that is new begins with what is committed from now on. */
    async register(name: string): Promise<void> {
      await withDeadline(sql`
        insert into consumers (name, read_to) values (${name}, pg_current_xact_id()) on conflict do nothing`)
    },

    /**
     * The next events of these names for those of the consumers that are furthest behind: read once for all that stand at the
     * same place. They are as old as to change no more. Null where nobody has anything to read.
     */
    async nextBatch(names: readonly string[], events: readonly string[]): Promise<LogBatch | null> {
      const behind = await findBehind(names)
      const from = behind[0]?.read_to
      if (from === undefined) return null
      // Up to where the next ones stand: from there on it is read for them together.
      const others = behind.find(({ read_to }) => read_to !== from)?.read_to ?? null
      const rows = await withDeadline(sql<(StoredEvent & { until: string | null })[]>`
        with ending as (
          select case when count(*) < ${maxBatch} then coalesce(${others}::xid8, max(tx)) else max(tx) end as tx from (
            select tx from events where tx > ${from}::xid8 and tx < pg_snapshot_xmin(pg_current_snapshot())
              and (${others}::xid8 is null or tx <= ${others}::xid8)
            order by tx limit ${maxBatch}) next)
        select ending.tx::text as until, conversation_id, seq, event, payload, sender_id, key, fingerprint
        from ending left join events e
          on e.tx > ${from}::xid8 and e.tx <= ending.tx and e.event = any(${[...events]}::text[])
        order by e.tx, conversation_id, seq`)
      const until = rows[0]?.until
      if (!until) return null
      return {
        names: behind.filter(({ read_to }) => read_to === from).map(({ name }) => name),
        from,
        until,
        events: rows.filter(({ seq }) => seq !== null).map(({ until: _, ...event }) => event),
      }
    },

    /**
     * Hands events of a batch to `consume`, in a transaction with how far the consumer has read: what it writes there is
     * written exactly once. One node at a time.
     * @returns false where another node has read them, or is about to
     */
    consume(
      batch: LogBatch,
      name: string,
      consume: (sql: TransactionSql) => Promise<void>,
    ): Promise<boolean> {
      return transaction(async inner => {
        const moved = await moveOn(inner, batch, [name])
        if (moved.length === 0) return false
        await consume(inner)
        return true
      })
    },

    /** For consumers to whom none of the batch matters. @returns those that stood there */
    async pass(batch: LogBatch, names: readonly string[]): Promise<string[]> {
      const moved = await withDeadline(moveOn(sql, batch, names))
      return moved.map(({ name }) => name)
    },

    /**
     * Numbers anew what another database server numbered, whose log was put back here: what some consumer has not read yet
     * counts as committed now, the rest as read. To be called before anything is written.
     */
    async renumber(): Promise<void> {
      if (!(await withDeadline(findForeign(sql)))) return
      await transaction(async inner => {
        await inner`lock table consumers in exclusive mode`
        const oldest = await findForeign(inner)
        if (!oldest) return
        await inner`
          update events set tx = case when tx > ${oldest}::xid8 then pg_current_xact_id() end
          where tx > ${oldest}::xid8 or tx >= ${nextTransaction(inner)}`
        await inner`
          update consumers set read_to = (pg_snapshot_xmin(pg_current_snapshot())::text::bigint - 1)::text::xid8`
      }, renumberMs)
    },
  }
}

function nextTransaction(sql: AnySql) {
  return sql`pg_snapshot_xmax(pg_current_snapshot())`
}

/** How far the last consumer has read, where there are numbers that this server has not come to. */
async function findForeign(sql: AnySql): Promise<string | null> {
  const [row] = await sql<{ oldest: string | null }[]>`
    select min(read_to)::text as oldest from consumers
    having greatest(max(read_to), (select max(tx) from events)) >= ${nextTransaction(sql)}`
  return row?.oldest ?? null
}
