import { requireReadable } from '../../../core/access.ts'
import { projectMessage } from '../../../core/projection.ts'
import { toWire } from '../../../realtime/journal/draft.ts'
import type { ConversationDeps, ConversationHandlers } from './deps.ts'

export function historyHandler({
  storage,
}: Pick<ConversationDeps, 'storage'>): ConversationHandlers['conversation:history'] {
  return async ({ conversation_id, before_seq, limit }, call) => {
    await requireReadable(storage.find, conversation_id, call.caller)
    const rows = await storage.messagesBefore({
      conversation_id,
      before: before_seq ?? Number.MAX_SAFE_INTEGER,
      limit: limit + 1,
    })
    const has_more = rows.length > limit
    const messages = (has_more ? rows.slice(1) : rows).map(message =>
      projectMessage(toWire(message), call.caller.audience),
    )
    return { messages, has_more }
  }
}
