import type { Handoff } from '#protocol'
import { assertMayRead } from '../../../core/access.ts'
import { actorOf } from '../../../core/call.ts'
import { projectHandoff } from '../../../core/projection.ts'
import type { Draft } from '../../../realtime/journal/draft.ts'
import type { HandoffContext, HandoffHandlers } from './context.ts'
import { conflict, presentHandoff, stageHandoff, toHandoff } from './move.ts'
import type { Queue } from './queue.ts'

export function rateHandler({ commands, queue }: HandoffContext): HandoffHandlers['handoff:rate'] {
  return async ({ conversation_id, rating, comment }, call) => {
    const handoff = await commands.changeOwner(conversation_id, {
      actor: actorOf(call),
      decide(draft) {
        assertMayRead(draft.head, call.caller)
        return { handoff: rate(draft, rating, comment ?? null, queue), reply: null }
      },
    })
    return { handoff: projectHandoff(handoff, call.caller.audience) }
  }
}

/** Part of a change: the visitor's word on the talk that has ended. */
function rate(draft: Draft, rating: number, comment: string | null, queue: Queue): Handoff {
  const row = presentHandoff(draft)
  if (row?.status !== 'resolved') throw conflict(row, queue)
  const rated = { ...row, rating, rating_comment: comment }
  stageHandoff(draft, rated)
  const handoff = toHandoff(rated, queue)
  draft.emit('handoff:changed', { handoff, mode: draft.head.mode, epoch: draft.head.epoch, at: draft.at })
  return handoff
}
