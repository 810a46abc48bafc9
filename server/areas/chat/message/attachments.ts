import { type Attachment, OperationError } from '#protocol'
import type { StoredMessage } from '#storage/chat/message'
import type { Person } from '../../../core/call.ts'
import type { Draft } from '../../../realtime/journal/draft.ts'

/** Law S2: one's own files, each once. Another's look like what does not exist. */
export function attachmentsOf({ seen }: Draft, ids: string[], caller: Person): Attachment[] {
  return ids.map((uploadId, index) => {
    const upload = seen.upload.get(uploadId)
    if (upload?.person_id !== caller.id) throw new OperationError('NOT_FOUND', 'There is no such upload.')
    if (upload.message_id !== null || ids.indexOf(uploadId) !== index)
      throw new OperationError('CONFLICT', 'A file is attached once.', { upload_id: uploadId })
    const { id, name, mime, bytes, extracted } = upload
    return { id, name, mime, bytes, extracted }
  })
}

export function attachUploads(
  draft: Draft,
  { id: message_id, conversation_id, attachments }: StoredMessage,
): void {
  for (const { id } of attachments)
    draft.stage('upload', { ...draft.seen.upload.get(id)!, conversation_id, message_id })
}
