import type { StoredHandoff } from '#storage/desk/handoff'
import { assertMayManage } from '../../../core/access.ts'
import { actorOf } from '../../../core/call.ts'
import { createPresentation } from '../../../core/presentation.ts'
import { projectConversation } from '../../../core/projection.ts'
import type { ConversationDeps, ConversationHandlers } from './deps.ts'

export function updateHandler(deps: ConversationDeps): ConversationHandlers['conversation:update'] {
  const { toConversation } = createPresentation(deps)
  return async ({ conversation_id, metadata, ...fields }, call) => {
    const { caller } = call
    let ended: StoredHandoff | undefined
    const conversation = await deps.journal.append({
      conversationId: conversation_id,
      needs: fields.status === 'closed' ? { handoff: [{ conversation_id }] } : undefined,
      actor: actorOf(call),
      decide(draft) {
        assertMayManage(draft.head, caller)
        const isStaff = caller.audience === 'agent'
        const { status } = draft.head
        if (fields.status === 'closed') deps.closeHandoff(draft, isStaff && status === 'open')
        ended = draft.staged.handoff?.at(-1)
        const changes = metadata && (isStaff ? { staff_metadata: metadata } : { metadata })
        Object.assign(draft.head, fields, changes)
        if (isStaff) {
          // What it was called stays out of the log: it outlives the people in it.
          const changed = Object.keys({ ...fields, ...changes })
          draft.stage('audit', {
            actor: draft.actor,
            scope: 'conversation',
            action: 'conversation:update',
            subject: conversation_id,
            before: { status },
            after: { status: draft.head.status, changed },
          })
        }
        draft.emit('conversation:updated', {
          conversation: toConversation({ ...draft.head, seq: draft.head.seq + 1, updated_at: draft.at }),
        })
        return toConversation(draft.head)
      },
    })
    if (ended) deps.onHandoffCommitted(ended)
    return { conversation: projectConversation(conversation, caller.audience) }
  }
}
