import { shared } from '../engine/batch.ts'
import type { Database, TransactionSql } from '../engine/transaction.ts'
import { type Actor, recordAudit } from '../identity/audit.ts'

export interface VersionRow {
  version: number
  count: number
  demo: boolean
  active: boolean
  hash: string
  created_at: string
  created_by: string | null
  derivation: number
}

/** Versions of the catalogue that are there, one of them active. */
export function versionStorage({ sql, withDeadline, transaction }: Database) {
  function versionRow() {
    return sql`version, count, demo, active, hash, created_at, created_by, derivation`
  }

  const active = shared(async (): Promise<VersionRow | null> => {
    const [row] = await withDeadline(
      sql<VersionRow[]>`select ${versionRow()} from catalogue_versions where active`,
    )
    return row ?? null
  })

  return {
    active,

    async profile(version: number): Promise<unknown> {
      const [row] = await withDeadline(
        sql<{ profile: unknown }[]>`select profile from catalogue_versions where version = ${version}`,
      )
      return row?.profile ?? null
    },

    async version(version: number): Promise<VersionRow | null> {
      const [row] = await withDeadline(sql<VersionRow[]>`
        select ${versionRow()} from catalogue_versions where version = ${version} and staged_until is null`)
      return row ?? null
    },

    /** Whether the demo was the active version, which then is none. */
    removeDemo(): Promise<boolean> {
      return transaction(async sql => {
        const removed = await sql<
          { active: boolean }[]
        >`delete from catalogue_versions where demo returning active`
        return removed.some(row => row.active)
      })
    },

    async versions(limit: number, offset: number): Promise<{ items: VersionRow[]; total: number }> {
      const items = await withDeadline(
        sql<VersionRow[]>`
          select ${versionRow()} from catalogue_versions where staged_until is null
            order by version desc limit ${limit} offset ${offset}`,
      )
      const [row] = await withDeadline(
        sql<
          { total: number }[]
        >`select count(*)::int as total from catalogue_versions where staged_until is null`,
      )
      return { items, total: row!.total }
    },

    /** Makes an earlier version the active one; null when there is none of that number. */
    restore(version: number, by: Actor): Promise<VersionRow | null> {
      return transaction(async sql => {
        await sql`lock table catalogue_versions in share row exclusive mode`
        const [row] = await sql<VersionRow[]>`
          select version, count, demo, true as active, hash, created_at, created_by, derivation
          from catalogue_versions where version = ${version} and staged_until is null`
        if (!row) return null
        const before = await activate(sql, version)
        await recordAudit(sql, {
          actor: by,
          scope: 'catalogue',
          action: 'catalogue:restore',
          subject: String(version),
          before,
          after: { version, count: row.count },
        })
        return row
      })
    },
  }
}

/** @returns which one was active before, for the audit log */
export async function activate(sql: TransactionSql, version: number) {
  const [before] = await sql<{ version: number; count: number }[]>`
    update catalogue_versions set active = false where active and version <> ${version} returning version, count`
  await sql`update catalogue_versions set active = true where version = ${version}`
  return before ?? null
}
