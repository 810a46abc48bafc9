import type { Conversation, EventName, Message } from '#protocol'

/** Who a projection is for: visitors see less than people who answer. */
export type Audience = 'visitor' | 'agent'

/** The conversation as the log keeps it: staff's metadata apart from the visitor's. */
export type StoredConversation = Conversation & { staff_metadata: Record<string, unknown> }

/** Visitors get no `usage`; a `key` is shown only to the side that made it. */
export function projectMessage(message: Message, audience: Audience): Message {
  const own = audience === (message.role === 'user' ? 'visitor' : 'agent')
  return { ...message, key: own ? message.key : null, usage: audience === 'agent' ? message.usage : null }
}

export function projectConversation(stored: StoredConversation, audience: Audience): Conversation {
  const { staff_metadata, ...conversation } = stored
  if (audience === 'agent')
    return { ...conversation, metadata: { ...conversation.metadata, ...staff_metadata } }
  const { agent } = conversation
  return { ...conversation, agent: agent && { ...agent, capacity: 0, active_count: 0 } }
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
  return payload
}
