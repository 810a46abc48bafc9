import { type Handoff, OperationError } from '#protocol'
import { tagsMax } from '#protocol/core/limits'
import { assertMayRead } from '../../../core/access.ts'
import { actorOf } from '../../../core/call.ts'
import type { Draft } from '../../../realtime/journal/draft.ts'
import type { HandoffContext, HandoffHandlers } from './context.ts'
import { conflict, noSuchHandoff, presentHandoff, stageHandoff, toHandoff } from './move.ts'
import type { Queue } from './queue.ts'

export function tagHandler({ deps, commands, queue }: HandoffContext): HandoffHandlers['handoff:tag'] {
  return async ({ handoff_id, tags }, call) => {
    const found = await deps.storage.find(handoff_id)
    if (!found?.conversation_id) throw noSuchHandoff()
    const handoff = await commands.changeOwner(found.conversation_id, {
      actor: actorOf(call),
      decide(draft) {
        assertMayRead(draft.head, call.caller)
        const row = presentHandoff(draft)
        // A later one of the same conversation is another matter.
        if (row?.id !== handoff_id) throw conflict(row, queue)
        const isSame = JSON.stringify(row.tags) === JSON.stringify(tags)
        return { handoff: isSame ? toHandoff(row, queue) : retag(draft, tags, queue), reply: null }
      },
    })
    return { handoff }
  }
}

/** Part of a change: the present handoff has these tags. */
export function retag(draft: Draft, tags: string[], queue: Queue): Handoff {
  const before = presentHandoff(draft)!
  const row = { ...before, tags }
  stageHandoff(draft, row)
  draft.stage('audit', {
    actor: draft.actor,
    scope: 'handoff',
    action: 'handoff:tag',
    subject: row.id,
    before: { tags: before.tags },
    after: { tags },
  })
  const handoff = toHandoff(row, queue)
  draft.resultAt = draft.events.length
  draft.emit('handoff:changed', { handoff, mode: draft.head.mode, epoch: draft.head.epoch, at: draft.at })
  return handoff
}

/** What a conversation has and what is put on it. @throws OperationError CONFLICT where they are too many */
export function addTags(present: readonly string[], added: readonly string[]): string[] {
  const tags = [...new Set([...present, ...added])]
  if (tags.length > tagsMax)
    throw new OperationError('CONFLICT', `A conversation has at most ${tagsMax} tags.`, { tags: present })
  return tags
}
