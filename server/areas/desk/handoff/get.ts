import type { Handoff } from '#protocol'
import type { ConversationRow } from '#storage/chat/conversation'
import type { HandoffStorage } from '#storage/desk/handoff'
import { requireReadable } from '../../../core/access.ts'
import type { Caller } from '../../../core/call.ts'
import { projectHandoff } from '../../../core/projection.ts'
import type { HandoffHandlers } from './context.ts'
import type { HandoffDeps } from './deps.ts'
import { toHandoff } from './move.ts'
import type { Queue } from './queue.ts'

type FindHandoff = ReturnType<typeof createFinder>

export function getHandler(
  { findConversation }: HandoffDeps,
  handoffOf: FindHandoff,
): HandoffHandlers['handoff:get'] {
  return async ({ conversation_id }, { caller }) => {
    const head = await requireReadable(findConversation, conversation_id, caller)
    return { handoff: await handoffOf(head, caller) }
  }
}

/** The present handoff of a conversation, or the last; one that never changed hands has none. */
export function createFinder(storage: HandoffStorage, queue: Queue) {
  return async (head: Pick<ConversationRow, 'id' | 'epoch'>, caller: Caller): Promise<Handoff | null> => {
    const row = head.epoch > 0 ? await storage.lastOf(head.id) : null
    return row && projectHandoff(toHandoff(row, queue), caller.audience)
  }
}
