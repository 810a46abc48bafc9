import { type Conversation, conversationNotFound, OperationError, roleAtLeast } from '#protocol'
import type { ConversationRow } from '#storage/chat/conversation'
import type { Scope } from '#storage/chat/scope'
import { maskAny } from '../security/masking.ts'
import type { Caller } from './call.ts'

/**
 * Laws S2 and O1b: who may see a conversation. What may not be seen looks like what does not exist.
 * Visitors see their own; agents what the settings let them see; administrators any.
 */
export function assertMayRead(head: ConversationRow, caller: Caller): void {
  if (caller.audience === 'visitor' ? head.person_id === caller.id : isSeenBy(head, caller)) return
  throw conversationNotFound()
}

/** Whether one of the staff sees a conversation. Without a scope of their own: one that ever changed hands. */
export function isSeenBy(head: ConversationRow, { role, scope }: Pick<Caller, 'role' | 'scope'>): boolean {
  if (scope === null || roleAtLeast(role, 'admin')) return true
  return scope ? isInScope(head, scope) : head.epoch > 0
}

/** Of a row that is at hand; `inScope` says the same to the database. */
function isInScope(head: ConversationRow, { personId, visibility, teamIds, colleagueIds }: Scope): boolean {
  const has = (ids: readonly string[], id: string | null) => id !== null && ids.includes(id)
  if (visibility === 'all') return true
  if (visibility === 'handed_over') return head.epoch > 0
  if (head.mode === 'queued' || head.agent_id === personId || head.served_by === personId) return true
  if (visibility === 'own') return false
  return has(teamIds, head.team_id) || has(colleagueIds, head.agent_id) || has(colleagueIds, head.served_by)
}

/** The scope of a list: null where the caller sees everything, or is a visitor. */
export function scopeOf({ id, role, scope, audience }: Caller): Scope | null {
  if (audience === 'visitor' || roleAtLeast(role, 'admin')) return null
  return scope === undefined
    ? { personId: id!, visibility: 'handed_over', teamIds: [], colleagueIds: [] }
    : scope
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

/** A message is as hidden as its conversation: what may not be read looks like what does not exist (law S2). */
export function assertMayReadMessage(head: ConversationRow, caller: Caller): void {
  try {
    assertMayRead(head, caller)
  } catch {
    throw noSuchMessage()
  }
}

/** A message with its conversation. @throws OperationError NOT_FOUND, as well where the caller may not read it */
export async function requireReadableMessage<Found extends { head: ConversationRow }>(
  find: (id: string) => Promise<Found | null>,
  id: string,
  caller: Caller,
): Promise<Found> {
  const found = await find(id)
  if (!found) throw noSuchMessage()
  assertMayReadMessage(found.head, caller)
  return found
}

/** Law O1b: on the desk one must own a conversation to write in it or to stop its answer. */
export function assertMayWrite(head: ConversationRow, caller: Caller): void {
  assertMayRead(head, caller)
  if (caller.audience === 'visitor' || head.agent_id === caller.id) return
  throw new OperationError('CONFLICT', 'Take the conversation over first.', {
    owner: { mode: head.mode, agent_id: head.agent_id },
  })
}

/** @throws OperationError CONFLICT */
export function assertOpen({ status }: ConversationRow): void {
  if (status === 'closed') throw new OperationError('CONFLICT', 'The conversation is closed.', { status })
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
