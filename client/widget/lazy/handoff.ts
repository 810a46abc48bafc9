import { createKey } from '../../sdk/backoff.ts'
import type { ConversationStore } from '../../sdk/index.ts'
import type { Model } from '../core/model.ts'
import { toParleyError } from '../core/shared.ts'

/** A person is asked for in the conversation, which is begun where there is none yet or it was closed. Repeating it changes nothing. */
export async function requestPerson(model: Model): Promise<void> {
  const conversation = model.ready()
  if (!conversation.get().conversation) await conversation.open()
  await model.client.call('handoff:request', { conversation_id: idOf(conversation), key: createKey() })
}

export function idOf(store: ConversationStore): string {
  const { conversation, error } = store.get()
  if (!conversation) throw error ?? toParleyError('There is no conversation.')
  return conversation.id
}
