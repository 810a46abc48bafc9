import { personOf } from '../../../core/call.ts'
import type { HandoffContext, HandoffHandlers } from './context.ts'
import { agentOf } from './move.ts'

export function presenceSetHandler({
  deps,
  queue,
  agents,
  publishChanged,
}: HandoffContext): HandoffHandlers['presence:set'] {
  return async ({ presence, capacity }, call) => {
    const { id } = personOf(call)
    await deps.storage.setPresence(id, presence, capacity ?? null)
    await agents.refresh(id)
    publishChanged()
    return { agent: agentOf(id, queue) }
  }
}
