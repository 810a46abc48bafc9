import { type Handoff, OperationError } from '#protocol'
import { tagsMax } from '#protocol/core/limits'
import type { StoredHandoff } from '#storage/desk/handoff'
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
        return { handoff: retag(draft, tags, queue), reply: null }
      },
    })
    return { handoff }
  }
}

/** Part of a change: the present handoff has these tags; nothing is told where it has them. */
export function retag(draft: Draft, tags: string[], queue: Queue): Handoff {
  const row = presentHandoff(draft)!
  return JSON.stringify(row.tags) === JSON.stringify(tags)
    ? toHandoff(row, queue)
    : amend(draft, { tags }, queue)
}

/** Part of a change: the present handoff is another in these, and stays in its state. */
export function amend(
  draft: Draft,
  fields: Partial<Pick<StoredHandoff, 'tags' | 'team_id'>>,
  queue: Queue,
): Handoff {
  const before = presentHandoff(draft)!
  const row = { ...before, ...fields }
  stageHandoff(draft, row)
  const names = Object.keys(fields) as (keyof typeof fields)[]
  draft.stage('audit', {
    actor: draft.actor,
    scope: 'handoff',
    action: 'handoff:tag',
    subject: row.id,
    before: Object.fromEntries(names.map(name => [name, before[name]])),
    after: fields,
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
