import { OperationError, toPage } from '#protocol'
import type { knowledgeOperations } from '#protocol/shop/knowledge'
import type { Actor } from '#storage/identity/audit'
import { derivation } from '../../../answering/retrieval/derivation.ts'
import type { Evidence, Question } from '../../../answering/retrieval/evidence.ts'
import { actorOf, type Handlers, serverActor, type UploadedFile, uploadedFile } from '../../../core/call.ts'
import { newId } from '../../../core/ids.ts'
import { readDocument } from '../../../ingest/off-thread.ts'
import { createJobRunner } from '../../../jobs/runner.ts'
import { createCorrection } from './correction.ts'
import { type KnowledgeDeps, toJob } from './deps.ts'
import { findEvidence } from './evidence.ts'
import { filesOf } from './folder.ts'
import { createIndexer, type ProductPassage } from './indexing.ts'
import { createSearch, type PassageHit, type PassageSearch } from './searching.ts'

export type { KnowledgeDeps } from './deps.ts'
export type { ProductPassage } from './indexing.ts'

export interface AddOptions {
  title?: string
  url?: string
  /** Made by us to show the product; the owner's first import removes it. */
  demo?: boolean
  /** Where it lies in an imported folder. */
  path?: string
  by?: Actor
}

export interface FolderReport {
  added: number
  unchanged: number
  removed: number
  /** Files that could not be read, each with the reason in words. */
  failed: { path: string; reason: string }[]
}

/** After so many documents at once the tables are worth an ANALYZE. */
const analyzeAfterJobs = 20

/** Documents, the index over documents and products, and the search in it. */
export function knowledgeArea(deps: KnowledgeDeps) {
  const { documents, jobs, passages, vectors } = deps.storage
  const { search, searchPassages } = createSearch(deps)
  const indexer = createIndexer(deps)
  const correct = createCorrection(deps)
  const runner = createJobRunner({
    storage: jobs,
    kinds: {
      index: {
        async perform(id, work) {
          await indexer.indexDocument(id!, work)
          await indexer.recomputeWeights('document')
          await embedLater()
        },
        onFailed: (id, reason) => documents.fail(id!, reason),
      },
      rebuild: {
        async perform(_subject, work) {
          await indexer.rebuild(work)
          await embedLater()
        },
      },
      /** What an older derivation made is made anew. */
      derive: {
        async perform(_subject, work) {
          await indexer.rebuild(work, { outdatedOnly: true })
          await embedLater()
        },
      },
      embed: { perform: (_subject, work) => indexer.embedMissing(work) },
    },
    onProgress: job => deps.progress(toJob(job)),
    async onDrained(done) {
      if (done >= analyzeAfterJobs) await passages.analyze()
    },
    warn: deps.warn,
  })

  async function embedLater(): Promise<void> {
    if (!deps.embedding) return
    const { all, embedded, refused } = await vectors.counts(deps.embedding.model)
    if (embedded + refused >= all && (await vectors.missing(deps.embedding.model, 1)).length === 0) return
    await jobs.enqueueOnce({ id: newId(), kind: 'embed' })
    runner.wake()
  }

  async function embeddingState() {
    if (!deps.embedding) return null
    const { model } = deps.embedding
    const { all: passages, embedded, refused } = await vectors.counts(model)
    return { model, passages, embedded, refused }
  }

  /** Reads the file and adds it with the job that indexes it. @throws OperationError as `readFile` */
  async function addDocument(file: UploadedFile, options: AddOptions = {}) {
    const { demo = false, path = null, url = null, title, by = serverActor } = options
    const read = await readDocument(file)
    const added = await documents.add(
      { ...read, id: newId(), title: title?.trim() || read.title, url, path, demo, by },
      newId(),
    )
    if (!demo) await ownersImport()
    runner.wake()
    return added
  }

  async function ownersImport(): Promise<void> {
    await documents.removeDemo(serverActor)
    await deps.removeOtherDemo()
  }

  async function importFolder(folder: string, { demo = false } = {}): Promise<FolderReport> {
    const key = demo ? 'demo:' : ''
    const known = await documents.imported(demo)
    const report: FolderReport = { added: 0, unchanged: 0, removed: 0, failed: [] }
    const seen = new Set<string>()
    for await (const file of filesOf(folder, (path, reason) => report.failed.push({ path, reason }))) {
      const path = key + file.path
      seen.add(path)
      if (known.get(path)?.hash === file.hash) report.unchanged++
      else
        try {
          await addDocument({ name: file.name, mime: '', bytes: file.bytes }, { demo, path })
          report.added++
        } catch (error) {
          if (!(error instanceof OperationError)) throw error
          report.failed.push({ path: file.path, reason: error.message })
        }
    }
    // An empty folder is rather one that is not mounted than one that was cleared.
    if (seen.size > 0)
      for (const [path, { id }] of known)
        if (!seen.has(path) && (await documents.remove(id, serverActor))) report.removed++
    return report
  }

  const handlers: Handlers<typeof knowledgeOperations> = {
    async 'document:upload'({ file, title, url }, call) {
      const { id } = await addDocument(uploadedFile(file), { title, url, by: actorOf(call) })
      return { doc_id: id }
    },
    async 'document:list'(query) {
      const { items, total } = await documents.list(query)
      return toPage(items, total, query)
    },
    async 'document:get'({ doc_id }) {
      return (await documents.get(doc_id)) ?? noDocument()
    },
    async 'document:delete'({ doc_id }, call) {
      return (await documents.remove(doc_id, actorOf(call))) ? null : noDocument()
    },
    async 'index:rebuild'(_input, call) {
      const audit = { actor: actorOf(call), scope: 'knowledge' as const, action: 'index:rebuild' }
      const job_id = await jobs.enqueueOnce({ id: newId(), kind: 'rebuild' }, audit)
      runner.wake()
      return { job_id }
    },
    async 'index:status'() {
      const [job, embedding] = await Promise.all([jobs.current(), embeddingState()])
      if (!job || job.status === 'done')
        return { status: 'idle', progress: 1, job: job && toJob(job), embedding }
      return {
        status: job.status === 'error' ? 'error' : 'building',
        progress: job.progress,
        job: toJob(job),
        embedding,
      }
    },
  }

  return {
    handlers,
    addDocument,
    importFolder,
    /** A question with its misspelt words as the shop writes them. */
    correct,
    searchPassages: searchPassages as (request: PassageSearch) => Promise<PassageHit[]>,
    /** Passages of documents that may answer, best first. */
    findEvidence(question: Question, limit: number): Promise<Evidence[]> {
      return findEvidence(search, question, limit)
    },
    /** Puts the passages of a new catalogue in place of the old one's, at once for every search. */
    async replaceProductPassages(
      rows: Iterable<ProductPassage> | AsyncIterable<ProductPassage>,
      version: number | null = null,
    ): Promise<void> {
      await indexer.replaceProductPassages(rows, version)
      await embedLater()
    },
    indexedProducts: passages.productCorpus,
    /** Removes the demo documents; those of other areas are theirs to remove. */
    async removeDemo(): Promise<void> {
      await documents.removeDemo(serverActor)
    },
    hasDocuments: async () => (await documents.list({ page: 1, page_size: 1 })).total > 0,
    /** Takes up jobs from now on, embeds what a newly configured model has not seen, and has made anew what an older derivation made. */
    async start({ productsOutdated = false } = {}): Promise<void> {
      runner.start()
      if (productsOutdated || (await documents.idsAfter(null, derivation)).length > 0) {
        await jobs.enqueueOnce({ id: newId(), kind: 'derive' })
        runner.wake()
      }
      await embedLater()
    },
    stop: () => runner.stop(),
    /** Does the jobs that may run now and returns when none is left: for tools and tests. */
    drain: () => runner.drain(),
    /** After much was imported at once: see PassageStorage.analyze. */
    analyze: () => passages.analyze(),
  }
}

function noDocument(): never {
  throw new OperationError('NOT_FOUND', 'There is no such document.')
}
