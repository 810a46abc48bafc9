import { requireReadable } from '../../../core/access.ts'
import { projectMessage } from '../../../core/projection.ts'
import { toWire } from '../../../realtime/journal/draft.ts'
import type { ConversationDeps, ConversationHandlers } from './deps.ts'

export function historyHandler({
  storage,
  messages,
}: Pick<ConversationDeps, 'storage' | 'messages'>): ConversationHandlers['conversation:history'] {
  return async ({ conversation_id, before_seq, limit }, call) => {
    await requireReadable(storage.find, conversation_id, call.caller)
    const rows = await messages.before({
      conversation_id,
      before: before_seq ?? Number.MAX_SAFE_INTEGER,
      limit: limit + 1,
    })
    const has_more = rows.length > limit
    const shown = has_more ? rows.slice(1) : rows
    return { messages: shown.map(message => projectMessage(toWire(message), call.caller.audience)), has_more }
  }
}
