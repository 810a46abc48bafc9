import type { OperationOutput } from '#protocol'
import { OperationError } from '#protocol'
import type { knowledgeOperations } from '#protocol/shop/knowledge'
import { actorOf, type Handlers, uploadedFile } from '../../../core/call.ts'
import { newId } from '../../../core/ids.ts'
import type { KnowledgeDeps } from './deps.ts'
import { differenceOf } from './difference.ts'
import type { createLibrary } from './library.ts'

/** Longer texts, in UTF-16 units of their JSON, are not compared while the server waits. */
const comparedMax = 1_000_000
const changesMax = 500

type StoredDocument = NonNullable<Awaited<ReturnType<KnowledgeDeps['storage']['documents']['get']>>>

interface VersionUses extends Pick<ReturnType<typeof createLibrary>, 'replaceDocument'> {
  toDocument(row: StoredDocument): Promise<OperationOutput<'document:get'>>
  wakeIndex(): void
}

/** What a document was before it was replaced, and the way back. */
export function versionHandlers(
  { storage: { documents } }: Pick<KnowledgeDeps, 'storage'>,
  { replaceDocument, toDocument, wakeIndex }: VersionUses,
) {
  return {
    async 'document:replace'({ doc_id, file }, call) {
      const outcome = await replaceDocument(doc_id, uploadedFile(file), actorOf(call))
      if (outcome === 'not_found') return noDocument()
      return { document: await toDocument((await documents.get(doc_id)) ?? noDocument()) }
    },
    async 'document:versions'({ doc_id }) {
      return { versions: (await documents.versions(doc_id)) ?? noDocument() }
    },
    async 'document:compare'({ doc_id, version }) {
      const texts = (await documents.versionTexts(doc_id, version, comparedMax)) ?? noDocument()
      if (texts.before === null || texts.now === null) return { changes: null, more: 0 }
      const changes = differenceOf(JSON.parse(texts.before), JSON.parse(texts.now))
      return { changes: changes.slice(0, changesMax), more: Math.max(0, changes.length - changesMax) }
    },
    async 'document:restore'({ doc_id, version }, call) {
      const outcome = await documents.restore(doc_id, version, { jobId: newId(), by: actorOf(call) })
      if (outcome === 'not_found') return noDocument()
      wakeIndex()
      return { document: await toDocument((await documents.get(doc_id)) ?? noDocument()) }
    },
  } satisfies Partial<Handlers<typeof knowledgeOperations>>
}

/** @throws OperationError NOT_FOUND */
export function noDocument(): never {
  throw new OperationError('NOT_FOUND', 'There is no such document, or no such version of it.')
}
