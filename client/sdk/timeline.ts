import type {
  Conversation,
  DurableEventName,
  EventPayload,
  Handoff,
  Message,
  OperationOutput,
} from '#protocol'

/** What the durable events of one conversation add up to. Replaced, never changed. */
export interface Timeline {
  conversation: Conversation | null
  /** Ascending by seq. */
  messages: Message[]
  handoff: Handoff | null
  /** Seq up to which each person has read. */
  read: Record<string, number>
  /** Seq of the last durable event applied. */
  seq: number
  hasMore: boolean
}

export type DurableEvent = {
  [E in DurableEventName]: { name: E; payload: EventPayload<E> }
}[DurableEventName]

/** The compiler asks for a line here when the contract gains a durable event. */
export const durableEvents = {
  'message:created': true,
  'message:updated': true,
  'conversation:updated': true,
  'handoff:changed': true,
  'voice:turn': true,
} satisfies Record<DurableEventName, true>

export type Opened = OperationOutput<'conversation:open'>

export const emptyTimeline: Timeline = {
  conversation: null,
  messages: [],
  handoff: null,
  read: {},
  seq: 0,
  hasMore: false,
}

export function fromSnapshot({ conversation, messages, handoff, read, seq }: Opened): Timeline {
  const hasMore = messages.length < conversation.message_count
  return { conversation, messages, handoff, read, seq, hasMore }
}

/** One event on top of the ones before it; the caller has checked that its seq is the next (law D4). */
export function applyEvent(timeline: Timeline, event: DurableEvent): Timeline {
  const { seq } = event.payload
  const next = { ...timeline, seq }
  const { conversation } = timeline
  switch (event.name) {
    case 'message:created': {
      const { message } = event.payload
      const { created_at } = message
      const facts = { seq, updated_at: created_at, last_message_at: created_at }
      return {
        ...next,
        messages: [...timeline.messages, message],
        conversation: conversation && {
          ...conversation,
          ...facts,
          message_count: conversation.message_count + 1,
        },
      }
    }
    case 'message:updated': {
      const { message } = event.payload
      return {
        ...next,
        messages: replaceMessage(timeline.messages, message),
        conversation: conversation && { ...conversation, seq, updated_at: message.updated_at },
      }
    }
    case 'conversation:updated':
      return { ...next, conversation: { ...conversation, ...event.payload.conversation } }
    case 'handoff:changed':
      return { ...next, ...changeHands(timeline, event.payload) }
    case 'voice:turn': {
      const { at: updated_at } = event.payload
      return { ...next, conversation: conversation && { ...conversation, seq, updated_at } }
    }
    default:
      return next
  }
}

function changeHands({ conversation }: Timeline, changed: EventPayload<'handoff:changed'>) {
  const { handoff, mode, epoch, seq, at: updated_at } = changed
  const agent = mode === 'human' ? handoff.agent : null
  return {
    handoff,
    conversation: conversation && { ...conversation, mode, epoch, agent, snoozed: null, seq, updated_at },
  }
}

export function replaceMessage(messages: Message[], message: Message): Message[] {
  return messages.map(known => (known.id === message.id ? message : known))
}

/** Of each person the furthest: a mark never goes back, and what is told may come before what was read earlier. */
export function laterReads(one: Timeline['read'], other: Timeline['read']): Timeline['read'] {
  const later = { ...one }
  for (const [person, seq] of Object.entries(other)) later[person] = Math.max(seq, later[person] ?? 0)
  return later
}

/** Messages of a timeline that a newer reading of the same conversation does not have, and must have if they were stored. */
export function lostMessages(known: Timeline, { messages, hasMore }: Timeline): Message[] {
  const keys = new Set(messages.map(({ key }) => key))
  const from = hasMore ? (messages[0]?.seq ?? 0) : 0
  return known.messages.filter(({ key, seq }) => !keys.has(key) && seq >= from)
}

const recentMs = 24 * 3_600_000

/** Those of the last day, by the clock of the server that wrote them. */
export function recentMessages(messages: Message[]): Message[] {
  const newest = Date.parse(messages.at(-1)?.created_at ?? '')
  return messages.filter(({ created_at }) => newest - Date.parse(created_at) <= recentMs)
}

export function prependHistory(timeline: Timeline, older: Message[], hasMore: boolean): Timeline {
  const first = timeline.messages[0]?.seq ?? Number.POSITIVE_INFINITY
  const messages = [...older.filter(message => message.seq < first), ...timeline.messages]
  return { ...timeline, messages, hasMore }
}

/**
 * `text` put at `offset` (UTF-16 code units) of what is there; null when text between is missing.
 * Text that is known already changes nothing; text that differs wins, as an answer taken over by another node
 * continues from its last checkpoint (law R1).
 */
export function placeText(content: string, offset: number, text: string): string | null {
  if (offset > content.length) return null
  return content.startsWith(text, offset) ? content : content.slice(0, offset) + text
}
