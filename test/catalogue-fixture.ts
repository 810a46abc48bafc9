import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Language } from '#protocol'
import type { Question } from '../server/answering/retrieval/evidence.ts'
import { saturation } from '../server/answering/retrieval/ranking/bm25.ts'
import { createRetriever } from '../server/answering/retrieval/retrieve.ts'
import { catalogueArea } from '../server/areas/shop/catalogue/index.ts'
import { knowledgeArea } from '../server/areas/shop/knowledge/index.ts'
import type { Call } from '../server/core/call.ts'
import { openDatabase } from '../storage/engine/open.ts'
import { catalogueStorage } from '../storage/shop/catalogue.ts'
import { knowledgeStorage } from '../storage/shop/knowledge.ts'
import { freshDatabase } from './services.ts'

/** A real database of its own with the catalogue and the knowledge area over it, wired as the server does. */
export async function openShop() {
  const folder = await mkdtemp(join(tmpdir(), 'parley-catalogue-'))
  const fresh = await freshDatabase(folder)
  const database = await openDatabase({ databaseUrl: fresh.url, folder })
  const knowledge = knowledgeArea({
    storage: knowledgeStorage(database, saturation),
    embedding: null,
    progress() {},
    removeOtherDemo: () => catalogue.removeDemo(),
    rebuildProducts: (signal, options) => catalogue.rebuild(signal, options),
    warn() {},
  })
  let demoRemoved = 0
  const storage = catalogueStorage(database)
  const catalogue = catalogueArea({
    storage,
    clock: Date.now,
    searchPassages: knowledge.searchPassages,
    replaceProductPassages: knowledge.replaceProductPassages,
    indexedProducts: knowledge.indexedProducts,
    async removeDemo() {
      demoRemoved++
      await knowledge.removeDemo()
    },
    progress() {},
  })
  return {
    database,
    storage,
    knowledge,
    catalogue,
    handlers: catalogue.handlers,
    retrieve: createRetriever({
      findProducts: catalogue.findProducts,
      findDocuments: knowledge.findEvidence,
      findUploads: async () => [],
    }),
    demoRemoved: () => demoRemoved,
    async addDocument(name: string, text: string) {
      await knowledge.addDocument({ name, mime: '', bytes: new TextEncoder().encode(text) })
      await knowledge.drain()
    },
    async close() {
      await database.close()
      await fresh.drop()
      await rm(folder, { recursive: true, force: true })
    },
  }
}

export type Shop = Awaited<ReturnType<typeof openShop>>

/** Of an administrator; nothing else of a call is looked at. */
export const call = {
  caller: { id: null, role: 'admin', language: null },
  address: null,
  requestId: 'test',
} as unknown as Call

export function ask(text: string, more: Partial<Question> = {}): Question {
  const language: Language = /\p{Script=Han}/u.test(text) ? 'zh' : 'en'
  return { text, earlier: [], language, context: {}, ...more }
}
