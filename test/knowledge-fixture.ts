import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Job } from '#protocol/shop/knowledge'
import { saturation } from '../server/answering/retrieval/ranking/bm25.ts'
import { type KnowledgeDeps, knowledgeArea } from '../server/areas/shop/knowledge/index.ts'
import type { Call } from '../server/core/call.ts'
import { openDatabase } from '../storage/engine/open.ts'
import { knowledgeStorage } from '../storage/shop/knowledge.ts'
import { freshDatabase } from './services.ts'

/** A real database of its own, and areas over it. */
export async function openKnowledge() {
  const folder = await mkdtemp(join(tmpdir(), 'parley-knowledge-'))
  const fresh = await freshDatabase(folder)
  const database = await openDatabase({ databaseUrl: fresh.url, folder })
  const storage = knowledgeStorage(database, saturation)
  const said: string[] = []
  const jobs: Job[] = []
  let demoRemoved = 0
  function area(overrides: Partial<KnowledgeDeps> = {}) {
    return knowledgeArea({
      storage,
      embedding: null,
      progress: job => jobs.push(job),
      async removeOtherDemo() {
        demoRemoved++
      },
      async rebuildProducts() {},
      warn: text => said.push(text),
      ...overrides,
    })
  }
  return {
    database,
    storage,
    area,
    said,
    jobs,
    demoRemoved: () => demoRemoved,
    /** Empties what a test left. */
    async clear() {
      await database.sql`delete from jobs`
      await database.sql`delete from documents`
      await database.sql`delete from corpora`
      await database.sql`insert into corpora (source, active) values ('document', true), ('product', true)`
      said.length = 0
      jobs.length = 0
    },
    /** The statistics as kept, and as counted anew: equal after whatever happened. */
    async statistics() {
      const kept = await database.sql`
        select corpus_id, term, passages from term_statistics where passages <> 0 order by 1, 2`
      const counted = await database.sql`
        select corpus_id, term, count(*)::int as passages from passage_terms, unnest(terms) as term group by 1, 2 order by 1, 2`
      const totals = await database.sql`select id, passages, round(length) as length from corpora order by id`
      const counts = await database.sql`
        select corpora.id, count(passage_id)::int as passages, round(coalesce(sum(passage_terms.length), 0)) as length
        from corpora left join passage_terms on corpus_id = corpora.id group by 1 order by 1`
      return {
        kept: JSON.stringify([kept, totals]),
        counted: JSON.stringify([counted, counts]),
      }
    },
    async close() {
      await database.close()
      await fresh.drop()
      await rm(folder, { recursive: true, force: true })
    },
  }
}

export type Knowledge = Awaited<ReturnType<typeof openKnowledge>>

/** These handlers look at nothing of the call. */
export const call = {
  caller: { id: null, role: 'admin' },
  address: null,
  requestId: 'test',
} as unknown as Call

export function file(name: string, text: string) {
  return { name, mime: '', bytes: new TextEncoder().encode(text) }
}
