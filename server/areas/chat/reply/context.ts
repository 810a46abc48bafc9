import { hasBranches } from '#protocol/core/branches'
import type { StoredMessage } from '#storage/chat/message'
import type { ModelChoice } from '../../../providers/registry.ts'
import { readBranch } from './branch.ts'
import type { ReplyDeps } from './deps.ts'
import { type ReplyContext, readReplyContext } from './generate.ts'

/** Messages read to find the question and what went before it. */
const historyMax = 40

/**
 * What is to be answered of what was said before a seq.
 * @param only all of that, where it is known
 * @param reply what is to be written, where that has begun: it is on a branch
 */
export type ReadContext = (
  conversationId: string,
  before: number,
  only?: StoredMessage[],
  reply?: StoredMessage,
) => Promise<ReplyContext>

/** Reads it with as much of the conversation as an answer needs. */
export function createContextReader({
  storage,
  journal,
  findConversation,
}: Pick<ReplyDeps, 'storage' | 'journal' | 'findConversation'>): ReadContext {
  return async (conversationId, before, only, reply) => {
    const [found, head] = await Promise.all([
      only ?? storage.before({ conversation_id: conversationId, before, limit: historyMax }),
      journal.cachedRow(conversationId) ?? findConversation(conversationId),
    ])
    const isBranched = reply !== undefined && (reply.branch !== null || hasBranches(found))
    const messages = isBranched ? await readBranch(storage, found, reply, historyMax) : found
    const context = readReplyContext(messages, head ?? {})
    return reply?.branch
      ? { ...context, choice: choiceOf(reply) ?? context.choice, isRegenerated: true }
      : context
  }
}

/** Of an answer that was asked for beside others, where a provider was named. */
function choiceOf({ asked }: StoredMessage): ModelChoice | null {
  return asked?.provider_id ? asked : null
}
