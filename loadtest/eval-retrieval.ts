import { existsSync } from 'node:fs'
import { readdir, writeFile } from 'node:fs/promises'
import { basename, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { parseArgs } from 'node:util'
import { Converter } from 'opencc-js/cn2t'
import { saturation } from '../server/answering/retrieval/ranking/bm25.ts'
import { knowledgeArea } from '../server/areas/shop/knowledge/index.ts'
import { serverActor } from '../server/core/call.ts'
import { newId } from '../server/core/ids.ts'
import { createReader } from '../server/ingest/reader.ts'
import { languageOf } from '../server/ingest/structure.ts'
import { knowledgeStorage } from '../storage/shop/knowledge.ts'
import { printCurated } from './eval/curated.ts'
import { withDatabase } from './eval/database.ts'
import { printMemory } from './eval/memory.ts'
import { plainSearch } from './eval/plain-words.ts'
import { printShop } from './eval/report.ts'
import { type EvalSet, readSet } from './eval/sets.ts'
import { shopsIn } from './eval/shop.ts'

/**
 * How well questions find their documents: real storage, real search, no model.
 *   npm run eval [-- FILE…] [--shops FOLDER…] [--json FILE]        DATABASE_URL chooses the database, as for the server
 * A FILE is a set (see eval/sets.ts); a FOLDER has shops in it
 * (see eval/shop.ts), whose conversations are answered by the built-in answerer and held against what is expected. Then what
 * people say of themselves is remembered, replaced and forgotten (see eval/memory.ts).
 */
interface Scores {
  hit_at_1: number
  hit_at_5: number
  ndcg_at_10: number
}

interface Figures extends Scores {
  search_p50_ms: number
  search_p95_ms: number
  documents: number
  queries: number
}

/** BM25 (k1 1.2, b 0.75) over the same kind of tokens: what the sets' README says a search must reach. */
const reference: Record<string, Scores> = {
  'retrieval-en.json': { hit_at_1: 0.813, hit_at_5: 0.952, ndcg_at_10: 0.796 },
  'retrieval-zh.json': { hit_at_1: 0.974, hit_at_5: 0.997, ndcg_at_10: 0.988 },
}
const ownShops = fileURLToPath(new URL('./shops/', import.meta.url))
/** Other languages, written for this. */
const ownSets = fileURLToPath(new URL('./retrieval/', import.meta.url))
const depth = 10
/** A long document has several passages among the best: so many are asked for to have ten documents. */
const passagesPerSearch = 50

async function main() {
  const { values, positionals } = parseArgs({
    options: { json: { type: 'string' }, shops: { type: 'string', multiple: true } },
    allowPositionals: true,
  })
  const shared = fileURLToPath(new URL('../../shared/data/', import.meta.url))
  const own = (await readdir(ownSets)).sort().map(name => join(ownSets, name))
  const files =
    positionals.length > 0 ? positionals : [...Object.keys(reference).map(name => join(shared, name)), ...own]
  const missing = files.filter(file => !existsSync(file))
  for (const file of missing)
    console.error(`${basename(file)} is not there and is left out. Name a file: npm run eval -- FILE`)
  const figures: Record<string, number> = {}
  console.log(row(['', 'hit@1', 'hit@5', 'nDCG@10', 'p50 ms', 'p95 ms', 'documents', 'questions']))
  for (const file of files.filter(each => !missing.includes(each))) {
    const set = await readSet(file)
    const isOurs = file.startsWith(shared) || own.includes(file)
    const name = isOurs ? set.language : basename(file).replace(/\.json$/, '')
    const record = (kind: string, result: Scores) => {
      for (const [key, value] of Object.entries(result)) figures[`retrieval.${kind}.${key}`] = value
    }
    await withArea(async area => {
      const ids = await fill(set, area)
      const result = await evaluate(set.queries, set, area, ids)
      print(basename(file), result)
      record(name, result)
      if (own.includes(file)) {
        const search = plainSearch(set)
        const plain = scoresOf(
          set.queries.map(({ query, relevant }) => ({ ranked: search(query), relevant })),
        )
        printScores('  words as written', plain)
        record(`${name}.as_written`, plain)
      }
      const spelling = set.language === 'zh' ? 'traditional' : 'misspelt'
      const other = await evaluate(
        set.queries.map(each => respelt(each, spelling)),
        set,
        area,
        ids,
      )
      print(`  ${spelling}`, other)
      record(`${name}.${spelling}`, other)
    })
  }
  for (const folder of values.shops ?? [join(shared, 'shops'), ownShops])
    for (const shop of existsSync(folder) ? await shopsIn(folder) : []) await printShop(shop, figures)
  if (positionals.length === 0) await printCurated([join(shared, 'shops'), ownShops], figures)
  if (positionals.length === 0) await withDatabase(database => printMemory(database, figures))
  if (values.json) await writeFile(values.json, `${JSON.stringify(figures, null, 2)}\n`)
  if (missing.length > 0 && positionals.length > 0) process.exitCode = 1
}

type Area = ReturnType<typeof knowledgeArea>
type Storage = ReturnType<typeof knowledgeStorage>

async function withArea<T>(work: (opened: { area: Area; storage: Storage }) => Promise<T>): Promise<T> {
  return withDatabase(async database => {
    const storage = knowledgeStorage(database, saturation)
    const area = knowledgeArea({
      storage,
      reader: createReader(),
      embedding: null,
      clock: Date.now,
      timeZone: async () => 'UTC',
      progress() {},
      async removeOtherDemo() {},
      async rebuildProducts() {},
      warn: (text, fields) => console.error(text, fields),
    })
    try {
      return await work({ area, storage })
    } finally {
      await area.stop()
    }
  })
}

type Ids = ReadonlyMap<string, string | number>

async function fill(set: EvalSet, { area, storage }: { area: Area; storage: Storage }): Promise<Ids> {
  const ids = new Map<string, string | number>()
  for (const document of set.documents) ids.set(await add(document, storage), document.id)
  await area.drain()
  await area.analyze()
  return ids
}

async function evaluate(
  queries: EvalSet['queries'],
  set: EvalSet,
  { area }: { area: Area },
  ids: Ids,
): Promise<Figures> {
  const found: Found[] = []
  const times: number[] = []
  for (const { query, relevant } of queries) {
    const start = performance.now()
    const hits = await area.searchPassages({
      query: await area.correct(query),
      source: 'document',
      limit: passagesPerSearch,
    })
    times.push(performance.now() - start)
    found.push({ ranked: [...new Set(hits.map(hit => ids.get(hit.source_id)!))], relevant })
  }
  times.sort((a, b) => a - b)
  const count = queries.length
  return {
    ...scoresOf(found),
    search_p50_ms: times[Math.floor(count * 0.5)]!,
    search_p95_ms: times[Math.floor(count * 0.95)]!,
    documents: set.documents.length,
    queries: count,
  }
}

/** What a question found, best first, and what answers it. */
interface Found {
  ranked: (string | number)[]
  relevant: (string | number)[]
}

function scoresOf(found: readonly Found[]): Scores {
  const mean = (score: (one: Found) => number) =>
    found.reduce(
      (sum, { ranked, relevant }) => sum + score({ ranked: ranked.slice(0, depth), relevant }),
      0,
    ) / found.length
  return {
    hit_at_1: mean(({ ranked, relevant }) => Number(relevant.includes(ranked[0]!))),
    hit_at_5: mean(({ ranked, relevant }) => Number(ranked.slice(0, 5).some(id => relevant.includes(id)))),
    ndcg_at_10: mean(({ ranked, relevant }) => ndcg(ranked, relevant)),
  }
}

const toTraditional = Converter({ from: 'cn', to: 't' })

/** A question as others write it: in traditional characters, or with one wrong letter in each of its two longest words. */
function respelt({ query, relevant }: EvalSet['queries'][number], spelling: 'traditional' | 'misspelt') {
  if (spelling === 'traditional') return { query: toTraditional(query), relevant }
  const longest = (query.match(/(?<!\p{L})(?:(?!\p{Script=Han})\p{L}){5,}(?!\p{L})/gu) ?? [])
    .sort((a, b) => b.length - a.length)
    .slice(0, 2)
  return {
    query: longest.reduce((text, word, at) => text.replace(word, misspell(word, at)), query),
    relevant,
  }
}

/** Two letters that changed places, or one left out, in the middle of the word. */
function misspell(word: string, kind: number): string {
  const at = Math.floor(word.length / 2)
  return kind === 0
    ? word.slice(0, at - 1) + word[at]! + word[at - 1]! + word.slice(at + 1)
    : word.slice(0, at) + word.slice(at + 1)
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

function print(name: string, { search_p50_ms, search_p95_ms, documents, queries, ...scores }: Figures) {
  const times = [search_p50_ms.toFixed(1), search_p95_ms.toFixed(1)]
  printScores(name, scores, [...times, `${documents}`, `${queries}`])
  const bm25 = reference[name]
  if (bm25) printScores('  BM25', bm25)
}

function printScores(name: string, { hit_at_1, hit_at_5, ndcg_at_10 }: Scores, others: string[] = []) {
  const share = (value: number) => value.toFixed(3).replace(/^0/, '')
  console.log(row([name, ...[hit_at_1, hit_at_5, ndcg_at_10].map(share), ...others]))
}

function row(cells: string[]): string {
  return cells.map((cell, at) => (at === 0 ? cell.padEnd(24) : cell.padStart(10))).join('')
}

await main()
