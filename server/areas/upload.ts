import { type Attachment, OperationError, roleAtLeast } from '#protocol'
import type { uploadOperations } from '#protocol/upload'
import type { Head } from '#storage/conversation'
import type { StoredUpload, UploadStorage, UploadText } from '#storage/uploads'
import { type Call, type Handlers, personOf, uploadedFile } from '../call.ts'
import { newId } from '../ids.ts'
import { readAttachment } from '../ingest/attachment.ts'
import { queryTerms, withSynonyms } from '../retrieval/bm25.ts'
import type { Evidence, Question } from '../retrieval/evidence.ts'
import { rankUploadPassages, type UploadPassage, uploadPassages } from '../retrieval/uploads.ts'
import { assertMayRead } from './access.ts'

export interface UploadDeps {
  storage: UploadStorage
  findHead(conversationId: string): Promise<Head | null>
}

/** The newest files of a conversation that are asked. */
const askedMax = 10
/** Files whose passages are kept ready, and for how long: what is erased is in no memory for longer. */
const readMax = 100
const readMs = 600_000
const leastScore = 0.2
/** A file that comes with the question is what the question is about, whatever its words. */
const nowScore = 0.5
const nowPassages = 3
/** Until some of them may have been attached, or have expired. */
const busyMs = 10_000

interface ReadUpload extends UploadText {
  passages: UploadPassage[]
}

/** Files that people attach to what they say. */
export function uploadArea({ storage, findHead }: UploadDeps) {
  const read = new Map<string, ReadUpload>()

  const handlers: Handlers<typeof uploadOperations> = {
    async 'upload:create'({ file }, call) {
      const given = uploadedFile(file)
      const { name, mime, text } = await readAttachment(given)
      const { id: personId, role, name: personName } = personOf(call)
      const upload = { id: newId(), name, mime, text, content: given.bytes }
      if (!(await storage.add({ personId, role, name: personName }, upload)))
        throw new OperationError('RATE_LIMITED', 'Attach the files that are there already, or wait.', {
          retry_after_ms: busyMs,
        })
      const attachment: Attachment = {
        id: upload.id,
        name,
        mime,
        bytes: given.bytes.byteLength,
        extracted: text !== null,
      }
      return { upload_id: upload.id, extracted_content: text, attachment }
    },

    async 'upload:get'({ upload_id }, call) {
      const upload = await storage.find(upload_id)
      if (!upload || !(await mayRead(upload, call))) throw noSuchUpload()
      const content = await storage.content(upload_id)
      if (!content) throw noSuchUpload()
      return { name: upload.name, mime: upload.mime, body: [content] }
    },
  }

  async function mayRead({ person_id, conversation_id }: StoredUpload, { caller }: Call): Promise<boolean> {
    if (person_id === caller.id) return true
    const head = conversation_id && (await findHead(conversation_id))
    if (!head) return false
    const audience = roleAtLeast(caller.role, 'agent') ? 'agent' : 'visitor'
    try {
      assertMayRead(head, { ...caller, audience })
      return true
    } catch {
      return false
    }
  }

  /** Passages of the conversation's files that may answer, best first. */
  async function findEvidence({ text, uploads = [] }: Question, limit: number): Promise<Evidence[]> {
    if (uploads.length === 0) return []
    const asked = uploads.slice(-askedMax)
    const files = await readAll(asked.map(({ id }) => id))
    const terms = withSynonyms('document', text, queryTerms('document', text))
    return files
      .flatMap(file => {
        const now = asked.some(({ id, now }) => now && id === file.id)
        return rankUploadPassages(file.passages, terms).map(({ passage, score }, place) => ({
          file,
          passage,
          score: now && place < nowPassages ? Math.max(score, nowScore) : score,
        }))
      })
      .filter(({ score }) => score >= leastScore)
      .sort((a, b) => b.score - a.score)
      .slice(0, limit)
      .map(({ file, passage, score }) => ({
        source: 'upload',
        source_id: file.id,
        title: file.name,
        url: null,
        text: passage.text,
        score,
        updated_at: file.created_at,
      }))
  }

  async function readAll(ids: string[]): Promise<ReadUpload[]> {
    const missing = ids.filter(id => !read.has(id))
    for (const upload of missing.length > 0 ? await storage.texts(missing) : []) {
      read.set(upload.id, { ...upload, passages: await uploadPassages(upload.text) })
      setTimeout(() => read.delete(upload.id), readMs).unref()
    }
    const found = ids.flatMap(id => read.get(id) ?? [])
    for (const id of read.keys()) if (read.size > readMax) read.delete(id)
    return found
  }

  /** A conversation is gone: what was read of its files is held no longer. */
  const forget = () => read.clear()

  return { handlers, findEvidence, expire: storage.expire, forget }
}

function noSuchUpload(): OperationError {
  return new OperationError('NOT_FOUND', 'There is no such upload.')
}
