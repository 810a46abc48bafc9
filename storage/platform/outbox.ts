import type { Database, TransactionSql } from '../engine/transaction.ts'

export interface NewMail {
  id: string
  recipient: string
  subject: string
  /** Sealed. */
  body: string
  /** It opens a staff account: administrators below super_admin may not read it. */
  staff: boolean
  /** What it is a copy of, or tells of: it goes with it. */
  conversation_id?: string
  /** Whom it concerns: it goes when they are erased. */
  person_id?: string | null
}

export interface MailRow {
  id: string
  recipient: string
  subject: string
  staff: boolean
  status: 'queued' | 'sent' | 'failed' | 'kept'
  error: string | null
  created_at: string
  updated_at: string
}

/** Within the transaction that makes it necessary. */
export async function queueMail(
  sql: TransactionSql,
  mail: NewMail,
  status: 'queued' | 'kept',
): Promise<void> {
  await sql`insert into outbox ${sql({ ...mail, status })}`
}

export type OutboxStorage = ReturnType<typeof outboxStorage>

/** Servers that ask to be tried again do so for minutes, some for an hour. */
const triesMax = 9
const longestWaitSeconds = 3600
/** While somebody sends it, nobody else does; longer than a sending may take. */
const claimSeconds = 60

export function outboxStorage(database: Database) {
  const { sql, withDeadline } = database
  const columns = sql`id, recipient, subject, staff, status, error, created_at, updated_at`

  return {
    /** The next mail to be sent, held for a minute. */
    async claim(): Promise<(MailRow & { body: string; attempts: number }) | null> {
      const [row] = await withDeadline(sql<(MailRow & { body: string; attempts: number })[]>`
        update outbox set attempts = attempts + 1, run_after = now() + make_interval(secs => ${claimSeconds})
        where id = (
          select id from outbox where status = 'queued' and run_after <= now()
          order by run_after limit 1 for update skip locked)
        returning ${columns}, body, attempts`)
      return row ?? null
    },

    /** What is sent is not kept: its text may carry a code. */
    async sent(id: string): Promise<void> {
      await withDeadline(sql`
        update outbox set status = 'sent', body = null, error = null, updated_at = now() where id = ${id}`)
    },

    /** Tried again later and later, over a few hours, unless that is in vain. @returns whether it was the last time */
    async failed(id: string, error: string, isFinal: boolean): Promise<boolean> {
      const [row] = await withDeadline(sql<{ status: string }[]>`
        update outbox set error = ${error}, updated_at = now(),
          status = case when ${isFinal} or attempts >= ${triesMax} then 'failed' else 'queued' end,
          run_after = now() + make_interval(secs => least(${longestWaitSeconds}, 5 * power(3, attempts)))
        where id = ${id} returning status`)
      return row?.status === 'failed'
    },

    /** In how many ms the next may be sent; null when none waits. */
    async nextInMs(): Promise<number | null> {
      const [row] = await withDeadline(sql<{ ms: number | null }[]>`
        select extract(epoch from min(run_after) - now())::float8 * 1000 as ms from outbox where status = 'queued'`)
      return row?.ms == null ? null : Math.max(0, row.ms)
    },

    /** What waits to be sent, and what was given up within a day. */
    async backlog(): Promise<{ queued: number; failed: number }> {
      const [row] = await withDeadline(sql<{ queued: number; failed: number }[]>`
        select (select count(*) from outbox where status = 'queued') as queued,
          (select count(*) from outbox where status = 'failed' and updated_at > now() - interval '1 day') as failed`)
      return row!
    },

    async list({ page, page_size, staff }: { page: number; page_size: number; staff: boolean }) {
      const where = sql`where ${staff} or not staff`
      const [items, [count]] = await withDeadline(
        Promise.all([
          sql<MailRow[]>`
            select ${columns} from outbox ${where} order by created_at desc, id desc
            limit ${page_size} offset ${(page - 1) * page_size}`,
          sql<{ total: number }[]>`select count(*) as total from outbox ${where}`,
        ]),
      )
      return { items: [...items], total: count!.total }
    },

    async find(id: string): Promise<(MailRow & { body: string | null }) | null> {
      const [row] = await withDeadline(
        sql<(MailRow & { body: string | null })[]>`select ${columns}, body from outbox where id = ${id}`,
      )
      return row ?? null
    },
  }
}
