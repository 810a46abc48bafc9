import type { Database, TransactionSql } from '../engine/transaction.ts'
import { recordAudit } from './audit.ts'

/** Days that each kind of data is kept; null: until somebody removes it. */
export interface Retention {
  conversations: number | null
  mail: number | null
  audit: number | null
}

/** Rows of a kind that retention removes in one transaction: others wait for no longer than that. */
const batchRows = 200
/** Any number, the same for every node: one of them does the removing. */
const retentionLock = 7_230_419

/** Data that is only kept for some days. */
export function retentionStorage(database: Database) {
  return {
    /**
     * Removes what is older than it may be; when another node is at it, nothing.
     * @returns how many rows of each kind
     */
    async retain(days: Retention): Promise<Record<keyof Retention, number>> {
      const removed = { conversations: 0, mail: 0, audit: 0 }
      for (const kind of Object.keys(removed) as (keyof Retention)[]) {
        const limit = days[kind]
        if (limit === null) continue
        for (let count = batchRows; count === batchRows; removed[kind] += count)
          count = await database.transaction(inner => removeOlder(inner, kind, limit), 30_000)
      }
      if (Object.values(removed).some(count => count > 0)) database.erased()
      return removed
    },
  }
}

async function removeOlder(sql: TransactionSql, kind: keyof Retention, days: number): Promise<number> {
  const [lock] = await sql<{ taken: boolean }[]>`select pg_try_advisory_xact_lock(${retentionLock}) as taken`
  if (!lock!.taken) return 0
  const old = sql`now() - make_interval(days => ${days})`
  if (kind === 'audit') {
    await sql`set local parley.retention = 'on'`
    const rows = await sql`
      delete from audit where id in (select id from audit where at < ${old} order by at limit ${batchRows}) returning 1`
    return rows.length
  }
  if (kind === 'mail') {
    const rows = await sql`
      delete from outbox where id in (
        select id from outbox where created_at < ${old} and status <> 'queued' limit ${batchRows}) returning 1`
    return rows.length
  }
  const rows = await sql<{ person_id: string }[]>`
    delete from conversations where id in (
      select id from conversations
      where coalesce(last_message_at, created_at) < ${old} and mode = 'ai' and reply_id is null
      order by changed_about limit ${batchRows} for update skip locked)
    returning person_id`
  if (rows.length > 0) {
    await sql`
      delete from people p where role = 'visitor' and id = any(${rows.map(row => row.person_id)}::uuid[])
        and not exists (select 1 from conversations c where c.person_id = p.id)`
    await sql`
      delete from consents where person_id = any(${rows.map(row => row.person_id)}::uuid[])
        and not exists (select 1 from people where id = person_id)`
    await recordAudit(sql, {
      actor: { id: null, role: 'server', address: null, request_id: null },
      scope: 'privacy',
      action: 'privacy:retention',
      after: { conversations: rows.length, days },
    })
  }
  return rows.length
}
