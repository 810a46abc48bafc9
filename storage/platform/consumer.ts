import type { AnySql, Database, TransactionSql } from '../engine/transaction.ts'
import type { StoredEvent } from '../realtime/events.ts'

export type ConsumerStorage = ReturnType<typeof consumerStorage>

/** Events handed over together; the last transaction among them is never cut. */
const maxBatch = 500
const renumberMs = 60_000

/**
 * How far consumers have read the log of all conversations. Events are ordered by their transaction, and one is read once
 * every transaction begun before it has ended: so none is passed over that commits late.
 */
export function consumerStorage({ sql, withDeadline, transaction }: Database) {
  /** The transaction up to which the next batch goes; null where nothing is left to read. */
  async function findEnd(inner: TransactionSql, readTo: string): Promise<string | null> {
    const [row] = await inner<{ until: string | null }[]>`
      select max(tx)::text as until from (
        select tx from events
        where tx > ${readTo}::xid8 and tx < pg_snapshot_xmin(pg_current_snapshot())
        order by tx limit ${maxBatch}) batch`
    return row!.until
  }

  /** Whether there is anything to read, without a lock: mostly there is not. */
  async function hasNext(name: string): Promise<boolean> {
    const rows = await sql`
      select 1 from consumers where name = ${name} and exists (
        select 1 from events where tx > read_to and tx < pg_snapshot_xmin(pg_current_snapshot()))`
    return rows.length > 0
  }

  return {
    /** One that is new begins with what is committed from now on. */
    async register(name: string): Promise<void> {
      await withDeadline(sql`
        insert into consumers (name, read_to) values (${name}, pg_current_xact_id()) on conflict do nothing`)
    },

    /**
     * Hands the next events of these names to `consume`, in a transaction with how far the consumer has read: what it writes
     * there is written exactly once. One node at a time.
     * @returns whether there may be more
     */
    async consumeNext(
      name: string,
      events: readonly string[],
      consume: (sql: TransactionSql, events: StoredEvent[]) => Promise<void>,
    ): Promise<boolean> {
      if (!(await withDeadline(hasNext(name)))) return false
      return transaction(async inner => {
        const [place] = await inner<{ read_to: string }[]>`
          select read_to::text from consumers where name = ${name} for update skip locked`
        const until = place && (await findEnd(inner, place.read_to))
        if (!until) return false
        const batch = await inner<StoredEvent[]>`
          select conversation_id, seq, event, payload, sender_id, key, fingerprint from events
          where tx > ${place.read_to}::xid8 and tx <= ${until}::xid8 and event = any(${[...events]}::text[])
          order by tx, conversation_id, seq`
        if (batch.length > 0) await consume(inner, batch)
        await inner`update consumers set read_to = ${until}::xid8, updated_at = now() where name = ${name}`
        return true
      })
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
