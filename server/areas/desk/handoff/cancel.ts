import { assertMayRead } from '../../../core/access.ts'
import { actorOf } from '../../../core/call.ts'
import { projectHandoff } from '../../../core/projection.ts'
import type { HandoffContext, HandoffHandlers } from './context.ts'
import { move, presentHandoff } from './move.ts'
import { words } from './words.ts'

export function cancelHandler({ commands }: HandoffContext): HandoffHandlers['handoff:cancel'] {
  return async ({ conversation_id }, call) => {
    const handoff = await commands.changeOwner(conversation_id, {
      actor: actorOf(call),
      decide(draft) {
        assertMayRead(draft.head, call.caller)
        const sentences = words[draft.head.language]
        const notice = presentHandoff(draft)?.status === 'active' ? sentences.left : sentences.cancelled
        return move(draft, { event: 'cancel', notice, resume: true }, commands.parts)
      },
    })
    return { handoff: projectHandoff(handoff, call.caller.audience) }
  }
}
