import type { EventPayload, Message } from '#protocol'
import type { Client } from './client.ts'
import { placeText } from './timeline.ts'

type Delta = Pick<EventPayload<'reply:delta'>, 'message_id' | 'offset' | 'text'>

export interface Streams {
  add(delta: Delta): void
  /** Asks for what was missed of an answer, from where its text ends. */
  rejoin(message: Message): void
}

export interface StreamsOptions {
  client: Client
  /** The message if it is known and still being written. */
  find(messageId: string): Message | undefined
  replace(messageId: string, content: string): void
}

/** Law R2: deltas have offsets, and a hole is filled by asking from where the text ends. */
export function createStreams({ client, find, replace }: StreamsOptions): Streams {
  /** Deltas that came while a rejoin was on its way. */
  const held = new Map<string, Delta[]>()

  function add(delta: Delta) {
    const message = find(delta.message_id)
    if (!message) return
    const waiting = held.get(delta.message_id)
    if (waiting) return void waiting.push(delta)
    const content = placeText(message.content, delta.offset, delta.text)
    if (content !== null) return replace(message.id, content)
    void rejoin(message, [delta])
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
