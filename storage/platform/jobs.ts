import type { Database, Sql, TransactionSql } from '../engine/transaction.ts'
import { type AuditEntry, recordAudit } from '../identity/audit.ts'
import { mayJudge } from '../realtime/leases.ts'

export interface JobRow {
  id: string
  kind: string
  /** What it works on, e.g. a document's id. */
  subject: string | null
  status: 'queued' | 'running' | 'done' | 'error'
  progress: number
  error: string | null
  attempt: number
  created_at: string
  updated_at: string
}

export type JobStorage = ReturnType<typeof jobStorage>

const leaseS = 30
/** A job that was taken this often and never ended takes its process down: it is not tried again. */
const attemptsMax = 5
const retentionDays = 7

/** Work that survives its process: queued in the transaction that makes it necessary, taken under a lease, taken again when the lease ran out. @param nodeId null for one that is alone */
export function jobStorage(database: Database, nodeId: string | null = null) {
  return { ...jobQueue(database), ...jobLeases(database, nodeId) }
}

/** For those who need work done, and those who look at it. */
function jobQueue({ sql, withDeadline, transaction }: Database) {
  const columns = jobColumns(sql)

  return {
    /** Within the caller's transaction, so that the job is there if and only if its cause is. */
    async enqueue(
      transaction: TransactionSql,
      job: { id: string; kind: string; subject?: string },
    ): Promise<void> {
      await transaction`
        insert into jobs (id, kind, subject) values (${job.id}, ${job.kind}, ${job.subject ?? null})`
    },

    /** Queues a job unless one of its kind waits already, with what the audit log says where somebody asked for it. @returns the id of the one that will run */
    enqueueOnce(job: { id: string; kind: string }, audit?: AuditEntry): Promise<string> {
      return transaction(async inner => {
        if (audit) await recordAudit(inner, audit)
        const [waiting] = await inner<{ id: string }[]>`
          select id from jobs where kind = ${job.kind} and status = 'queued' limit 1`
        if (waiting) return waiting.id
        await inner`insert into jobs (id, kind) values (${job.id}, ${job.kind})`
        return job.id
      })
    },

    /** Of these kinds the job at work or next in line, else the one that ended last. */
    async current(kinds: string[]): Promise<JobRow | null> {
      const [row] = await withDeadline(sql<JobRow[]>`
        select ${columns} from jobs where kind = any(${kinds}::text[])
        order by status = 'running' desc, status = 'queued' desc,
          case when status in ('running', 'queued') then created_at end, updated_at desc, id desc limit 1`)
      return row ?? null
    },

    /** How many could be taken now. */
    async waiting(): Promise<number> {
      const [row] = await withDeadline(sql<{ count: number }[]>`
        select count(*) from jobs
        where (status = 'queued' and run_after <= now()) or (status = 'running' and lease_until < now())`)
      return row!.count
    },
  }
}

/** For those who do it. */
function jobLeases({ sql, withDeadline, transaction }: Database, nodeId: string | null) {
  const columns = jobColumns(sql)

  return {
    /** The oldest job of these kinds that may run now, held for 30 s from here on; several takers never get the same. */
    claim(kinds: string[]): Promise<JobRow | null> {
      return transaction(async inner => {
        await inner`
          update jobs set status = 'error', error = 'Given up: it was interrupted each time it was tried.',
            lease_until = null, updated_at = now()
          where status = 'running' and lease_until < now() and attempt >= ${attemptsMax}
            and ${mayJudge(inner, nodeId, leaseS)}`
        const [row] = await inner<JobRow[]>`
          update jobs set status = 'running', attempt = attempt + 1, updated_at = now(),
            lease_until = now() + make_interval(secs => ${leaseS})
          where id = (
            select id from jobs
            where kind = any(${kinds}::text[]) and ((status = 'queued' and run_after <= now())
              or (status = 'running' and lease_until < now() and ${mayJudge(inner, nodeId, leaseS)}))
            order by created_at, id limit 1 for update skip locked)
          returning ${columns}`
        return row ?? null
      })
    },

    /** Records how far it is and holds it for another 30 s. @returns null when it was taken by another meanwhile */
    async advance(job: JobRow, progress: number): Promise<JobRow | null> {
      const [row] = await withDeadline(sql<JobRow[]>`
        update jobs set progress = ${progress}, updated_at = now(),
          lease_until = now() + make_interval(secs => ${leaseS})
        where id = ${job.id} and attempt = ${job.attempt} and status = 'running' returning ${columns}`)
      return row ?? null
    },

    /** Ends it, with what went wrong in words if something did; with `retryMs` it is queued again instead. */
    async end(job: JobRow, error: string | null, retryMs?: number): Promise<JobRow | null> {
      const [row] = await withDeadline(sql<JobRow[]>`
        update jobs set error = ${error}, lease_until = null, updated_at = now(),
          status = ${retryMs === undefined ? (error === null ? 'done' : 'error') : 'queued'},
          run_after = now() + make_interval(secs => ${(retryMs ?? 0) / 1000}),
          progress = case when ${error === null && retryMs === undefined} then 1 else progress end
        where id = ${job.id} and attempt = ${job.attempt} and status = 'running' returning ${columns}`)
      return row ?? null
    },

    /** Gives it back unfinished, to be taken at once: this process is stopping. */
    async release(job: JobRow): Promise<void> {
      await withDeadline(sql`
        update jobs set status = 'queued', lease_until = null, attempt = attempt - 1, updated_at = now()
        where id = ${job.id} and attempt = ${job.attempt} and status = 'running'`)
    },

    /** How many ms until the next queued job of these kinds may run or lease runs out; null when there is none. */
    async nextInMs(kinds: string[]): Promise<number | null> {
      const [row] = await withDeadline(sql<{ ms: number | null }[]>`
        select extract(epoch from min(case status when 'queued' then run_after else lease_until end) - now())::float8
          * 1000 as ms from jobs where status in ('queued', 'running') and kind = any(${kinds}::text[])`)
      return row?.ms == null ? null : Math.max(0, row.ms)
    },

    async prune(): Promise<void> {
      await withDeadline(sql`
        delete from jobs where status in ('done', 'error') and updated_at < now() - make_interval(days => ${retentionDays})`)
    },
  }
}

function jobColumns(sql: Sql) {
  return sql`id, kind, subject, status, progress, error, attempt, created_at, updated_at`
}
