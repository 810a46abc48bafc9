import { type Attachment, OperationError, roleAtLeast } from '#protocol'
import type { uploadOperations } from '#protocol/chat/upload'
import type { StoredUpload, UploadOutcome, UploadQuotas, UploadStorage } from '#storage/chat/upload'
import { assertMayRead, type FindConversation } from '../../../core/access.ts'
import { type Call, type Handlers, personOf, uploadedFile } from '../../../core/call.ts'
import { newId } from '../../../core/ids.ts'
import { readAttachment } from '../../../ingest/attachment.ts'
import { createUploadSearch } from './search.ts'

export interface UploadDeps {
  storage: UploadStorage
  quotas: UploadQuotas
  findConversation: FindConversation
}

/** Until some of them may have been attached, or have expired. */
const busyMs = 10_000
const hourMs = 3_600_000
const storedBytesCacheMs = 5000

/** Files that people attach to what they say. */
export function uploadArea({ storage, quotas, findConversation }: UploadDeps) {
  const search = createUploadSearch(storage)

  const handlers: Handlers<typeof uploadOperations> = {
    async 'upload:create'({ file }, call) {
      const uploaded = uploadedFile(file)
      const { name, mime, text } = await readAttachment(uploaded)
      const { id: personId, role, name: personName } = personOf(call)
      const upload = { id: newId(), name, mime, text, content: uploaded.bytes }
      if ((await storedBytes()) + uploaded.bytes.byteLength > quotas.total) throw installationFull()
      const network = roleAtLeast(role, 'agent') ? null : call.network
      const outcome = await storage.add({ personId, role, name: personName }, upload, { network, quotas })
      if (outcome !== 'saved') throw quotaError(outcome)
      stored.bytes += uploaded.bytes.byteLength
      const attachment: Attachment = {
        id: upload.id,
        name,
        mime,
        bytes: uploaded.bytes.byteLength,
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

  const stored = { bytes: 0, until: 0 }

  /** Other nodes add to it too: what is known of it holds for a moment. */
  async function storedBytes(): Promise<number> {
    if (performance.now() < stored.until) return stored.bytes
    stored.bytes = await storage.storedBytes()
    stored.until = performance.now() + storedBytesCacheMs
    return stored.bytes
  }

  async function mayRead({ person_id, conversation_id }: StoredUpload, { caller }: Call): Promise<boolean> {
    if (person_id === caller.id) return true
    const head = conversation_id && (await findConversation(conversation_id))
    if (!head) return false
    const audience = roleAtLeast(caller.role, 'agent') ? 'agent' : 'visitor'
    try {
      assertMayRead(head, { ...caller, audience })
      return true
    } catch {
      return false
    }
  }

  return { handlers, ...search, storedBytes, expire: storage.expire }
}

function quotaError(outcome: Exclude<UploadOutcome, 'saved'>): OperationError {
  return outcome === 'person_full'
    ? new OperationError('RATE_LIMITED', 'Attach the files that are there already, or wait.', {
        retry_after_ms: busyMs,
      })
    : new OperationError('RATE_LIMITED', 'Too many files came from your network today; try again tomorrow.', {
        retry_after_ms: hourMs,
      })
}

function installationFull(): OperationError {
  return new OperationError('INSUFFICIENT_QUOTA', 'There is no room for more files right now.')
}

function noSuchUpload(): OperationError {
  return new OperationError('NOT_FOUND', 'There is no such upload.')
}
