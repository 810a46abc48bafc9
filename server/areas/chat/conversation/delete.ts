import { conversationNotFound } from '#protocol'
import { assertMayManage } from '../../../core/access.ts'
import { actorOf } from '../../../core/call.ts'
import type { ConversationDeps, ConversationHandlers } from './deps.ts'

export function deleteHandler(deps: ConversationDeps): ConversationHandlers['conversation:delete'] {
  return async ({ conversation_id }, call) => {
    const { caller } = call
    const removed = await deps.storage.remove(
      conversation_id,
      head => assertMayManage(head, caller),
      caller.audience === 'agent' ? actorOf(call) : null,
    )
    if (!removed) throw conversationNotFound()
    deps.abortReplies(conversation_id)
    deps.emitDeleted({ conversation_id })
    return null
  }
}
