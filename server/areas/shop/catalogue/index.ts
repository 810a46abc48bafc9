import { readFile } from 'node:fs/promises'
import { basename } from 'node:path'
import { invalid, type Language, OperationError, type Product, toPage } from '#protocol'
import type { catalogueOperations, ProductInput } from '#protocol/shop/catalogue'
import type { Actor } from '#storage/identity/audit'
import type { VersionRow } from '#storage/shop/catalogue'
import { productText } from '../../../answering/retrieval/catalogue/facts.ts'
import { type CatalogueProfile, createProfiler } from '../../../answering/retrieval/catalogue/profile.ts'
import { derivation } from '../../../answering/retrieval/derivation.ts'
import type { Evidence, Question } from '../../../answering/retrieval/evidence.ts'
import { readerOf } from '../../../answering/retrieval/question/text-filters.ts'
import { actorOf, type Call, type Handlers, serverActor, type UploadedFile } from '../../../core/call.ts'
import { yieldToLoop } from '../../../core/turns.ts'
import { comparisonOf } from './compare.ts'
import { findProducts } from './evidence.ts'
import { derivedOf, type ReadCatalogue, readCatalogue, readInline } from './import.ts'
import { createImportProgress, type ImportProgress } from './import-progress.ts'
import { type ImportedBytes, readRows } from './import-rows.ts'
import { recommend } from './recommend.ts'
import { searchProducts } from './search.ts'
import type { ActiveCatalogue, CatalogueDeps, ProductPassage } from './types.ts'

export type { CatalogueDeps } from './types.ts'

export interface ImportResult {
  count: number
  version: number
}

interface Importing {
  demo: boolean
  by: Actor
  /** The same content as the active version makes no new one. */
  skipIfUnchanged: boolean
}

/** Small, so that neither the loop nor the embedded database's one connection is held for long. */
const sliceRows = 100
const activeVersionCacheMs = 250

/** The shop's products: versions of them, search, recommendation, comparison, and evidence for answers. */
export function catalogueArea(deps: CatalogueDeps) {
  const { storage } = deps
  let cached: ActiveCatalogue | null = null
  let importing: Promise<unknown> = Promise.resolve()
  let lastLookup: { at: number; active: Promise<VersionRow | null> } | null = null

  /** The active version with its profile, read once per version. */
  async function activeCatalogue(): Promise<ActiveCatalogue | null> {
    const active = await activeVersion()
    if (active === null) return null
    if (cached?.version === active.version) return cached
    // A version of before there were kinds has none.
    const stored = (await storage.profile(active.version)) as CatalogueProfile
    const profile = { ...stored, kinds: stored.kinds ?? {} }
    cached = {
      version: active.version,
      demo: active.demo,
      profile: { ...profile, reader: readerOf(profile) },
    }
    return cached
  }

  /** Which version is active, asked once for all questions of a moment: imports of other nodes are seen that much later. */
  function activeVersion(): Promise<VersionRow | null> {
    if (lastLookup && performance.now() - lastLookup.at < activeVersionCacheMs) return lastLookup.active
    const active = storage.active()
    lastLookup = { at: performance.now(), active }
    active.catch(() => {
      lastLookup = null
    })
    return active
  }

  /** Imports and restores wait for each other, so that the index holds what is active. */
  function serialized<T>(work: () => Promise<T>): Promise<T> {
    const running = importing.then(work).finally(() => {
      lastLookup = null
    })
    importing = running.catch(() => {})
    return running
  }

  /** A version's products in slices, by their places. */
  async function* slicesOf(version: number) {
    for (let from = 0; ; ) {
      const rows = await storage.slice(version, from, sliceRows)
      if (rows.length === 0) return
      yield rows
      from = rows.at(-1)!.position + 1
    }
  }

  /** @param reach hears how many products have been indexed */
  async function* passagesOf(
    version: number,
    onProgress: (done: number) => void,
  ): AsyncGenerator<ProductPassage> {
    let done = 0
    for await (const rows of slicesOf(version)) {
      yield* rows.map(passageOf)
      done += rows.length
      onProgress(done)
    }
  }

  function index(version: number, onProgress: (done: number) => void = () => {}): Promise<void> {
    return deps.replaceProductPassages(passagesOf(version, onProgress), version)
  }

  /** A version becomes active once all of it is stored; nothing has changed if it does not. */
  async function importCatalogue(
    read: ReadCatalogue,
    { demo, by, skipIfUnchanged }: Importing,
    progress: ImportProgress,
  ): Promise<ImportResult> {
    const { count, hash, profile } = read
    const active = await storage.active()
    if (skipIfUnchanged && active?.hash === hash) return { count: active.count, version: active.version }
    const version = await storage.stage({ count, demo, hash, profile, derivation, by })
    try {
      let stored = 0
      for (let rows = await read.nextRows(); rows !== null; rows = await read.nextRows()) {
        await storage.addProducts(version, rows)
        stored += sliceRows
        progress.setProgress(stored / count / 2)
      }
      await storage.publish(version, { count, demo, by })
    } catch (error) {
      await storage.removeVersion(version).catch(() => {})
      throw error
    }
    lastLookup = null
    await index(version, done => progress.setProgress((1 + done / count) / 2))
    await storage.removeAbandoned()
    if (!demo) await deps.removeDemo()
    return { count, version }
  }

  function importSerialized(
    readInput: () => Promise<ReadCatalogue>,
    importing: Importing,
  ): Promise<ImportResult> {
    return serialized(async () => {
      const progress = createImportProgress(deps.progress, deps.clock)
      progress.setProgress(0)
      let read: ReadCatalogue | null = null
      try {
        read = await readInput()
        const result = await importCatalogue(read, importing, progress)
        progress.done()
        return result
      } catch (error) {
        progress.fail(
          error instanceof OperationError ? error.message : 'An internal error; the server log has it.',
        )
        throw error
      } finally {
        await read?.close()
      }
    })
  }

  /** What is derived of a version's products is made anew, in slices; each serves as it was until it is new. */
  async function derive(version: number, signal?: AbortSignal): Promise<void> {
    const profiler = createProfiler()
    for await (const rows of slicesOf(version)) {
      signal?.throwIfAborted()
      const derived = rows.map(row => ({ id: row.id, ...derivedOf(row) }))
      for (const [at, row] of rows.entries()) profiler.add(row, derived[at]!.kinds)
      await storage.setDerived(version, derived)
      await yieldToLoop()
    }
    await storage.setProfile(version, profiler.profile(), derivation)
    cached = null
  }

  function restore(version: number, by: Actor): Promise<ImportResult> {
    return serialized(async () => {
      const found = await storage.version(version)
      if (found && found.derivation < derivation) await derive(version)
      const row = found && (await storage.restore(version, by))
      if (row === null) throw new OperationError('NOT_FOUND', `There is no catalogue version ${version}.`)
      lastLookup = null
      await index(version)
      return { count: row.count, version }
    })
  }

  /** Whether an older derivation made what answers are found by, or the index was made of another version. */
  async function isOutdated(): Promise<boolean> {
    const active = await storage.active()
    const indexed = await deps.indexedProducts()
    if (active === null) return indexed.version !== null
    return (
      active.derivation < derivation || indexed.derivation < derivation || indexed.version !== active.version
    )
  }

  const handlers: Handlers<typeof catalogueOperations> = {
    async 'product:search'({ query, category, page, page_size }) {
      const current = await activeCatalogue()
      if (!current) return toPage([], 0, { page, page_size })
      const request = { limit: page_size, offset: (page - 1) * page_size }
      if (query.trim() === '') {
        const { items, total } = await storage.find(current.version, { category, ...request })
        return toPage(items, total, { page, page_size })
      }
      const { items, total } = await searchProducts(deps, current, { query, category, ...request })
      return toPage(
        items.map(({ product, score }) => ({ ...product, score })),
        total,
        { page, page_size },
      )
    },

    async 'product:recommend'({ query, top_n, language, context }, call) {
      const current = await activeCatalogue()
      if (!current) return { products: [], reasons: [], references: [] }
      const question = {
        text: query,
        earlier: [],
        language: languageOf(language, call, query),
        context: context ?? {},
      }
      return recommend(deps, current, question, top_n)
    },

    async 'product:compare'({ product_ids, language }, call) {
      const current = await activeCatalogue()
      const products = current ? await storage.byIds(current.version, product_ids) : []
      const missing = product_ids.find(id => !products.some(product => product.id === id))
      if (missing !== undefined)
        throw new OperationError('NOT_FOUND', `There is no product ${missing}.`, { product_id: missing })
      return {
        comparison: comparisonOf(products, languageOf(language, call)),
        as_of: new Date(deps.clock()).toISOString(),
      }
    },

    'catalogue:import': ({ file, body }, call) =>
      importSerialized(() => readCatalogue(file === undefined ? bodyOf(body) : readUpload(file)), {
        demo: false,
        by: actorOf(call),
        skipIfUnchanged: false,
      }),

    async 'catalogue:list'({ page, page_size, search }) {
      const active = await storage.active()
      if (!active) return toPage([], 0, { page, page_size })
      const { items, total } = await storage.find(active.version, {
        search: search?.trim(),
        order: 'id',
        limit: page_size,
        offset: (page - 1) * page_size,
      })
      return toPage(items, total, { page, page_size })
    },

    async 'catalogue:versions'({ page, page_size }) {
      const { items, total } = await storage.versions(page_size, (page - 1) * page_size)
      return toPage(items.map(withoutHash), total, { page, page_size })
    },

    'catalogue:restore': ({ version }, call) => restore(version, actorOf(call)),
  }

  return {
    handlers,

    /** The database is another: what was read of the one before does not count. */
    restart(): void {
      cached = null
      lastLookup = null
    },

    /** For the command line and the environment: a file whose content is active already changes nothing. */
    async importFile(path: string): Promise<ImportResult> {
      const bytes = new Uint8Array(await readFile(path))
      return importSerialized(() => readCatalogue({ bytes, fileName: basename(path) }), {
        demo: false,
        by: serverActor,
        skipIfUnchanged: true,
      })
    },

    /** The demo shop of a first start; the owner's first import removes it. */
    importDemo: (rows: ProductInput[]) =>
      importSerialized(() => readInline(readRows(rows)), {
        demo: true,
        by: serverActor,
        skipIfUnchanged: true,
      }),

    /** The owner has begun to import elsewhere: the demo products go. */
    removeDemo: () =>
      serialized(async () => {
        if (await storage.removeDemo()) await deps.replaceProductPassages(noPassages(), null)
      }),

    isOutdated,

    /** Derives and indexes the active version's products anew; with `outdatedOnly` where that is due. */
    rebuild: (signal: AbortSignal, { outdatedOnly }: { outdatedOnly: boolean }): Promise<void> =>
      serialized(async () => {
        if (outdatedOnly && !(await isOutdated())) return
        const active = await storage.active()
        if (active === null) return deps.replaceProductPassages(noPassages(), null)
        await derive(active.version, signal)
        await index(active.version)
        await storage.removeAbandoned()
      }),

    /** Whether anything was imported yet. */
    isEmpty: async () => (await storage.active()) === null,

    /** The products a question is about, best first, each with its facts in the question's language. */
    async findProducts(question: Question, limit: number): Promise<Evidence[]> {
      const current = await activeCatalogue()
      return current ? findProducts(deps, current, question, limit) : []
    },
  }
}

function passageOf(product: Product) {
  return {
    source_id: product.id,
    title: product.name,
    url: product.url,
    text: productText(product, 'en'),
    updated_at: product.updated_at,
  }
}

async function* noPassages(): AsyncGenerator<ProductPassage> {}

function bodyOf(body: unknown): ImportedBytes {
  if (body === undefined) throw invalid('file', 'is missing')
  const bytes = body instanceof Uint8Array ? body : new TextEncoder().encode(JSON.stringify(body))
  return { bytes, fileName: null }
}

function readUpload(file: unknown): ImportedBytes {
  const { bytes, name } = (file ?? {}) as Partial<UploadedFile>
  if (!(bytes instanceof Uint8Array)) throw invalid('file', 'must be a file')
  return { bytes, fileName: typeof name === 'string' ? name : '' }
}

function languageOf(requested: Language | undefined, call: Call, text = ''): Language {
  return requested ?? (/\p{Script=Han}/u.test(text) ? 'zh' : (call.caller.language ?? 'en'))
}

function withoutHash({ hash: _hash, derivation: _derivation, ...row }: VersionRow) {
  return row
}
