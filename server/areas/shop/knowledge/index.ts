import { invalid, toPage } from '#protocol'
import type { knowledgeOperations } from '#protocol/shop/knowledge'
import type { DocumentDays } from '#storage/shop/knowledge'
import type { Evidence, Question } from '../../../answering/retrieval/evidence.ts'
import { actorOf, type Handlers, serverActor, uploadedFile } from '../../../core/call.ts'
import { createCorrection } from './correction.ts'
import type { KnowledgeDeps } from './deps.ts'
import { explainEvidence, findEvidence } from './evidence.ts'
import { createIndexJobs } from './index-jobs.ts'
import { createIndexer, type ProductPassage } from './indexing.ts'
import { createLibrary } from './library.ts'
import { spanOf } from './place.ts'
import { createSearch, type PassageHit, type PassageSearch } from './searching.ts'
import { createValidity } from './validity.ts'
import { noDocument, versionHandlers } from './versions.ts'

export type { KnowledgeDeps } from './deps.ts'
export type { ProductPassage } from './indexing.ts'

/** Documents, the index over documents and products, and the search in it. */
export function knowledgeArea(deps: KnowledgeDeps) {
  const { documents, passages } = deps.storage
  const validity = createValidity(deps)
  const { search, searchPassages } = createSearch(deps, validity)
  const indexer = createIndexer(deps)
  const correct = createCorrection(deps)
  const indexJobs = createIndexJobs(deps, indexer)
  const { addDocument, replaceDocument, importArchive, importFolder } = createLibrary(deps, indexJobs.wake)

  async function toDocument<D extends Omit<DocumentDays, 'id'>>(document: D) {
    return { ...document, validity: await validity.stateOf(document) }
  }

  const handlers: Handlers<typeof knowledgeOperations> = {
    async 'document:upload'({ file, title, url }, call) {
      const { id } = await addDocument(uploadedFile(file), { title, url, by: actorOf(call) })
      return { doc_id: id }
    },
    async 'document:import'({ file }, call) {
      return { files: await importArchive(uploadedFile(file), actorOf(call)) }
    },
    async 'document:list'(query) {
      const { items, total } = await documents.list(query)
      return toPage(await Promise.all(items.map(toDocument)), total, query)
    },
    async 'document:get'({ doc_id }) {
      return toDocument((await documents.get(doc_id)) ?? noDocument())
    },
    async 'document:update'({ doc_id, tags, ...fields }, call) {
      const changes = { ...fields, ...(tags && { tags: [...new Set(tags)] }) }
      const result = await documents.update(doc_id, changes, actorOf(call))
      if (result.outcome === 'not_found') return noDocument()
      if (result.outcome === 'ends_first') throw invalid('valid_until', 'must not be before valid_from')
      validity.refreshSoon()
      deps.publishValidity?.()
      return { document: await toDocument(result.document) }
    },
    async 'document:passages'({ doc_id, ...query }) {
      const { items, total } = (await documents.passages(doc_id, query)) ?? noDocument()
      const shown = items.map(passage => ({ ...passage, place: passage.place && spanOf(passage.place) }))
      return toPage(shown, total, query)
    },
    ...versionHandlers(deps, { replaceDocument, toDocument, wakeIndex: indexJobs.wake }),
    async 'document:delete'({ doc_id }, call) {
      return (await documents.remove(doc_id, actorOf(call))) ? null : noDocument()
    },
    async 'index:rebuild'(_input, call) {
      const audit = { actor: actorOf(call), scope: 'knowledge' as const, action: 'index:rebuild' }
      return { job_id: await indexJobs.enqueue('rebuild', audit) }
    },
    async 'index:status'() {
      const [state, embedding] = await Promise.all([indexJobs.state(), indexJobs.embeddingState()])
      return { ...state, embedding }
    },
  }

  return {
    handlers,
    indexState: indexJobs.state,
    listOutdated: validity.outdated,
    /** Another node has changed the days of a document, or the shop its time zone. */
    refreshValidity: validity.refreshSoon,
    addDocument,
    importFolder,
    /** A question with its misspelt words as the shop writes them. */
    correct,
    searchPassages: searchPassages as (request: PassageSearch) => Promise<PassageHit[]>,
    /** Passages of documents that may answer, best first. */
    findEvidence(question: Question, limit: number): Promise<Evidence[]> {
      return findEvidence(search, question, { limit, endOf: validity.endOf })
    },
    /** The same with why, and with those that say too little. */
    explainEvidence: (question: Question, limit: number) => explainEvidence(search, question, limit),
    /** Puts the passages of a new catalogue in place of the old one's, at once for every search. */
    async replaceProductPassages(
      rows: Iterable<ProductPassage> | AsyncIterable<ProductPassage>,
      version: number | null = null,
    ): Promise<void> {
      await indexer.replaceProductPassages(rows, version)
      await indexJobs.embedLater()
    },
    indexedProducts: passages.productCorpus,
    /** Removes the demo documents; those of other areas are theirs to remove. */
    async removeDemo(): Promise<void> {
      await documents.removeDemo(serverActor)
    },
    hasDocuments: async () => (await documents.list({ page: 1, page_size: 1 })).total > 0,
    start: indexJobs.start,
    stop: indexJobs.stop,
    drain: indexJobs.drain,
    /** After much was imported at once: see PassageStorage.analyze. */
    analyze: () => passages.analyze(),
  }
}
