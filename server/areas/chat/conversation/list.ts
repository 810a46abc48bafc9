import { toPage } from '#protocol'
import { maskConversation, readsListInFull, scopeOf } from '../../../core/access.ts'
import { createPresentation } from '../../../core/presentation.ts'
import type { ConversationDeps, ConversationHandlers } from './deps.ts'

export function listHandler({ storage, agent }: ConversationDeps): ConversationHandlers['conversation:list'] {
  const { presentTo } = createPresentation({ storage, agent })
  return async (input, call) => {
    const { caller } = call
    const everybody = caller.audience === 'agent'
    const { heads, total } = await storage.list({
      ...input,
      personId: everybody ? null : caller.id,
      scope: scopeOf(caller),
    })
    const shown = await presentTo(caller, heads)
    const items = heads.map((head, index) =>
      readsListInFull(caller, head.agent_id) ? shown[index]! : maskConversation(shown[index]!),
    )
    return toPage(items, total, input)
  }
}
