import type { StoredHandoff } from '#storage/desk/handoff'
import { assertMayManage } from '../../../core/access.ts'
import { actorOf, personOf } from '../../../core/call.ts'
import { createPresentation } from '../../../core/presentation.ts'
import { projectConversation } from '../../../core/projection.ts'
import type { ConversationDeps, ConversationHandlers } from './deps.ts'
import { assertOwnFields, ownColumns } from './own-list.ts'

export function updateHandler(deps: ConversationDeps): ConversationHandlers['conversation:update'] {
  const { toConversation } = createPresentation(deps)
  return async ({ conversation_id, metadata, title, language, status, ...own }, call) => {
    const { caller } = call
    const fields = definedOf({ title, language, status })
    assertOwnFields(own, caller)
    if (own.provider_id) deps.assertMayAsk(own.provider_id, personOf(call))
    let ended: StoredHandoff | undefined
    const conversation = await deps.journal.append({
      conversationId: conversation_id,
      needs: fields.status === 'closed' ? { handoff: [{ conversation_id }] } : undefined,
      actor: actorOf(call),
      decide(draft) {
        assertMayManage(draft.head, caller)
        const isStaff = caller.audience === 'agent'
        const before = draft.head.status
        if (fields.status === 'closed') deps.closeHandoff(draft, isStaff && before === 'open')
        ended = draft.staged.handoff?.at(-1)
        const changes = metadata && (isStaff ? { staff_metadata: metadata } : { metadata })
        Object.assign(draft.head, fields, changes, ownColumns(own, draft.head, draft.at))
        if (title !== undefined) draft.head.auto_title = false
        if (isStaff) {
          // What it was called stays out of the log: it outlives the people in it.
          const changed = Object.keys({ ...fields, ...changes })
          draft.stage('audit', {
            actor: draft.actor,
            scope: 'conversation',
            action: 'conversation:update',
            subject: conversation_id,
            before: { status: before },
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

/** What is not named stays. */
function definedOf<T extends object>(fields: T): Partial<T> {
  return Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== undefined)) as Partial<T>
}
