import type { Handoff } from '#protocol'
import { assertMayManage, assertMayRead, assertMayWrite, assertOpen } from '../../../core/access.ts'
import { actorOf, type Call, personOf } from '../../../core/call.ts'
import { createPresentation } from '../../../core/presentation.ts'
import { fingerprintOf } from '../../../realtime/journal/change.ts'
import type { Draft } from '../../../realtime/journal/draft.ts'
import type { HandoffContext } from './context.ts'
import { destinationOf, preparePassing } from './hand-back.ts'
import { agentOf, conflict, type Moved, presentHandoff } from './move.ts'
import { addTags, amend } from './retag.ts'

/** What is done in a conversation in one. */
interface Steps {
  /** Said to the visitor. */
  content: string | null
  /** Put beside the tags that it has. */
  tags: string[]
  /** `complete`, `snooze`, or where it goes; null: it stays. */
  outcome: string | null
}

interface StepsInput {
  conversationId: string
  key: string
  /** What tells the same input from another under that key (law D2). */
  input: unknown[]
}

/** Says, labels and gives away what somebody has: in one change, all of it or nothing. */
export function createSteps(context: HandoffContext, followUpMessage: (conversationId: string) => void) {
  const { deps, queue, commands, agents } = context
  const { toConversation } = createPresentation({
    storage: deps.conversations,
    agent: id => agentOf(id, queue),
  })

  function snooze(draft: Draft): void {
    Object.assign(draft.head, { snoozed_at: draft.at, snoozed_until: null })
    draft.emit('conversation:updated', {
      conversation: toConversation({ ...draft.head, seq: draft.head.seq + 1, updated_at: draft.at }),
    })
  }

  return async (
    { conversationId, key, input }: StepsInput,
    { content, tags, outcome }: Steps,
    call: Call,
  ): Promise<Handoff> => {
    const caller = personOf(call)
    const staysWithAgent = outcome === null || outcome === 'snooze'
    const isDone = outcome === 'complete'
    const [passOn] = await Promise.all([
      staysWithAgent
        ? null
        : preparePassing(context, isDone ? 'complete' : 'release', destinationOf(isDone ? 'ai' : outcome)),
      agents.refresh(caller.id),
    ])

    function decide(draft: Draft): Moved {
      assertMayRead(draft.head, caller)
      const row = presentHandoff(draft)
      if (row?.status !== 'active') throw conflict(row, queue)
      if (content === null) assertMayManage(draft.head, caller)
      else assertMayWrite(draft.head, caller)
      assertOpen(draft.head)
      const after = addTags(row.tags, tags)
      if (content !== null) {
        const author = { id: caller.id, name: caller.name }
        draft.addMessage({ role: 'agent', content, status: 'complete', key, author })
        draft.head.unanswered_id = null
      }
      if (passOn) return passOn(draft, { tags: after })
      const handoff = amend(draft, { tags: after }, queue)
      if (outcome === 'snooze') snooze(draft)
      return { handoff, reply: null }
    }

    const sender = { id: caller.id, key, fingerprint: fingerprintOf('handoff:apply', ...input) }
    const handoff = await commands.changeOwner(conversationId, { actor: actorOf(call), sender, decide })
    if (content !== null) followUpMessage(conversationId)
    return handoff
  }
}
