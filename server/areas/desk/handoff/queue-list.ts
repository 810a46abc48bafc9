import { toPage } from '#protocol'
import { maskConversation, readsListInFull, scopeOf } from '../../../core/access.ts'
import { createPresentation } from '../../../core/presentation.ts'
import { maskAny } from '../../../security/masking.ts'
import type { HandoffContext, HandoffHandlers } from './context.ts'
import { agentOf, maskHandoff, toListedHandoff } from './move.ts'

export function queueListHandler({ deps, queue }: HandoffContext): HandoffHandlers['queue:list'] {
  const presentation = createPresentation({ storage: deps.conversations, agent: id => agentOf(id, queue) })
  return async ({ status, mine, handoff_ids, ...paging }, call) => {
    const { rows, total } = await deps.storage.list({
      ...paging,
      status,
      agentId: mine ? call.caller.id : null,
      ids: handoff_ids ?? null,
      scope: scopeOf(call.caller),
    })
    const conversations = await presentation.presentToStaff(rows.map(row => row.conversation_id!))
    const items = rows.flatMap(row => {
      const conversation = conversations.get(row.conversation_id!)
      if (!conversation) return []
      const item = { ...toListedHandoff(row, queue), conversation, preview: row.preview }
      if (readsListInFull(call.caller, row.agent_id)) return item
      return {
        ...maskHandoff(item),
        preview: maskAny(row.preview),
        conversation: maskConversation(conversation),
      }
    })
    return toPage(items, total, paging)
  }
}
