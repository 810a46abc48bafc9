import { randomBytes } from 'node:crypto'
import { existsSync } from 'node:fs'
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { basename, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { parseArgs } from 'node:util'
import postgres from 'postgres'
import { saturation } from '../server/answering/retrieval/ranking/bm25.ts'
import { knowledgeArea } from '../server/areas/shop/knowledge/index.ts'
import { serverActor } from '../server/core/call.ts'
import { newId } from '../server/core/ids.ts'
import { languageOf } from '../server/ingest/structure.ts'
import { openDatabase } from '../storage/engine/open.ts'
import { knowledgeStorage } from '../storage/shop/knowledge.ts'

/**
 * How well questions find their documents: real storage, real search, no model.
 *   npm run eval [-- FILE…] [--json FILE]        DATABASE_URL chooses the database, as for the server
 * A FILE is { language, documents: [{ id, title, text }], queries: [{ query, relevant: ids }] }.
 */
interface EvalSet {
  language: string
  documents: { id: string | number; title: string; text: string }[]
  queries: { query: string; relevant: (string | number)[] }[]
}

interface Figures {
  hit_at_1: number
  hit_at_5: number
  ndcg_at_10: number
  search_p50_ms: number
  search_p95_ms: number
  documents: number
  queries: number
}

/** BM25 (k1 1.2, b 0.75) over the same kind of tokens: what the sets' README says a search must reach. */
const reference: Record<string, Pick<Figures, 'hit_at_1' | 'hit_at_5' | 'ndcg_at_10'>> = {
  'retrieval-en.json': { hit_at_1: 0.813, hit_at_5: 0.952, ndcg_at_10: 0.796 },
  'retrieval-zh.json': { hit_at_1: 0.974, hit_at_5: 0.997, ndcg_at_10: 0.988 },
}
const depth = 10
/** A long document has several passages among the best: so many are asked for to have ten documents. */
const passagesPerSearch = 50

async function main() {
  const { values, positionals } = parseArgs({
    options: { json: { type: 'string' } },
    allowPositionals: true,
  })
  const shared = fileURLToPath(new URL('../../shared/data/', import.meta.url))
  const files = positionals.length > 0 ? positionals : Object.keys(reference).map(name => join(shared, name))
  const missing = files.filter(file => !existsSync(file))
  for (const file of missing)
    console.error(`${basename(file)} is not there and is left out. Name a file: npm run eval -- FILE`)
  const figures: Record<string, number> = {}
  console.log(row(['', 'hit@1', 'hit@5', 'nDCG@10', 'p50 ms', 'p95 ms', 'documents', 'questions']))
  for (const file of files.filter(each => !missing.includes(each))) {
    const set: EvalSet = JSON.parse(await readFile(file, 'utf8'))
    const result = await withDatabase(area => evaluate(set, area))
    print(basename(file), result)
    const name = file.startsWith(shared) ? set.language : basename(file).replace(/\.json$/, '')
    for (const [key, value] of Object.entries(result)) figures[`retrieval.${name}.${key}`] = value
  }
  if (values.json) await writeFile(values.json, `${JSON.stringify(figures, null, 2)}\n`)
  if (missing.length > 0 && positionals.length > 0) process.exitCode = 1
}

type Area = ReturnType<typeof knowledgeArea>
type Storage = ReturnType<typeof knowledgeStorage>

/** A database of its own: a new folder, or a new database of the server that DATABASE_URL names, dropped at the end. */
async function withDatabase<T>(work: (opened: { area: Area; storage: Storage }) => Promise<T>): Promise<T> {
  const folder = await mkdtemp(join(tmpdir(), 'parley-eval-'))
  const server = process.env.DATABASE_URL ? new URL(process.env.DATABASE_URL) : null
  const name = `parley_eval_${randomBytes(4).toString('hex')}`
  const own = server && Object.assign(new URL(server), { pathname: `/${name}` })
  const sql = server && postgres(server.href, { max: 1, onnotice() {} })
  if (sql) await sql`create database ${sql(name)}`
  try {
    const database = await openDatabase({ databaseUrl: own?.href ?? null, folder })
    const storage = knowledgeStorage(database, saturation)
    const area = knowledgeArea({
      storage,
      embedding: null,
      progress() {},
      async removeOtherDemo() {},
      async rebuildProducts() {},
      warn: (text, fields) => console.error(text, fields),
    })
    try {
      return await work({ area, storage })
    } finally {
      await area.stop()
      await database.close()
    }
  } finally {
    if (sql) {
      await sql`drop database ${sql(name)} with (force)`
      await sql.end()
    }
    await rm(folder, { recursive: true, force: true })
  }
}

async function evaluate(set: EvalSet, { area, storage }: { area: Area; storage: Storage }): Promise<Figures> {
  const ids = new Map<string, string | number>()
  for (const document of set.documents) ids.set(await add(document, storage), document.id)
  await area.drain()
  await area.analyze()
  const sums = { hit_at_1: 0, hit_at_5: 0, ndcg_at_10: 0 }
  const times: number[] = []
  for (const { query, relevant } of set.queries) {
    const start = performance.now()
    const hits = await area.searchPassages({ query, source: 'document', limit: passagesPerSearch })
    times.push(performance.now() - start)
    const ranked = [...new Set(hits.map(hit => ids.get(hit.source_id)!))].slice(0, depth)
    sums.hit_at_1 += Number(relevant.includes(ranked[0]!))
    sums.hit_at_5 += Number(ranked.slice(0, 5).some(id => relevant.includes(id)))
    sums.ndcg_at_10 += ndcg(ranked, relevant)
  }
  times.sort((a, b) => a - b)
  const count = set.queries.length
  return {
    hit_at_1: sums.hit_at_1 / count,
    hit_at_5: sums.hit_at_5 / count,
    ndcg_at_10: sums.ndcg_at_10 / count,
    search_p50_ms: times[Math.floor(count * 0.5)]!,
    search_p95_ms: times[Math.floor(count * 0.95)]!,
    documents: set.documents.length,
    queries: count,
  }
}

async function add({ title, text }: EvalSet['documents'][number], storage: Storage): Promise<string> {
  const id = newId()
  const document = {
    id,
    name: `${id}.txt`,
    title,
    mime: 'text/plain',
    bytes: Buffer.byteLength(text),
    url: null,
    language: languageOf(text),
    hash: id,
    path: null,
    by: serverActor,
    demo: false,
    sections: JSON.stringify([{ heading: [], text }]),
  }
  await storage.documents.add(document, newId())
  return id
}

/** Relevance is yes or no; the ideal has all relevant documents first, ten at most. */
function ndcg(ranked: (string | number)[], relevant: (string | number)[]): number {
  const gain = (at: number): number => 1 / Math.log2(at + 2)
  const found = ranked.reduce<number>((sum, id, at) => sum + (relevant.includes(id) ? gain(at) : 0), 0)
  const ideal = Array.from({ length: Math.min(depth, relevant.length) }, (_, at) => gain(at))
  return found / ideal.reduce((sum, each) => sum + each, 0)
}

function print(name: string, result: Figures) {
  const share = (value: number) => value.toFixed(3).replace(/^0/, '')
  const { hit_at_1, hit_at_5, ndcg_at_10, search_p50_ms, search_p95_ms, documents, queries } = result
  const times = [search_p50_ms.toFixed(1), search_p95_ms.toFixed(1)]
  console.log(
    row([name, ...[hit_at_1, hit_at_5, ndcg_at_10].map(share), ...times, `${documents}`, `${queries}`]),
  )
  const bm25 = reference[name]
  if (bm25) console.log(row(['  BM25', share(bm25.hit_at_1), share(bm25.hit_at_5), share(bm25.ndcg_at_10)]))
}

function row(cells: string[]): string {
  return cells.map((cell, at) => (at === 0 ? cell.padEnd(24) : cell.padStart(10))).join('')
}

await main()
