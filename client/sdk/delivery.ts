import type { Message } from '#protocol'
import type { Client } from './client.ts'
import type { ConversationOptions, ConversationState } from './conversation.ts'
import { ParleyError, toParleyError } from './error.ts'
import type { Outgoing } from './outbox.ts'
import { isGone, isOver, type Place } from './place.ts'
import type { Reading } from './reading.ts'
import type { Store } from './store.ts'

export interface DeliveryParts {
  client: Client
  options: ConversationOptions
  store: Store<ConversationState>
  place: Place
  reading: Reading
}

/**
 * Says something in a conversation, which is opened first if need be, and left for a new one where it ended and that may be.
 * @throws ParleyError retryable where it can be said again as it is
 */
export async function deliver(outgoing: Outgoing, parts: DeliveryParts): Promise<Message> {
  const { client, options, store, place, reading } = parts
  const { key, content, attachments, context } = outgoing
  if (!place.id) await reading.open()
  if (!place.id) throw store.get().error ?? toParleyError('closed')
  try {
    const input = {
      conversation_id: place.id,
      key,
      content,
      // Messages of before an update of the page may wait without.
      attachments: attachments?.map(({ id }) => id),
      context,
    }
    return (await client.call('message:send', input)).message
  } catch (thrown) {
    const error = toParleyError(thrown)
    if (isOver(error, options)) reading.startOver(true)
    else if (!isGone(error, place, options)) throw thrown
    await reading.open()
    throw new ParleyError('CONVERSATION_NOT_FOUND', 'Sent again into a new conversation.', {
      retryable: true,
    })
  }
}
