import type { StoredMessage } from '#storage/chat/message'
import type { ReplyDeps } from './deps.ts'
import { type ReplyContext, readReplyContext } from './generate.ts'

/** Messages read to find the question and what went before it. */
const historyMax = 40

/** What is to be answered of what was said before a seq. @param only all of that, where it is known */
export type ReadContext = (
  conversationId: string,
  before: number,
  only?: StoredMessage[],
) => Promise<ReplyContext>

/** Reads it with as much of the conversation as an answer needs. */
export function createContextReader({
  storage,
  journal,
  findConversation,
}: Pick<ReplyDeps, 'storage' | 'journal' | 'findConversation'>): ReadContext {
  return async (conversationId, before, only) => {
    const [messages, head] = await Promise.all([
      only ?? storage.before({ conversation_id: conversationId, before, limit: historyMax }),
      journal.cachedRow(conversationId) ?? findConversation(conversationId),
    ])
    return readReplyContext(messages, head ?? {})
  }
}
