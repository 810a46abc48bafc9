import type { EventPayload } from '#protocol'
import type { typingOperations } from '#protocol/chat/typing'
import { assertMayWrite, type FindConversation, requireConversation } from '../../core/access.ts'
import { type Handlers, personOf } from '../../core/call.ts'

export interface TypingDeps {
  findConversation: FindConversation
  emitTyping(payload: EventPayload<'typing:changed'>): void
}

/** Who is writing just now: told, never stored. */
export function typingArea({ findConversation, emitTyping }: TypingDeps) {
  const handlers: Handlers<typeof typingOperations> = {
    async 'typing:set'({ conversation_id, typing }, call) {
      const { id, name, audience } = personOf(call)
      if (audience === 'agent' || !call.listens(conversation_id))
        assertMayWrite(await requireConversation(findConversation, conversation_id), call.caller)
      emitTyping({ conversation_id, author: { id, name }, role: audience, typing })
      return null
    },
  }
  return { handlers }
}
