import type { AnySql, Database, TransactionSql } from '../engine/transaction.ts'
import { containing, where } from '../engine/where.ts'
import { type NewMail, queueMail } from '../platform/outbox.ts'
import { type Actor, recordAudit } from './audit.ts'
import { type NewCode, storeCode } from './codes.ts'
import { endSessions, revokeTokens } from './revocations.ts'

export type AccountRole = 'user' | 'agent' | 'admin' | 'super_admin'

export interface AccountRow {
  id: string
  role: AccountRole
  username: string | null
  email: string | null
  name: string | null
  is_active: boolean
  disabled_reason: string | null
  created_at: string
  updated_at: string
  last_sign_in_at: string | null
  second_factor: boolean
}

/** What somebody has talked about, and what the answers cost. */
export interface AccountStatistics {
  total_conversations: number
  total_messages: number
  total_tokens: number
  /** In `currency`, that of most of the money. */
  total_cost: number
  currency: string | null
}

export interface NewAccount {
  id: string
  role: AccountRole
  username: string
  email: string
  name: string | null
  password_hash: string | null
}

/** A code that sets the first password, and the mail that brings it. */
export interface Invitation {
  code: NewCode & { email_hash: Buffer }
  mail: NewMail
  status: 'queued' | 'kept'
}

export type AccountFields = Partial<Pick<AccountRow, 'username' | 'email' | 'name' | 'role'>>

export interface AccountFilter {
  search?: string
  role?: AccountRole
  is_active?: boolean
  page: number
  page_size: number
}

/** `last`: it would leave no active super_admin. */
export type ChangeOutcome = AccountRow | 'unknown' | 'taken' | 'last'

export type PeopleStorage = ReturnType<typeof peopleStorage>

/** Accounts: as they are shown, and as they are made and changed. */
export function peopleStorage(database: Database) {
  return { ...accountReader(database), ...accountWriter(database) }
}

function accountReader({ sql, withDeadline }: Database) {
  const columns = accountColumns(sql)

  return {
    async find(id: string): Promise<AccountRow | null> {
      const [row] = await withDeadline(
        sql<AccountRow[]>`select ${columns} from people where id = ${id} and role <> 'visitor'`,
      )
      return row ?? null
    },

    async list(filter: AccountFilter): Promise<{ items: AccountRow[]; total: number }> {
      const pattern = containing((filter.search ?? '').trim())
      const chosen = where(sql, [
        sql`role <> 'visitor'`,
        filter.role && sql`role = ${filter.role}`,
        filter.is_active !== undefined && sql`active = ${filter.is_active}`,
        sql`(username ilike ${pattern} or email ilike ${pattern} or name ilike ${pattern})`,
      ])
      const [items, [count]] = await withDeadline(
        Promise.all([
          sql<AccountRow[]>`
            select ${columns} from people ${chosen} order by created_at desc, id desc
            limit ${filter.page_size} offset ${(filter.page - 1) * filter.page_size}`,
          sql<{ total: number }[]>`select count(*) as total from people ${chosen}`,
        ]),
      )
      return { items: [...items], total: count!.total }
    },

    /** By person, for those who are given. */
    async statistics(ids: string[]): Promise<Map<string, AccountStatistics>> {
      const rows = await withDeadline(sql<({ id: string } & AccountStatistics)[]>`
        select p.id, c.total_conversations, c.total_messages, u.total_tokens,
          coalesce(most.cost, 0)::float8 as total_cost, most.currency
        from unnest(${ids}::uuid[]) as p (id)
        cross join lateral (
          select count(*) as total_conversations, coalesce(sum(message_count), 0)::bigint as total_messages
          from conversations where person_id = p.id) c
        cross join lateral (
          select coalesce(sum(prompt_tokens + completion_tokens), 0)::bigint as total_tokens
          from usage where person_id = p.id) u
        left join lateral (
          select currency, sum(cost) as cost from usage
          where person_id = p.id and currency is not null
          group by currency order by 2 desc, 1 limit 1) most on true`)
      return new Map(rows.map(({ id, ...statistics }) => [id, statistics]))
    },

    async counts(): Promise<{ role: AccountRole; is_active: boolean; count: number }[]> {
      return withDeadline(sql<{ role: AccountRole; is_active: boolean; count: number }[]>`
        select role, active as is_active, count(*) as count from people where role <> 'visitor' group by role, active`)
    },
  }
}

function accountWriter({ sql, transaction }: Database) {
  const columns = accountColumns(sql)

  /**
   * Changes one account under its lock. `allowed` sees it as it is and throws to refuse.
   * What takes the last active super_admin away is refused here, where two of them at once cannot slip through.
   */
  function change(
    id: string,
    allowed: (account: AccountRow) => void,
    work: (inner: TransactionSql, account: AccountRow) => Promise<AccountRow>,
  ): Promise<ChangeOutcome> {
    return transaction(async inner => {
      await inner`select id from people where role = 'super_admin' order by id for update`
      const before = await lockAccount(inner, id)
      if (!before) return 'unknown'
      allowed(before)
      const after = await work(inner, before)
      const [left] = await inner`select 1 from people where role = 'super_admin' and active limit 1`
      if (!left) throw new LastSuperAdmin()
      return after
    }).catch(error => {
      if (error instanceof LastSuperAdmin) return 'last'
      if ((error as { code?: string }).code === uniqueViolation) return 'taken'
      throw error
    })
  }

  return {
    /** @returns null when the user name or the address is somebody's already */
    create(account: NewAccount, invited: Invitation | null, actor: Actor): Promise<AccountRow | null> {
      return transaction(async inner => {
        const [row] = await inner<AccountRow[]>`
          insert into people ${inner({ ...account, email_verified: true })} on conflict do nothing returning ${columns}`
        if (!row) return null
        if (invited) {
          await storeCode(inner, { ...invited.code, asker_id: null })
          await queueMail(inner, { ...invited.mail, person_id: row.id }, invited.status)
        }
        await recordAudit(inner, {
          actor,
          scope: 'people',
          action: 'people:create',
          subject: row.id,
          after: auditFields(row),
        })
        return row
      })
    },

    /** A new role ends the access tokens of the old one. */
    update(
      { id, fields, actor }: { id: string; fields: AccountFields; actor: Actor },
      allowed: (account: AccountRow) => void,
    ): Promise<ChangeOutcome> {
      return change(id, allowed, async (inner, before) => {
        const [after] = await inner<AccountRow[]>`
          update people set username = ${fields.username ?? before.username}, email = ${fields.email ?? before.email},
            name = ${fields.name === undefined ? before.name : fields.name}, role = ${fields.role ?? before.role},
            email_verified = email_verified or ${fields.email !== undefined}, updated_at = now()
          where id = ${id} returning ${columns}`
        if (after!.role !== before.role) await revokeTokens(inner, id)
        await recordAudit(inner, {
          actor,
          scope: 'people',
          action: 'people:update',
          subject: id,
          before: auditFields(before),
          // A name stays out of the log, not that it was changed.
          after: { ...auditFields(after!), changed: Object.keys(fields) },
        })
        return after!
      })
    },

    /** Disabling signs the person out everywhere. */
    setStatus(
      { id, active, reason, actor }: { id: string; active: boolean; reason: string | null; actor: Actor },
      allowed: (account: AccountRow) => void,
    ): Promise<ChangeOutcome> {
      return change(id, allowed, async (inner, before) => {
        const [after] = await inner<AccountRow[]>`
          update people set active = ${active}, disabled_reason = ${active ? null : reason}, updated_at = now()
          where id = ${id} returning ${columns}`
        if (!active) await endSessions(inner, id)
        await recordAudit(inner, {
          actor,
          scope: 'people',
          action: 'people:set_status',
          subject: id,
          before: auditFields(before),
          after: { ...auditFields(after!), reason },
        })
        return after!
      })
    },
  }
}

async function lockAccount(inner: TransactionSql, id: string): Promise<AccountRow | undefined> {
  const [row] = await inner<AccountRow[]>`
    select ${accountColumns(inner)} from people where id = ${id} and role <> 'visitor' for update`
  return row
}

function accountColumns(sql: AnySql) {
  return sql`id, role, username, email, name, active as is_active, disabled_reason, created_at, updated_at,
    last_sign_in_at, exists (select 1 from second_factors f where f.person_id = people.id and f.confirmed) as second_factor`
}

class LastSuperAdmin extends Error {}

const uniqueViolation = '23505'

/** What the audit log keeps of an account: it outlives the person. */
function auditFields({ role, username, email, is_active }: AccountRow) {
  return { role, username: masked(username), email: masked(email), is_active }
}

/** `owner@shop.example` -> `o***@shop.example`, `owner` -> `o***` */
function masked(text: string | null): string | null {
  return text?.replace(/^(.)[^@]*/u, '$1***') ?? null
}
