import type { Agent, EventPayload, Handoff } from '#protocol'
import type { conversationOperations, Note } from '#protocol/chat/conversation'
import type { ConversationRow, ConversationStorage } from '#storage/chat/conversation'
import type { MessageStorage } from '#storage/chat/message'
import type { MessageSearchStorage } from '#storage/chat/message-search'
import type { StoredHandoff } from '#storage/desk/handoff'
import type { EventStorage } from '#storage/realtime/events'
import type { Caller, Handlers, Person } from '../../../core/call.ts'
import type { Journal } from '../../../realtime/journal/append.ts'
import type { Draft } from '../../../realtime/journal/draft.ts'

export type ConversationHandlers = Handlers<typeof conversationOperations>

export interface ConversationDeps {
  storage: ConversationStorage
  search: MessageSearchStorage
  messages: Pick<MessageStorage, 'before' | 'reads'>
  events: Pick<EventStorage, 'after'>
  journal: Journal
  /** Part of the change that closes the conversation: nobody waits in it or is served any more. The visitor is told where staff did it. */
  closeHandoff(draft: Draft, byStaff: boolean): void
  /** After the commit: a handoff is not what it was. */
  onHandoffCommitted(row: StoredHandoff): void
  /** The conversation is gone: whoever writes in it stops. */
  abortReplies(conversationId: string): void
  /** A reader here was given everything up to `seq`. */
  markDelivered(conversationId: string, seq: number, head: ConversationRow): void
  /** The present handoff, or the last; what staff noted. */
  handoffOf(head: ConversationRow, caller: Caller): Promise<Handoff | null>
  notesOf(conversationId: string): Promise<Note[]>
  agent(id: string): Agent
  /** Names this life of the database; `refresh` notices at once that it is another. */
  incarnation: { readonly id: string; refresh(): Promise<void> }
  /** @throws OperationError PROVIDER_NOT_ACCESSIBLE, PROVIDER_INACTIVE */
  assertMayAsk(providerId: string, caller: Person): void
  /** A reader came back with a seq. */
  countResume(answer: 'events' | 'snapshot'): void
  emitDeleted(payload: EventPayload<'conversation:deleted'>): void
}
