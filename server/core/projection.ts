import type { Agent, Conversation, EventName, Handoff, Message } from '#protocol'
import { visitorError } from './visitor-errors.ts'

/** Who a projection is for: visitors see less than people who answer. */
export type Audience = 'visitor' | 'agent'

/** The conversation as the log keeps it: staff's metadata apart from the visitor's, and how the visitor keeps it in order. */
export type StoredConversation = Conversation & { staff_metadata: Record<string, unknown> }

/**
 * Visitors get no `usage`, no `feedback_comment`, and of an error one fixed sentence; a `key` is shown only to the side that
 * made it. Which memories an answer was given is the person's own to see.
 */
export function projectMessage(message: Message, audience: Audience): Message {
  const own = audience === (message.role === 'user' ? 'visitor' : 'agent')
  const key = own ? message.key : null
  if (audience === 'agent') return { ...message, key, memories_used: [] }
  const error = message.error && visitorError(message.error)
  return { ...message, key, usage: null, feedback_comment: null, error }
}

export function projectConversation(stored: StoredConversation, audience: Audience): Conversation {
  const { staff_metadata, ...conversation } = stored
  if (audience === 'agent') {
    const { pinned, archived, tags, ...shared } = conversation
    return { ...shared, metadata: { ...conversation.metadata, ...staff_metadata } }
  }
  return { ...conversation, snoozed: null, agent: projectAgent(conversation.agent) }
}

/** Visitors do not see how much somebody has to do. */
function projectAgent(agent: Agent | null): Agent | null {
  return agent && { ...agent, capacity: 0, active_count: 0 }
}

/** Visitors see their place and who serves them, not what staff write about them. */
export function projectHandoff(handoff: Handoff, audience: Audience): Handoff {
  if (audience === 'agent') return handoff
  return {
    ...handoff,
    summary: null,
    priority: null,
    team: null,
    tags: [],
    note: null,
    overdue: [],
    rating_comment: null,
    agent: projectAgent(handoff.agent),
  }
}

/** What of a refusal's details an audience may see. */
export function projectDetails(details: unknown, audience: Audience): unknown {
  const { handoff } = (details ?? {}) as { handoff?: Handoff | null }
  return handoff ? { ...(details as object), handoff: projectHandoff(handoff, audience) } : details
}

/** What of an event's payload an audience may see. The one place that decides it: live and replayed events pass here. */
export function projectEvent(event: EventName | string, payload: object, audience: Audience): object {
  if ('message' in payload)
    return { ...payload, message: projectMessage(payload.message as Message, audience) }
  if (event === 'conversation:updated' && 'conversation' in payload) {
    return {
      ...payload,
      conversation: projectConversation(payload.conversation as StoredConversation, audience),
    }
  }
  if (event === 'handoff:changed' && 'handoff' in payload)
    return { ...payload, handoff: projectHandoff(payload.handoff as Handoff, audience) }
  return payload
}
