import type { EventPayload, Message } from '#protocol'
import type { Client } from './client.ts'
import type { ConversationState } from './conversation.ts'
import type { Store } from './store.ts'
import { placeText, replaceMessage } from './timeline.ts'

type Delta = Pick<EventPayload<'reply:delta'>, 'message_id' | 'offset' | 'text'>

export interface Streams {
  add(delta: Delta): void
  /** Asks for what was missed of an answer, from where its text ends. */
  rejoin(message: Message): void
}

/** Law R2: deltas have offsets, and a hole is filled by asking from where the text ends. */
export function createStreams(client: Client, { get, set }: Store<ConversationState>): Streams {
  /** Deltas that came while a rejoin was on its way. */
  const held = new Map<string, Delta[]>()

  function add(delta: Delta) {
    const { messages } = get()
    const message = messages.findLast(({ id }) => id === delta.message_id)
    if (message?.status !== 'streaming') return
    const waiting = held.get(delta.message_id)
    if (waiting) return void waiting.push(delta)
    const content = placeText(message.content, delta.offset, delta.text)
    if (content === null) return void rejoin(message, [delta])
    set({
      messages: replaceMessage(messages, { ...message, content }),
      progress: withoutProgress(get(), message.id),
    })
  }

  async function rejoin(message: Message, waiting: Delta[] = []) {
    if (held.has(message.id)) return
    held.set(message.id, waiting)
    try {
      const { text, offset } = await client.call('reply:rejoin', {
        message_id: message.id,
        offset: message.content.length,
      })
      held.delete(message.id)
      for (const delta of [{ message_id: message.id, offset, text }, ...waiting]) add(delta)
    } catch {
      // A later delta, the next reconnection or the final `message:updated` puts it right.
      held.delete(message.id)
    }
  }

  return { add, rejoin: message => void rejoin(message) }
}

/** What is known of how far answers have come, once one of them has a word. */
export function withoutProgress(
  { progress }: ConversationState,
  messageId: string,
): ConversationState['progress'] {
  const { [messageId]: _, ...rest } = progress
  return rest
}
