import type { EventPayload } from '#protocol'
import { requireReadable } from '../../../core/access.ts'
import { personOf } from '../../../core/call.ts'
import type { HandoffContext, HandoffHandlers } from './context.ts'

type State = EventPayload<'presence:watching'>['state']

/** Conversations that one connection can be known to look at. */
const watchedMax = 100

/** Who of the staff looks at a conversation or writes in it: told to those who look at it too, and stored nowhere. */
export function presenceWatchHandler({
  deps,
}: Pick<HandoffContext, 'deps'>): HandoffHandlers['presence:watch'] {
  /** What a connection looks at, by its signal: whoever is cut off is gone. */
  const watched = new WeakMap<AbortSignal, Set<string>>()

  return async ({ conversation_id, state }, call) => {
    await requireReadable(deps.findConversation, conversation_id, call.caller)
    const { id, name } = personOf(call)
    const emit = (conversation_id: string, state: State) =>
      deps.emitWatching({ conversation_id, agent: { id, name }, state })
    const { signal } = call
    if (signal.aborted) return null
    const ids = watched.get(signal) ?? new Set()
    if (!watched.has(signal)) {
      watched.set(signal, ids)
      const leave = () => {
        for (const watchedId of ids) emit(watchedId, 'gone')
      }
      signal.addEventListener('abort', leave, { once: true })
    }
    if (state === 'gone') ids.delete(conversation_id)
    else if (ids.size < watchedMax) ids.add(conversation_id)
    emit(conversation_id, state)
    return null
  }
}
