import { personOf } from '../../../core/call.ts'
import { changeAsAgent } from './change-as-agent.ts'
import type { HandoffContext, HandoffHandlers } from './context.ts'
import { presentHandoff, toHandoff } from './move.ts'

export function acceptHandler(context: HandoffContext): HandoffHandlers['handoff:accept'] {
  const { queue, commands } = context
  return async ({ handoff_id, key }, call) => {
    const caller = personOf(call)
    const handoff = await changeAsAgent(context, handoff_id, call, {
      key,
      input: [],
      decide(draft) {
        const row = presentHandoff(draft)!
        if (row.status === 'active' && row.agent_id === caller.id)
          return { handoff: toHandoff(row, queue), reply: null }
        return commands.assignTo(draft, 'accept', caller.id)
      },
    })
    return { handoff }
  }
}
