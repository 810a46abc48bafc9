import type { Database, TransactionSql } from '../engine/transaction.ts'
import { type Actor, recordAudit } from '../identity/audit.ts'
import type { JobStorage } from '../platform/jobs.ts'

export interface VersionRow {
  version: number
  name: string
  bytes: number
  created_at: string
  is_current: boolean
}

/** What a file has become; its title stays that of the document. */
export interface NewVersion {
  name: string
  mime: string
  bytes: number
  language: 'zh' | 'en'
  hash: string
  /** JSON: `{ heading, text }` each. */
  sections: string
}

export type VersionOutcome = 'replaced' | 'unchanged' | 'not_found'

/** Of one document, beside the one that is used. */
const versionsMax = 20
/** A file of 10 MB on its way into the embedded database. */
const writeDeadlineMs = 30_000

/** Keeps what a document is, before something else is put in its place under the next number. */
export async function keepVersion(inner: TransactionSql, id: string): Promise<void> {
  await inner`
    insert into document_versions (document_id, version, name, mime, bytes, language, hash, sections, created_at)
    select id, version, name, mime, bytes, language, hash, sections, updated_at from documents where id = ${id}`
}

export async function pruneVersions(inner: TransactionSql, id: string): Promise<void> {
  await inner`
    delete from document_versions where document_id = ${id}
      and version < (select version from documents where id = ${id}) - ${versionsMax}`
}

/** What documents were before they were replaced. */
export function documentVersionStorage({ sql, withDeadline, transaction }: Database, jobs: JobStorage) {
  /** A version's columns in place of the document's, with the job that indexes them. */
  async function putInPlace(
    inner: TransactionSql,
    { id, jobId, by, action }: { id: string; jobId: string; by: Actor; action: string },
    write: () => Promise<unknown>,
  ): Promise<void> {
    await keepVersion(inner, id)
    await write()
    await inner`update documents set version = version + 1, status = 'building', error = null, updated_at = now()
      where id = ${id}`
    const [after] = await inner<{ name: string; bytes: number; version: number }[]>`
      select name, bytes, version from documents where id = ${id}`
    await recordAudit(inner, { actor: by, scope: 'knowledge', action, subject: id, after })
    await pruneVersions(inner, id)
    await jobs.enqueue(inner, { id: jobId, kind: 'index', subject: id })
  }

  return {
    /** The newest first; null where there is no such document. */
    async versions(id: string): Promise<VersionRow[] | null> {
      const rows = await withDeadline(sql<VersionRow[]>`
        select version, name, bytes, updated_at as created_at, true as is_current from documents where id = ${id}
        union all
        select version, name, bytes, created_at, false from document_versions where document_id = ${id}
        order by version desc`)
      return rows.length > 0 ? [...rows] : null
    },

    /** The text of a version and of what is used now, both as JSON sections; null for one longer than `max` in either. */
    async versionTexts(
      id: string,
      version: number,
      max: number,
    ): Promise<{ before: string | null; now: string | null } | null> {
      const [row] = await withDeadline(
        sql<{ before: string | null; now: string | null }[]>`
          with texts as materialized (
            select case when d.version = ${version} then d.sections else v.sections end::text as before,
              d.sections::text as now
            from documents d left join document_versions v on v.document_id = d.id and v.version = ${version}
            where d.id = ${id} and ${version} in (d.version, v.version))
          select case when length(before) <= ${max} then before end as before,
            case when length(now) <= ${max} then now end as now from texts`,
        writeDeadlineMs,
      )
      return row ?? null
    },

    /** Another file in the place of a document's. */
    replace(id: string, next: NewVersion, job: { jobId: string; by: Actor }): Promise<VersionOutcome> {
      return transaction(async (inner): Promise<VersionOutcome> => {
        const [document] = await inner<{ hash: string; status: string }[]>`
          select hash, status from documents where id = ${id} for update`
        if (!document) return 'not_found'
        if (document.hash === next.hash && document.status !== 'error') return 'unchanged'
        await putInPlace(
          inner,
          { id, ...job, action: 'document:replace' },
          () => inner`
            update documents set name = ${next.name}, mime = ${next.mime}, bytes = ${next.bytes},
              language = ${next.language}, hash = ${next.hash}, sections = ${next.sections}::text::jsonb, demo = false
            where id = ${id}`,
        )
        return 'replaced'
      }, writeDeadlineMs)
    },

    /** What a version was, as the next version. */
    restore(id: string, version: number, job: { jobId: string; by: Actor }): Promise<VersionOutcome> {
      return transaction(async (inner): Promise<VersionOutcome> => {
        const [document] = await inner<{ version: number }[]>`
          select version from documents where id = ${id} for update`
        if (document?.version === version) return 'unchanged'
        const [found] = await inner`
          select 1 from document_versions where document_id = ${id} and version = ${version}`
        if (!found) return 'not_found'
        await putInPlace(
          inner,
          { id, ...job, action: 'document:restore' },
          () => inner`
            update documents d set name = v.name, mime = v.mime, bytes = v.bytes, language = v.language,
              hash = v.hash, sections = v.sections
            from document_versions v where d.id = ${id} and v.document_id = d.id and v.version = ${version}`,
        )
        return 'replaced'
      }, writeDeadlineMs)
    },
  }
}
