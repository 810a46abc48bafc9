import type { EventPayload, Handoff } from '#protocol'
import type { messageOperations } from '#protocol/chat/message'
import type { MessageStorage, StoredMessage } from '#storage/chat/message'
import type { StoredHandoff } from '#storage/desk/handoff'
import type { FindConversation } from '../../../core/access.ts'
import type { Handlers, Person } from '../../../core/call.ts'
import type { Journal } from '../../../realtime/journal/append.ts'
import type { Draft } from '../../../realtime/journal/draft.ts'

export type MessageHandlers = Handlers<typeof messageOperations>

export interface MessageDeps {
  storage: MessageStorage
  findConversation: FindConversation
  journal: Journal
  /** Where a question asks for a person: hands the conversation over in the change that commits it, or says why not. */
  readRequest(
    conversationId: string,
    content: string,
    network: string,
  ): Promise<(draft: Draft, question: StoredMessage) => HandoffOutcome | null> | null
  followUpHandoff(handoff: Handoff, row: StoredHandoff): void
  /** After the commit: an agent has said something. */
  followUpMessage(conversationId: string): void
  /** A question was said: decides within the same transaction whether an answer begins, and returns its message. */
  beginReply(draft: Draft, question: StoredMessage): StoredMessage | null
  /** After the commit: has the answer to `question` written. */
  runReply(reply: StoredMessage, question: StoredMessage): void
  /** @throws OperationError PROVIDER_NOT_ACCESSIBLE, PROVIDER_INACTIVE */
  assertMayAsk(providerId: string, caller: Person): void
  /** Part of the change in which the visitor writes: a conversation that rested is back. */
  wake(draft: Draft): void
  /** Part of the change in which the visitor asks: its title, where the question gives it one. */
  applyQuestion(draft: Draft, question: StoredMessage): void
  emitSeen(payload: EventPayload<'message:seen'>): void
}

/** A question asked for a person, and `notice` says what came of it. */
export interface HandoffOutcome {
  queued: { handoff: Handoff; row: StoredHandoff } | null
  notice: StoredMessage
}
