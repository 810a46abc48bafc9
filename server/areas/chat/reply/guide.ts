import { OperationError } from '#protocol'
import type { replyOperations } from '#protocol/chat/reply'
import { requireReadable } from '../../../core/access.ts'
import { type Handlers, personOf } from '../../../core/call.ts'
import { newId } from '../../../core/ids.ts'
import { keyReused } from '../../../core/refusals.ts'
import type { ReplyDeps } from './deps.ts'

/** What staff tell the assistant in private: read by the next answer that a model writes. */
export function guideHandler({
  findConversation,
  guides,
  emitNote,
}: Pick<ReplyDeps, 'findConversation' | 'guides' | 'emitNote'>): Handlers<
  typeof replyOperations
>['reply:guide'] {
  return async ({ conversation_id, key, content }, call) => {
    await requireReadable(findConversation, conversation_id, call.caller)
    const { id, name } = personOf(call)
    const author = { author_id: id, author_name: name }
    const saved = await guides.add({ id: newId(), conversation_id, ...author, key, content })
    if (!saved) {
      const { mode, status, agent_id } = await requireReadable(findConversation, conversation_id, call.caller)
      throw new OperationError('CONFLICT', 'The assistant does not have this conversation.', {
        status,
        mode,
        agent_id,
      })
    }
    const { note, fresh } = saved
    if (note.kind !== 'guide' || note.content !== content) throw keyReused()
    if (fresh) emitNote({ conversation_id, note })
    return { note }
  }
}
