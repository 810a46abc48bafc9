import { OperationError } from '#protocol'
import { assertMayRead } from '../../../core/access.ts'
import { actorOf, personOf } from '../../../core/call.ts'
import { fingerprintOf } from '../../../realtime/journal/change.ts'
import type { HandoffContext, HandoffHandlers } from './context.ts'
import { presentHandoff, toHandoff } from './move.ts'

/** Takes a conversation over at once: the AI's answer ends in mid-sentence, as at an accept (law O1). */
export function takeHandler({
  deps,
  queue,
  commands,
  agents,
}: HandoffContext): HandoffHandlers['handoff:take'] {
  return async ({ conversation_id, key, note }, call) => {
    const caller = personOf(call)
    await agents.refresh(caller.id)
    const handoff = await commands.changeOwner(conversation_id, {
      actor: actorOf(call),
      sender: {
        id: caller.id,
        key,
        fingerprint: fingerprintOf('handoff:take', note),
      },
      decide(draft) {
        assertMayRead(draft.head, caller)
        const row = presentHandoff(draft)
        const { status } = draft.head
        if (status === 'closed')
          throw new OperationError('CONFLICT', 'The conversation is closed.', {
            status,
            handoff: row ? toHandoff(row, queue) : null,
          })
        if (row?.status === 'active' && row.agent_id === caller.id)
          return { handoff: toHandoff(row, queue), reply: null }
        const cause = row?.status === 'pending' ? row.cause : 'takeover'
        return commands.assignTo(draft, 'take', caller.id, { cause, ...(note && { note }) })
      },
    })
    if (note) await deps.leaveNote(conversation_id, caller, `take:${key}`, note)
    return { handoff }
  }
}
