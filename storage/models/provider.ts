import type { Provider } from '#protocol/models/provider'
import type { AnySql, Database } from '../engine/transaction.ts'
import { where } from '../engine/where.ts'
import { type AuditEntry, recordAudit } from '../identity/audit.ts'

/** Its row; the key is sealed. */
export type ProviderRow = Omit<Provider, 'has_key' | 'problem'> & { api_key: string | null }

export interface ProviderFilter extends Partial<Pick<Provider, 'scope' | 'provider_type' | 'is_active'>> {
  /** Those made by this person for themselves. */
  personId: string
  /** And all of the organization. */
  withOrganization: boolean
  page: number
  page_size: number
}

export type ProviderStorage = ReturnType<typeof providerStorage>

export function providerStorage(database: Database) {
  return { ...providerReads(database), ...providerChanges(database) }
}

function providerReads({ sql, withDeadline }: Database) {
  const columns = columnsOf(sql)

  async function find(id: string): Promise<ProviderRow | null> {
    const [row] = await withDeadline(sql<ProviderRow[]>`
      select ${columns} from providers p where id = ${id} and deleted_at is null`)
    return row ?? null
  }

  async function pageOf(
    chosen: ReturnType<typeof where>,
    { page, page_size }: Pick<ProviderFilter, 'page' | 'page_size'>,
  ): Promise<{ items: ProviderRow[]; total: number }> {
    const [items, [count]] = await withDeadline(
      Promise.all([
        sql<ProviderRow[]>`
          select ${columns} from providers p ${chosen}
          order by priority nulls last, created_at, id limit ${page_size} offset ${(page - 1) * page_size}`,
        sql<{ total: number }[]>`select count(*) as total from providers p ${chosen}`,
      ]),
    )
    return { items: [...items], total: count!.total }
  }

  return {
    find,

    /** All that there are, in the order in which they answer for the shop. */
    async all(): Promise<ProviderRow[]> {
      return withDeadline(sql<ProviderRow[]>`
        select ${columns} from providers p where deleted_at is null order by priority nulls last, created_at, id`)
    },

    /** By id, those that were deleted too. */
    async names(): Promise<Map<string, string>> {
      const rows = await withDeadline(sql<{ id: string; name: string }[]>`select id, name from providers`)
      return new Map(rows.map(({ id, name }) => [id, name]))
    },

    list({ personId, withOrganization, scope, provider_type, is_active, ...paging }: ProviderFilter) {
      const own = sql`(p.scope = 'personal' and p.created_by = ${personId})`
      return pageOf(
        where(sql, [
          sql`p.deleted_at is null`,
          withOrganization ? sql`(p.scope = 'organization' or ${own})` : own,
          scope && sql`p.scope = ${scope}`,
          provider_type && sql`p.provider_type = ${provider_type}`,
          is_active !== undefined && sql`p.is_active = ${is_active}`,
        ]),
        paging,
      )
    },

    /** The active ones that this person may ask. */
    available({
      personId,
      withOrganization,
      ...paging
    }: Omit<ProviderFilter, 'scope' | 'provider_type' | 'is_active'>) {
      const isDistributed = sql`exists (
        select 1 from provider_distributions d where d.provider_id = p.id and d.user_id = ${personId})`
      const ofOrganization = withOrganization
        ? sql`p.scope = 'organization'`
        : sql`(p.scope = 'organization' and ${isDistributed})`
      return pageOf(
        where(sql, [
          sql`p.deleted_at is null and p.is_active`,
          sql`((p.scope = 'personal' and p.created_by = ${personId}) or ${ofOrganization})`,
        ]),
        paging,
      )
    },
  }
}

function providerChanges({ sql, transaction }: Database) {
  const columns = columnsOf(sql)

  return {
    insert(row: Omit<ProviderRow, 'created_at' | 'updated_at'>, audit: AuditEntry): Promise<ProviderRow> {
      return transaction(async inner => {
        const [made] = await inner<ProviderRow[]>`
          insert into providers as p (id, name, provider_type, scope, created_by, api_base_url, api_key, config, is_active, priority)
          values (${row.id}, ${row.name}, ${row.provider_type}, ${row.scope}, ${row.created_by}, ${row.api_base_url},
            ${row.api_key}, ${inner.json(row.config)}, ${row.is_active}, ${row.priority})
          returning ${columns}`
        await recordAudit(inner, audit)
        return made!
      })
    },

    /** What may be changed, whole; null where it was deleted meanwhile. */
    update(
      row: Pick<
        ProviderRow,
        'id' | 'name' | 'api_base_url' | 'api_key' | 'config' | 'is_active' | 'priority'
      >,
      audit: AuditEntry,
    ): Promise<ProviderRow | null> {
      return transaction(async inner => {
        const [changed] = await inner<ProviderRow[]>`
          update providers p set name = ${row.name}, api_base_url = ${row.api_base_url}, api_key = ${row.api_key},
            config = ${inner.json(row.config)}, is_active = ${row.is_active}, priority = ${row.priority}, updated_at = now()
          where id = ${row.id} and deleted_at is null returning ${columns}`
        if (changed) await recordAudit(inner, audit)
        return changed ?? null
      })
    },

    /** Its key is gone; its name stays for what it was asked. @returns whether it was there */
    remove(id: string, audit: AuditEntry): Promise<boolean> {
      return transaction(async inner => {
        const rows = await inner`
          update providers set deleted_at = now(), updated_at = now(), api_key = null, is_active = false
          where id = ${id} and deleted_at is null returning 1`
        await inner`delete from provider_distributions where provider_id = ${id}`
        if (rows.length > 0) await recordAudit(inner, audit)
        return rows.length > 0
      })
    },
  }
}

function columnsOf(sql: AnySql) {
  return sql`p.id, p.name, p.provider_type, p.scope, p.created_by, p.api_base_url, p.api_key, p.config, p.is_active, p.priority,
    p.created_at, p.updated_at`
}
