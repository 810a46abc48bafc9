import { requireReadable } from '../../../core/access.ts'
import { personOf } from '../../../core/call.ts'
import type { MessageDeps, MessageHandlers } from './deps.ts'

export function readHandler({
  storage,
  findConversation,
  emitSeen,
}: MessageDeps): MessageHandlers['message:read'] {
  return async ({ conversation_id, seq }, call) => {
    const { id, audience } = personOf(call)
    const isMember = audience === 'visitor' && call.listens(conversation_id)
    const head = isMember ? null : await requireReadable(findConversation, conversation_id, call.caller)
    const stored = await storage.markRead(conversation_id, id, seq)
    const isObserver = audience === 'agent' && head?.agent_id !== id
    if (stored > 0)
      emitSeen({ conversation_id, by: id, seq: stored, ...(isObserver && { staff_only: true }) })
    return null
  }
}
