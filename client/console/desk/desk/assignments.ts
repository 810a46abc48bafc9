import type { Handoff, OperationInput } from '#protocol'
import type { BulkResult, Queued } from '#protocol/desk/handoff'
import { type Client, createKey, toParleyError } from '../../../sdk/index.ts'
import type { Store } from '../../../sdk/store.ts'
import { createBulk, isServedBy } from './bulk.ts'
import type { DeskState } from './desk.ts'
import type { Hands } from './hands.ts'

type Ending = Omit<OperationInput<'handoff:complete'>, 'key'>

/** What an agent does with who waits and who is theirs. */
export interface Assignments {
  /** Takes a waiting conversation over and shows it. @throws CONFLICT with `details: { handoff }` when somebody was faster */
  take(entry: Pick<Queued, 'id' | 'conversation_id'>): Promise<void>
  /** Takes over what the AI answers, without being asked, and shows it. @throws CONFLICT as `take` does */
  takeOver(conversationId: string): Promise<void>
  /** Whether it waits for everybody, or for a team that this agent is of. */
  isForMe(entry: Queued): boolean
  /** The first in the queue that is for this agent and that nobody else takes meanwhile; false where there is none. */
  takeNext(): Promise<boolean>
  complete(ending: Ending): Promise<void>
  release(ending: Ending): Promise<void>
  /** Does all of a macro; a conversation that goes elsewhere by it is hidden. */
  runMacro(input: OperationInput<'macro:run'>): Promise<void>
  /** Tags, assigns or completes many; those that go elsewhere by it are hidden. */
  bulk(input: OperationInput<'handoff:bulk'>): Promise<BulkResult[]>
}

interface Options {
  client: Client<'agent'>
  me: string
  store: Store<DeskState>
  hands: Hands
  onChange(handoffs: Handoff[]): void
  show(conversationId: string): void
  arrive(conversationId: string): void
  hide(conversationId: string): void
}

/** Takes conversations over and gives them away. What the agent does so is no news to them. */
export function createAssignments({ client, me, store, hands, onChange, show, arrive, hide }: Options) {
  const { get } = store
  /** Those this agent took: they are shown at once. */
  const taken = new Set<string>()
  /** Those this agent is giving away. */
  const leaving = new Set<string>()

  const take = ({ id, conversation_id }: Pick<Queued, 'id' | 'conversation_id'>) =>
    takeBy(conversation_id, () => client.call('handoff:accept', { handoff_id: id, key: createKey() }))

  const takeOver = (conversation_id: string) =>
    takeBy(conversation_id, () => client.call('handoff:take', { conversation_id, key: createKey() }))

  async function takeBy(conversation_id: string, call: () => Promise<{ handoff: Handoff }>) {
    taken.add(conversation_id)
    const acts = hands.acts()
    try {
      const { handoff } = await call()
      onChange([handoff])
      // Whoever did something else meanwhile is not called away from it.
      if (hands.acts() === acts) show(conversation_id)
      else arrive(conversation_id)
    } catch (thrown) {
      taken.delete(conversation_id)
      throw thrown
    }
  }

  async function end(name: 'handoff:complete' | 'handoff:release', ending: Ending) {
    leaving.add(ending.handoff_id)
    try {
      const { handoff } = await client.call(name, { ...ending, key: createKey() })
      onChange([handoff])
      hide(handoff.conversation_id)
    } finally {
      leaving.delete(ending.handoff_id)
    }
  }

  async function runMacro(input: OperationInput<'macro:run'>) {
    const id = get().mine.find(entry => entry.conversation_id === input.conversation_id)?.id ?? ''
    leaving.add(id)
    try {
      const { handoff } = await client.call('macro:run', input)
      onChange([handoff])
      if (!isServedBy(me, handoff)) hide(handoff.conversation_id)
    } finally {
      leaving.delete(id)
    }
  }

  /** What waits for a team is for its people; they can still be taken by name. */
  function isForMe({ team }: Queued): boolean {
    const members = get().teams.find(({ id }) => id === team?.id)?.members
    return members === undefined || members.includes(me)
  }

  async function takeNext(): Promise<boolean> {
    // There is no word of a change of teams.
    if (get().waiting.some(({ team }) => team)) store.set(await client.call('team:list', {}))
    for (const entry of get().waiting.filter(isForMe)) {
      try {
        await take(entry)
        return true
      } catch (thrown) {
        if (toParleyError(thrown).code !== 'CONFLICT') throw thrown
      }
    }
    return false
  }

  const assignments: Assignments = {
    take,
    takeOver,
    isForMe,
    takeNext,
    complete: ending => end('handoff:complete', ending),
    release: ending => end('handoff:release', ending),
    runMacro,
    bulk: createBulk({ client, me, store, hide, onChange, taken, leaving }),
  }
  return {
    assignments,
    /** Whether it has come by this agent's own doing: once for each. */
    arrivesByHand: (conversationId: string) => taken.delete(conversationId),
    leavesByHand: (id: string) => leaving.has(id),
  }
}
