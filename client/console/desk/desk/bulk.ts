import type { Handoff, OperationInput } from '#protocol'
import type { BulkResult } from '#protocol/desk/handoff'
import type { Client } from '../../../sdk/index.ts'
import type { Store } from '../../../sdk/store.ts'
import type { DeskState } from './desk.ts'

interface Options {
  client: Client<'agent'>
  me: string
  store: Store<DeskState>
  onChange(handoffs: Handoff[]): void
  hide(conversationId: string): void
  /** Conversations that this agent takes, and handoffs that they give away: no news to them. */
  taken: Set<string>
  leaving: Set<string>
}

export function isServedBy(personId: string, { status, agent }: Handoff): boolean {
  return status === 'active' && agent?.id === personId
}

/** Tags, assigns or completes many; those of this agent that go elsewhere by it are hidden. */
export function createBulk({ client, me, store, onChange, hide, taken, leaving }: Options) {
  return async (input: OperationInput<'handoff:bulk'>): Promise<BulkResult[]> => {
    const own = new Map(store.get().mine.map(entry => [entry.conversation_id, entry.id]))
    const others = input.conversation_ids.filter(id => !own.has(id))
    const given = input.conversation_ids.flatMap(id => own.get(id) ?? [])
    if (input.to === me) for (const id of others) taken.add(id)
    for (const id of given) leaving.add(id)
    try {
      const { results } = await client.call('handoff:bulk', input)
      for (const { conversation_id, handoff } of results) {
        if (!handoff) taken.delete(conversation_id)
        else if (own.has(conversation_id) && !isServedBy(me, handoff)) hide(conversation_id)
      }
      onChange(results.flatMap(({ handoff }) => handoff ?? []))
      return results
    } catch (thrown) {
      for (const id of others) taken.delete(id)
      throw thrown
    } finally {
      for (const id of given) leaving.delete(id)
    }
  }
}
