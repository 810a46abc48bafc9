import type { AnySql, Database } from '../engine/transaction.ts'
import { containing } from '../engine/where.ts'
import { type Actor, recordAudit } from '../identity/audit.ts'
import type { JobStorage } from '../platform/jobs.ts'
import { documentVersionStorage, keepVersion, pruneVersions } from './document-version.ts'
import type { NewPassage, PassageStorage, StoredPassage } from './passages.ts'

interface DocumentRow {
  doc_id: string
  name: string
  title: string
  mime: string
  bytes: number
  url: string | null
  language: 'zh' | 'en' | null
  chunks: number
  demo: boolean
  status: 'building' | 'ready' | 'error'
  error: string | null
  tags: string[]
  /** The first and the last day that answers may be taken from it, `YYYY-MM-DD`; null: no bound. */
  valid_from: string | null
  valid_until: string | null
  created_at: string
  updated_at: string
}

/** What people say of a document; what is not given stays. */
export type DocumentChanges = Partial<Pick<DocumentRow, 'language' | 'tags' | 'valid_from' | 'valid_until'>>

/** When a document may be used: see `DocumentRow`. */
export interface DocumentDays {
  id: string
  valid_from: string | null
  valid_until: string | null
}

type UpdateOutcome =
  | { outcome: 'updated'; document: DocumentRow }
  | { outcome: 'not_found' }
  | { outcome: 'ends_first' }

interface NewDocument {
  id: string
  name: string
  title: string
  mime: string
  bytes: number
  url: string | null
  language: 'zh' | 'en'
  hash: string
  /** Where it lies in an imported folder; a new text under the same path replaces the old. */
  path: string | null
  /** JSON: `{ heading, text }` each. */
  sections: string
  demo: boolean
  by: Actor
}

/** What passages of a document are made from. */
export interface DocumentText {
  id: string
  title: string
  url: string | null
  language: string | null
  hash: string
  updated_at: string
  /** JSON: `{ heading, text }` each. */
  sections: string
}

type IndexedPassage = Pick<StoredPassage, 'ordinal' | 'title' | 'text' | 'place'>

interface DocumentPage {
  items: DocumentRow[]
  total: number
}

/** A file of 10 MB on its way into the embedded database. */
const writeDeadlineMs = 30_000
/** Characters of a document's text that are read as one value. */
const pieceLength = 500_000

const columnsOf = (
  sql: AnySql,
) => sql`id as doc_id, name, title, mime, bytes, url, language, chunks, demo, status, error,
  tags, valid_from::text, valid_until::text, created_at, updated_at`

/** Documents: read, added and removed, indexed. */
export function documentStorage(database: Database, jobs: JobStorage, passages: PassageStorage) {
  return {
    ...documentReader(database),
    ...documentWriter(database, jobs, passages),
    ...documentIndex(database, passages),
    ...documentVersionStorage(database, jobs),
  }
}

function documentReader({ sql, withDeadline }: Database) {
  const columns = columnsOf(sql)

  return {
    async get(id: string): Promise<DocumentRow | null> {
      const [row] = await withDeadline(sql<DocumentRow[]>`select ${columns} from documents where id = ${id}`)
      return row ?? null
    },

    /** Newest first; `search` is found in names, titles and tags. */
    async list(query: { page: number; page_size: number; search?: string }): Promise<DocumentPage> {
      const like = containing((query.search ?? '').trim())
      const offset = (query.page - 1) * query.page_size
      const where = sql`where name ilike ${like} or title ilike ${like}
        or exists (select 1 from unnest(tags) as tag where tag ilike ${like})`
      const items = await withDeadline(sql<DocumentRow[]>`
        select ${columns} from documents ${where}
        order by created_at desc, id desc limit ${query.page_size} offset ${offset}`)
      const [row] = await withDeadline(
        sql<{ total: number }[]>`select count(*)::int as total from documents ${where}`,
      )
      return { items, total: row!.total }
    },

    /** Those that answers may be taken from on some days only. */
    async bounded(): Promise<DocumentDays[]> {
      const rows = await withDeadline(sql<DocumentDays[]>`
        select id, valid_from::text, valid_until::text from documents
        where valid_from is not null or valid_until is not null`)
      return [...rows]
    },

    async count(): Promise<number> {
      const [row] = await withDeadline(sql<{ count: number }[]>`select count(*)::int as count from documents`)
      return row!.count
    },

    async text(id: string): Promise<DocumentText | null> {
      // In pieces: one value of 10 MB would be copied and decoded in one turn of the loop.
      const rows = await withDeadline(
        sql<(Omit<DocumentText, 'sections'> & { piece: string })[]>`
          with document as materialized (
            select id, title, url, language, hash, updated_at, sections::text as sections from documents where id = ${id}
          )
          select id, title, url, language, hash, updated_at, substr(sections, start, ${pieceLength}) as piece
          from document, generate_series(1, length(sections), ${pieceLength}::int) as start
          order by start`,
        writeDeadlineMs,
      )
      const [first] = rows
      if (!first) return null
      const { piece, ...document } = first
      return { ...document, sections: rows.map(row => row.piece).join('') }
    },

    /** What search uses of a document, in its order; null where there is no such document. */
    async passages(
      id: string,
      query: { page: number; page_size: number },
    ): Promise<{ items: IndexedPassage[]; total: number } | null> {
      const [found] = await withDeadline(sql<{ total: number }[]>`
        select (select count(*)::int from passages p join corpora c on c.id = p.corpus_id and c.active
          where c.source = 'document' and p.source_id = d.id::text) as total
        from documents d where d.id = ${id}`)
      if (!found) return null
      const items = await withDeadline(sql<IndexedPassage[]>`
        select ordinal, p.title, text, place from passages p join corpora c on c.id = p.corpus_id and c.active
        where c.source = 'document' and p.source_id = ${id} order by ordinal
        limit ${query.page_size} offset ${(query.page - 1) * query.page_size}`)
      return { items: [...items], total: found.total }
    },

    /** What was imported from a folder, by path; the demo's folder apart from the owner's. */
    async imported(demo: boolean): Promise<Map<string, { id: string; hash: string }>> {
      const rows = await withDeadline(sql<{ id: string; path: string; hash: string }[]>`
        select id, path, case when status = 'error' then '' else hash end as hash from documents
        where path is not null and demo = ${demo}`)
      return new Map(rows.map(({ path, ...row }) => [path, row]))
    },

    /** Ids after `after`, in order, at most 100; of those that an older derivation than `olderThan` indexed where that is given. */
    async idsAfter(after: string | null, olderThan: number | null = null): Promise<string[]> {
      const rows = await withDeadline(sql<{ id: string }[]>`
        select id from documents where true ${after === null ? sql`` : sql`and id > ${after}`}
          ${olderThan === null ? sql`` : sql`and derivation < ${olderThan} and status <> 'error'`} order by id limit 100`)
      return rows.map(row => row.id)
    },
  }
}

function documentWriter({ transaction }: Database, jobs: JobStorage, passages: PassageStorage) {
  async function remove(which: { id: string } | { demo: true }, by: Actor): Promise<number> {
    return transaction(async inner => {
      const rows = await inner<{ id: string; name: string; bytes: number }[]>`
        delete from documents where ${'id' in which ? inner`id = ${which.id}` : inner`demo`} returning id, name, bytes`
      for (const { id, name, bytes } of rows)
        await recordAudit(inner, {
          actor: by,
          scope: 'knowledge',
          action: 'document:delete',
          subject: id,
          before: { name, bytes },
        })
      if (rows.length > 0)
        await passages.removeFrom(
          inner,
          await passages.activeCorpus(inner, 'document'),
          rows.map(row => row.id),
        )
      return rows.length
    }, writeDeadlineMs)
  }

  return {
    /**
     * Adds a document together with the job that will index it. The same file under the same name, title and address is
     * the document that is there already; another text under the same `path` replaces it.
     * @returns its id, and whether there is anything to index
     */
    add(document: NewDocument, jobId: string): Promise<{ id: string; isNew: boolean }> {
      return transaction(async inner => {
        const [same] = await inner<{ id: string }[]>`
          select id from documents
          where hash = ${document.hash} and name = ${document.name} and title = ${document.title}
            and url is not distinct from ${document.url} and path is not distinct from ${document.path}
            and demo = ${document.demo} and status <> 'error'
          order by created_at limit 1`
        if (same) return { id: same.id, isNew: false }
        const { sections, by, ...row } = document
        const [former] = await inner<{ id: string }[]>`
          select id from documents where path = ${row.path} for update`
        if (former) await keepVersion(inner, former.id)
        const [added] = await inner<{ id: string }[]>`
          insert into documents
            (id, name, title, mime, bytes, url, language, hash, path, demo, sections, status)
          values (${row.id}, ${row.name}, ${row.title}, ${row.mime}, ${row.bytes}, ${row.url}, ${row.language},
            ${row.hash}, ${row.path}, ${row.demo}, ${sections}::text::jsonb, 'building')
          on conflict (path) do update set name = excluded.name, title = excluded.title, mime = excluded.mime,
            bytes = excluded.bytes, url = excluded.url, language = excluded.language, hash = excluded.hash,
            sections = excluded.sections, demo = excluded.demo, version = documents.version + 1, status = 'building', error = null, updated_at = now()
          returning id`
        if (former) await pruneVersions(inner, former.id)
        await recordAudit(inner, {
          actor: by,
          scope: 'knowledge',
          action: 'document:upload',
          subject: added!.id,
          after: { name: row.name, bytes: row.bytes, hash: row.hash },
        })
        await jobs.enqueue(inner, { id: jobId, kind: 'index', subject: added!.id })
        return { id: added!.id, isNew: true }
      }, writeDeadlineMs)
    },

    update(id: string, changes: DocumentChanges, by: Actor): Promise<UpdateOutcome> {
      return transaction(async (inner): Promise<UpdateOutcome> => {
        const columns = columnsOf(inner)
        const [before] = await inner<
          DocumentRow[]
        >`select ${columns} from documents where id = ${id} for update`
        if (!before) return { outcome: 'not_found' }
        const { language, tags, valid_from, valid_until } = { ...before, ...changes }
        if (valid_from && valid_until && valid_until < valid_from) return { outcome: 'ends_first' }
        const [document] = await inner<DocumentRow[]>`
          update documents set language = ${language}, tags = ${tags}::text[], valid_from = ${valid_from}::text::date,
            valid_until = ${valid_until}::text::date where id = ${id} returning ${columns}`
        if (language !== before.language)
          await inner`update passages set language = ${language}
            where source_id = ${id} and corpus_id = ${await passages.activeCorpus(inner, 'document')}`
        await recordAudit(inner, {
          actor: by,
          scope: 'knowledge',
          action: 'document:update',
          subject: id,
          before: descriptionOf(before),
          after: descriptionOf(document!),
        })
        return { outcome: 'updated', document: document! }
      }, writeDeadlineMs)
    },

    remove(id: string, by: Actor): Promise<boolean> {
      return remove({ id }, by).then(count => count > 0)
    },

    removeDemo(by: Actor): Promise<number> {
      return remove({ demo: true }, by)
    },
  }
}

function documentIndex({ sql, withDeadline, transaction }: Database, passages: PassageStorage) {
  return {
    /**
     * Indexes a part of a document: the first takes the place of what was there, the last makes it ready.
     * @returns false when the document's text changed meanwhile or it is gone: nothing was done
     */
    async index(
      document: DocumentText,
      part: { rows: NewPassage[]; first: boolean; last: boolean; derivation: number },
    ): Promise<boolean> {
      return transaction(async inner => {
        const [found] = await inner`
          select 1 from documents where id = ${document.id} and hash = ${document.hash} for update`
        if (!found) return false
        if (part.first) {
          await passages.replaceSource(inner, 'document', { sourceId: document.id, rows: part.rows })
          await inner`update documents set chunks = 0 where id = ${document.id}`
        } else await passages.appendTo(inner, 'document', part.rows)
        await inner`update documents set chunks = chunks + ${part.rows.length}, error = null,
          status = ${part.last ? 'ready' : 'building'}, derivation = ${part.last ? part.derivation : 0}
          where id = ${document.id}`
        return true
      }, writeDeadlineMs)
    },

    async fail(id: string, error: string): Promise<void> {
      await withDeadline(sql`
        update documents set status = 'error', error = ${error}, updated_at = now() where id = ${id}`)
    },
  }
}

function descriptionOf({ language, tags, valid_from, valid_until }: DocumentRow) {
  return { language, tags, valid_from, valid_until }
}
