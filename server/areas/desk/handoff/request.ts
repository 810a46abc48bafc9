import { OperationError } from '#protocol'
import { assertMayRead } from '../../../core/access.ts'
import { actorOf, personOf } from '../../../core/call.ts'
import { projectHandoff } from '../../../core/projection.ts'
import { fingerprintOf } from '../../../realtime/journal/change.ts'
import type { HandoffContext, HandoffHandlers } from './context.ts'
import type { Refusal } from './intake.ts'
import { toHandoff } from './move.ts'
import type { Queue } from './queue.ts'

export function requestHandler({ commands, queue }: HandoffContext): HandoffHandlers['handoff:request'] {
  return async ({ conversation_id, key, reason }, call) => {
    const caller = personOf(call)
    const request = await commands.createRequest(call.network, conversation_id)
    const handoff = await commands.changeOwner(conversation_id, {
      actor: actorOf(call),
      queues: true,
      sender: { id: caller.id, key, fingerprint: fingerprintOf('handoff:request', reason) },
      decide(draft) {
        assertMayRead(draft.head, caller)
        if (draft.head.status === 'closed')
          throw new OperationError('CONFLICT', 'The conversation is closed.', { status: 'closed' })
        const refusal = request.findRefusal(draft)
        if (refusal) throw refusalError(refusal, queue)
        return request.enqueue(draft, { reason: reason ?? null })
      },
    })
    return { handoff: projectHandoff(handoff, call.caller.audience) }
  }
}

function refusalError(refusal: Refusal, queue: Queue): OperationError {
  if (refusal.kind === 'crowded')
    return new OperationError(
      'RATE_LIMITED',
      'Too many requests for a person from this network; try again later.',
      {
        retry_after_ms: refusal.waitMs,
      },
    )
  return new OperationError('CONFLICT', 'You are already waiting for a person in another conversation.', {
    handoff: toHandoff(refusal.pending, queue),
  })
}
