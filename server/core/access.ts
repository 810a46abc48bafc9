import { type Conversation, conversationNotFound, OperationError, roleAtLeast } from '#protocol'
import type { ConversationRow } from '#storage/chat/conversation'
import { maskAny } from '../security/masking.ts'
import type { Caller } from './call.ts'

/**
 * Laws S2 and O1b: who may see a conversation. What may not be seen looks like what does not exist.
 * Visitors see their own; agents those that ever changed hands: they wait, are somebody's, or were; administrators any.
 */
export function assertMayRead(head: ConversationRow, caller: Caller): void {
  if (caller.audience === 'visitor') {
    if (head.person_id === caller.id) return
  } else if (roleAtLeast(caller.role, 'admin') || head.epoch > 0) return
  throw conversationNotFound()
}

export type FindConversation = (id: string) => Promise<ConversationRow | null>

/** @throws OperationError CONVERSATION_NOT_FOUND */
export async function requireConversation(find: FindConversation, id: string): Promise<ConversationRow> {
  const head = await find(id)
  if (!head) throw conversationNotFound()
  return head
}

/** @throws OperationError CONVERSATION_NOT_FOUND, as well where the caller may not read it */
export async function requireReadable(
  find: FindConversation,
  id: string,
  caller: Caller,
): Promise<ConversationRow> {
  const head = await requireConversation(find, id)
  assertMayRead(head, caller)
  return head
}

export function noSuchMessage(): OperationError {
  return new OperationError('NOT_FOUND', 'There is no such message.')
}

/** Law O1b: on the desk one must own a conversation to write in it or to stop its answer. */
export function assertMayWrite(head: ConversationRow, caller: Caller): void {
  assertMayRead(head, caller)
  if (caller.audience === 'visitor' || head.agent_id === caller.id) return
  throw new OperationError('CONFLICT', 'Take the conversation over first.', {
    owner: { mode: head.mode, agent_id: head.agent_id },
  })
}

/** What ends or renames a conversation is for who has it, and for administrators. */
export function assertMayManage(head: ConversationRow, caller: Caller): void {
  if (caller.audience === 'agent' && roleAtLeast(caller.role, 'admin')) return
  assertMayWrite(head, caller)
}

/**
 * A list is for finding a conversation: numbers and addresses in it are for whoever serves it, and for administrators.
 * Others read them once they open it.
 */
export function readsListInFull(caller: Caller, agentId: string | null): boolean {
  return caller.audience === 'visitor' || agentId === caller.id || roleAtLeast(caller.role, 'admin')
}

/** As a list shows it to who does not read it in full. */
export function maskConversation(conversation: Conversation): Conversation {
  const { title, visitor } = conversation
  return {
    ...conversation,
    title: maskAny(title),
    ...(visitor && { visitor: { ...visitor, name: maskAny(visitor.name) } }),
  }
}
