import { open, readdir, rm, stat } from 'node:fs/promises'
import { join } from 'node:path'
import { emptyHoles, pageBytes } from './page.ts'
import type { Database } from './transaction.ts'

export interface ScrubTimings {
  /** From the start of the server to the first time: what was removed before it may not have been overwritten. */
  firstMs: number
  /** From a removal to the next time. */
  afterMs: number
  /** Between two pieces of work, for everybody else's. */
  pauseMs: number
}

export const scrubTimings: ScrubTimings = { firstMs: 60_000, afterMs: 10_000, pauseMs: 25 }

export interface Scrub {
  /** Rows were removed for good. */
  request(): void
  close(): Promise<void>
}

/** Pages in one piece of work: half a megabyte, a few milliseconds. */
const slicePages = 64
/** PostgreSQL begins another file after each gigabyte. */
const segmentPages = 131_072
const statementMs = 120_000

/**
 * The embedded database has no vacuum of its own, and PostgreSQL overwrites no space when a row goes: what was removed
 * would stay in its files. In pieces, each short and with a pause after it: VACUUM takes the rows out of the pages; what is
 * left of them in the free space of each page is overwritten in the file, while no buffer holds that page; and the log that
 * brought them is ended and removed.
 */
export function createScrub(
  database: Database,
  folder: string,
  { timings, onDone }: { timings: ScrubTimings; onDone(pages: number): void },
): Scrub {
  const stopping = new AbortController()
  const scrub = createPass(database, folder, timings.pauseMs)
  let isRequested = false
  let running: Promise<void> | null = null
  let timer = setTimeout(run, timings.firstMs)
  timer.unref()

  function run(): void {
    isRequested = false
    running = scrub(stopping.signal)
      .then(pages => {
        if (pages !== null) onDone(pages)
      })
      // The database was busy or away: the next time does it.
      .catch(() => request())
      .finally(() => {
        running = null
        if (isRequested) schedule()
      })
  }

  function schedule(): void {
    clearTimeout(timer)
    if (stopping.signal.aborted) return
    timer = setTimeout(run, timings.afterMs)
    timer.unref()
  }

  function request(): void {
    if (isRequested) return
    isRequested = true
    if (!running) schedule()
  }

  return {
    request,
    async close() {
      stopping.abort()
      clearTimeout(timer)
      await running
    },
  }
}

/** Takes what was removed out of the files, once. */
function createPass({ sql, withDeadline, transaction }: Database, folder: string, pauseMs: number) {
  const pause = () => new Promise(resolve => setTimeout(resolve, pauseMs))
  const execute = (statement: string) => withDeadline(sql.unsafe(statement), statementMs)

  /** @returns how many pages were overwritten; null when it was interrupted */
  async function scrub(signal: AbortSignal): Promise<number | null> {
    let pages = 0
    for (const { name } of await tables()) {
      if (signal.aborted) return null
      await execute(`vacuum (index_cleanup on) ${name}`)
      await pause()
    }
    for (const { oid } of await relations())
      for (let first = 0; ; first += slicePages) {
        if (signal.aborted) return null
        const done = await overwrite(oid, first)
        if (done === null) break
        pages += done
        await pause()
      }
    await beginNewLog()
    return pages
  }

  /** Those that may hold something of a person, and the planner's samples. */
  function tables(): Promise<{ name: string }[]> {
    return withDeadline(sql<{ name: string }[]>`select oid::regclass::text as name from (${ownTables()}) t`)
  }

  function ownTables() {
    return sql`
      select oid, reltoastrelid from pg_class
      where oid = 'pg_statistic'::regclass or relkind = 'r' and relnamespace = 'public'::regnamespace and relname not in (
        'passages', 'passage_terms', 'passage_vectors', 'term_statistics', 'corpora', 'documents', 'products',
        'catalogue_versions', 'migrations')`
  }

  /** Their heaps, long values and B-trees: in the pages of these the free space is what the header says. */
  function relations(): Promise<{ oid: number }[]> {
    return withDeadline(sql<{ oid: number }[]>`
      with mine as (${ownTables()}), heaps as (select oid from mine union select reltoastrelid from mine)
      select c.oid::int from pg_class c join pg_am a on a.oid = c.relam and a.amname in ('heap', 'btree')
      where c.oid in (select oid from heaps) or c.oid in (
        select indexrelid from pg_index where indrelid in (select oid from heaps))`)
  }

  /** One slice, while nobody else can ask the database for anything. @returns null behind the last page */
  function overwrite(oid: number, first: number): Promise<number | null> {
    return transaction(async inner => {
      const [found] = await inner<{ path: string; skipped: number }[]>`
        select pg_relation_filepath(${oid}::oid) as path, buffers_skipped as skipped
        from pg_buffercache_evict_relation(${oid}::oid::regclass)`
      if (!found?.path) return null
      if (found.skipped > 0) throw new Error('A page is in use.')
      const segment = Math.floor(first / segmentPages)
      const path = join(folder, segment === 0 ? found.path : `${found.path}.${segment}`)
      return overwriteIn(path, first, segment * segmentPages)
    }, statementMs)
  }

  /** Recycled files of the log keep what they held: none is recycled, and those that were go. */
  async function beginNewLog(): Promise<void> {
    await execute('set wal_recycle = off')
    await execute('checkpoint')
    await execute('select pg_switch_wal()')
    await execute('checkpoint')
    await transaction(async inner => {
      const [{ current }] = (await inner`
        select pg_walfile_name(pg_current_wal_insert_lsn()) as current`) as unknown as [{ current: string }]
      const log = join(folder, 'pg_wal')
      for (const name of await readdir(log))
        if (/^[\dA-F]{24}$/.test(name) && name > current) await rm(join(log, name), { force: true })
    }, statementMs)
  }

  return scrub
}

async function overwriteIn(path: string, first: number, before: number): Promise<number | null> {
  const size = await stat(path).then(
    found => found.size,
    () => 0,
  )
  const start = (first - before) * pageBytes
  if (start >= size) return null
  const file = await open(path, 'r+')
  try {
    const slice = Buffer.alloc(Math.min(slicePages * pageBytes, size - start))
    await file.read(slice, 0, slice.length, start)
    const changed = emptyHoles(slice, first)
    for (const at of changed) await file.write(slice, at, pageBytes, start + at)
    return changed.length
  } finally {
    await file.close()
  }
}
