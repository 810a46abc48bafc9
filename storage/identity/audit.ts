import { v7 } from 'uuid'
import type { AuditScope } from '#protocol/identity/audit'
import type { Participant } from '../engine/participant.ts'
import type { Database, TransactionSql } from '../engine/transaction.ts'
import { where } from '../engine/where.ts'

/** Who did it, and from where. */
export interface Actor {
  /** Null for the server itself, and for people who are not known. */
  id: string | null
  role: string
  address: string | null
  request_id: string | null
}

/** What they did. `before` and `after` hold ids, numbers and states: no message text, e-mail addresses masked. */
export interface AuditEntry {
  actor: Actor
  scope: AuditScope
  /** The operation, or what came of it: `auth:login_failed`. */
  action: string
  /** The id of what it was done to. */
  subject?: string | null
  before?: unknown
  after?: unknown
}

export interface AuditRow {
  id: string
  at: string
  scope: string
  action: string
  actor_id: string | null
  actor_role: string
  address: string | null
  request_id: string | null
  subject: string | null
  before: unknown
  after: unknown
  /** As they are called today; null where nothing is left of them, or they never had a name. */
  actor_name: string | null
  subject_name: string | null
}

export interface AuditFilter {
  scope?: string
  action?: string
  /** Done by this person, or to them. */
  person_id?: string
  from?: string
  until?: string
}

/** Law S5, within the transaction of what it tells: one is there if and only if the other is. */
export async function recordAudit(sql: TransactionSql, entry: AuditEntry): Promise<void> {
  const { actor, scope, action, subject = null, before = null, after = null } = entry
  await sql`
    insert into audit (id, scope, action, actor_id, actor_role, address, request_id, subject, before, after)
    values (${v7()}, ${scope}, ${action}, ${actor.id}, ${actor.role}, ${actor.address}, ${actor.request_id}, ${subject},
      ${toJson(before)}::text::jsonb, ${toJson(after)}::text::jsonb)`
}

export const auditParticipant: Participant<never, null, AuditEntry> = {
  lock: async () => null,
  unseen: () => null,
  stage() {},
  write: (sql, entries) => Promise.all(entries.map(entry => recordAudit(sql, entry))),
}

function toJson(value: unknown): string | null {
  return value === null ? null : JSON.stringify(value)
}

const uuidPattern = '^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$'

export type AuditStorage = ReturnType<typeof auditStorage>

export function auditStorage(database: Database) {
  const { sql, withDeadline, transaction } = database

  function chosen({ scope, action, person_id, from, until }: AuditFilter, before: string | null = null) {
    return where(sql, [
      scope && sql`scope = ${scope}`,
      action && sql`action = ${action}`,
      person_id && sql`(actor_id = ${person_id}::uuid or subject = ${person_id}::text)`,
      from && sql`at >= ${from}::timestamptz`,
      until && sql`at < ${until}::timestamptz`,
      before && sql`id < ${before}`,
    ])
  }

  /** Rows of the log with the names of who and what they tell of. */
  function named(rows: ReturnType<typeof sql>) {
    const person = sql`select coalesce(name, username, email) from people where id =`
    return sql<AuditRow[]>`
      select a.*, (${person} a.actor_id) as actor_name, coalesce(
        (${person} s.id),
        (select name from teams where id = s.id),
        (select name from providers where id = s.id),
        (select name from labels where id = s.id),
        (select name from macros where id = s.id),
        (select title from documents where id = s.id),
        (select questions[1] from articles where id = s.id),
        (select question from evaluation_cases where id = s.id),
        (select '/' || shortcut from canned_replies where id = s.id)) as subject_name
      from (${rows}) a
      cross join lateral (select case when a.subject ~ ${uuidPattern} then a.subject::uuid end as id) s
      order by a.id desc`
  }

  return {
    /** For what writes nothing else: a sign-in that failed, a read that is told. */
    add: (entry: AuditEntry) => transaction(inner => recordAudit(inner, entry)),

    /** Newest first. */
    async list(filter: AuditFilter & { page: number; page_size: number }) {
      const [items, [count]] = await withDeadline(
        Promise.all([
          named(sql`
            select * from audit ${chosen(filter)} order by id desc
            limit ${filter.page_size} offset ${(filter.page - 1) * filter.page_size}`),
          sql<{ total: number }[]>`select count(*) as total from audit ${chosen(filter)}`,
        ]),
      )
      return { items: [...items], total: count!.total }
    },

    /** The `limit` rows older than the one of id `before`, newest first: for a download, piece by piece. */
    async before(filter: AuditFilter, before: string | null, limit: number): Promise<AuditRow[]> {
      return withDeadline(
        named(sql`select * from audit ${chosen(filter, before)} order by id desc limit ${limit}`),
      )
    },
  }
}
