import { readdir, readFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { Language } from '#protocol'
import type { PassageCache } from '../../server/answering/builtin/candidates.ts'
import { compose } from '../../server/answering/builtin/compose.ts'
import { citationFilters } from '../../server/answering/retrieval/citation/filter.ts'
import type { Evidence, Question } from '../../server/answering/retrieval/evidence.ts'
import { saturation } from '../../server/answering/retrieval/ranking/bm25.ts'
import { createRetriever } from '../../server/answering/retrieval/retrieve.ts'
import { LruCache } from '../../server/answering/retrieval/text/lru-cache.ts'
import { catalogueArea } from '../../server/areas/shop/catalogue/index.ts'
import { knowledgeArea } from '../../server/areas/shop/knowledge/index.ts'
import { productArea } from '../../server/areas/shop/product/index.ts'
import { createReader } from '../../server/ingest/reader.ts'
import { catalogueStorage } from '../../storage/shop/catalogue.ts'
import { knowledgeStorage } from '../../storage/shop/knowledge.ts'
import { anchorAnswer } from './anchor.ts'
import { type Database, withDatabase } from './database.ts'

/** A conversation as customers write it; `expect` says what a good answer says (see expectation.ts). */
export interface Conversation {
  category: string
  language: Language
  /** The product of the page the customer is on. */
  product_id?: string
  turns: { question: string; expect: string }[]
}

/** A shop to be asked: its products, its documents, and conversations with what a good answer says. */
export interface ShopFiles {
  name: string
  catalogue: string | null
  documents: string[]
  questions: string
}

/** The shops of a folder: `x.json`, `x-*.md` (or .txt, .html) and `x-questions.json` are one. */
export async function shopsIn(folder: string): Promise<ShopFiles[]> {
  const files = (await readdir(folder)).sort()
  return files
    .filter(file => file.endsWith('-questions.json'))
    .map(file => {
      const name = file.slice(0, -'-questions.json'.length)
      return {
        name,
        catalogue: files.includes(`${name}.json`) ? join(folder, `${name}.json`) : null,
        documents: files
          .filter(each => each.startsWith(`${name}-`) && /\.(?:md|txt|html)$/.test(each))
          .map(each => join(folder, each)),
        questions: join(folder, file),
      }
    })
}

export interface Answered {
  conversation: Conversation
  turn: number
  question: string
  expect: string
  answer: string
  /** What the simplest answerer says (see anchor.ts). */
  anchor: string
  evidence: Evidence[]
  elapsedMs: number
}

/** Imports a shop and asks it everything, as its visitors would: real storage, real search, the built-in answerer, the citation check. */
export async function askShop(shop: ShopFiles): Promise<Answered[]> {
  const conversations: Conversation[] = JSON.parse(await readFile(shop.questions, 'utf8'))
  return withShop(shop, async ({ retrieve, search }) => {
    const passages: PassageCache = new LruCache(256)
    const filter = citationFilters()
    const answered: Answered[] = []
    for (const conversation of conversations) {
      const earlier: string[] = []
      for (const [turn, { question: text, expect }] of conversation.turns.entries()) {
        const context = conversation.product_id ? { product_id: conversation.product_id } : {}
        const question: Question = { text, earlier: [...earlier], language: conversation.language, context }
        const start = performance.now()
        const evidence = await retrieve(question)
        const checked = filter(evidence)
        const answer = checked.push(compose({ question, history: [], evidence }, passages)) + checked.end()
        const elapsedMs = performance.now() - start
        const anchor = anchorAnswer(text, await search(text))
        answered.push({ conversation, turn, question: text, expect, answer, anchor, evidence, elapsedMs })
        earlier.push(text)
      }
    }
    return answered
  })
}

type OpenShop = Awaited<ReturnType<typeof openShop>>

/** Imports a shop into a database of its own for some work. */
export function withShop<T>(shop: ShopFiles, work: (opened: OpenShop) => Promise<T>): Promise<T> {
  return withDatabase(async database => {
    const opened = await openShop(database, shop)
    try {
      return await work(opened)
    } finally {
      await opened.stop()
    }
  })
}

const anchorPassages = 3

async function openShop(database: Database, shop: ShopFiles) {
  const knowledge = knowledgeArea({
    storage: knowledgeStorage(database, saturation),
    reader: createReader(),
    embedding: null,
    clock: Date.now,
    timeZone: async () => 'UTC',
    progress() {},
    removeOtherDemo: () => catalogue.removeDemo(),
    rebuildProducts: (signal, options) => catalogue.rebuild(signal, options),
    warn: (text, fields) => console.error(text, fields),
  })
  const products = catalogueStorage(database)
  const catalogue = catalogueArea({
    storage: products,
    clock: Date.now,
    replaceProductPassages: knowledge.replaceProductPassages,
    indexedProducts: knowledge.indexedProducts,
    removeDemo: knowledge.removeDemo,
    progress() {},
  })
  const product = productArea({
    storage: products,
    clock: Date.now,
    readActive: catalogue.readActive,
    searchPassages: knowledge.searchPassages,
  })
  if (shop.catalogue) await catalogue.importFile(shop.catalogue)
  for (const file of shop.documents)
    await knowledge.addDocument({ name: file.split('/').at(-1)!, mime: '', bytes: await readFile(file) })
  await knowledge.drain()
  await knowledge.analyze()
  const retrieve = createRetriever({
    findProducts: product.findProducts,
    findDocuments: knowledge.findEvidence,
    findUploads: async () => [],
    correct: knowledge.correct,
  })
  async function search(query: string) {
    const sources = ['document', 'product'] as const
    const found = await Promise.all(
      sources.map(async source =>
        (await knowledge.searchPassages({ query, source, limit: anchorPassages })).map(hit => ({
          ...hit,
          source,
        })),
      ),
    )
    return found
      .flat()
      .sort((a, b) => b.score - a.score)
      .slice(0, anchorPassages)
  }
  return { retrieve, search, active: catalogue.readActive, stop: () => knowledge.stop() }
}
