import { OperationError, roleAtLeast } from '#protocol'
import type { BulkResult } from '#protocol/desk/handoff'
import { assertMayRead, assertOpen } from '../../../core/access.ts'
import { actorOf, type Person, personOf } from '../../../core/call.ts'
import { fingerprintOf } from '../../../realtime/journal/change.ts'
import type { Draft } from '../../../realtime/journal/draft.ts'
import type { HandoffContext, HandoffHandlers } from './context.ts'
import { destinationOf, preparePassing } from './hand-back.ts'
import { conflict, type Moved, presentHandoff } from './move.ts'
import { addTags, amend, retag } from './retag.ts'

/** So many are changed beside each other: others' changes find their way in between. */
const concurrency = 8

/** Tags, assigns or completes many conversations: each is a change of its own, under the same key (law D2). */
export function bulkHandler(context: HandoffContext): HandoffHandlers['handoff:bulk'] {
  const { commands, agents } = context
  return async ({ conversation_ids, key, tags, to }, call) => {
    const caller = personOf(call)
    const [assign] = await Promise.all([
      to === undefined ? null : prepareAssigning(context, to, caller),
      agents.refresh(caller.id),
    ])
    const sender = { id: caller.id, key, fingerprint: fingerprintOf('handoff:bulk', tags, to) }

    function decide(draft: Draft): Moved {
      assertMayRead(draft.head, caller)
      const row = presentHandoff(draft)
      if (assign) return assign(draft, addTags(row?.tags ?? [], tags))
      if (!row) throw conflict(row, context.queue)
      return { handoff: retag(draft, addTags(row.tags, tags), context.queue), reply: null }
    }

    async function change(conversation_id: string): Promise<BulkResult> {
      try {
        const handoff = await commands.changeOwner(conversation_id, { actor: actorOf(call), sender, decide })
        return { conversation_id, handoff, error: null }
      } catch (thrown) {
        if (!(thrown instanceof OperationError)) throw thrown
        const { code, message, details } = thrown
        return {
          conversation_id,
          handoff: null,
          error: {
            code,
            message,
            ...(details !== undefined && { details: details as Record<string, unknown> }),
          },
        }
      }
    }

    return { results: await runAll([...new Set(conversation_ids)], change) }
  }
}

/**
 * Part of a change: somebody goes on with a conversation, or it is done, whatever state it is in.
 * @throws OperationError NOT_FOUND, CONFLICT where whom it is for is not there
 */
async function prepareAssigning(
  context: HandoffContext,
  to: string,
  caller: Person,
): Promise<(draft: Draft, tags: string[]) => Moved> {
  const { deps, commands, queue } = context
  const isDone = to === 'complete'
  const target = destinationOf(isDone ? 'ai' : to)
  const passOn = await preparePassing(context, isDone ? 'complete' : 'release', target)
  const mayAssign = roleAtLeast(caller.role, 'admin') || deps.settings().leads.includes(caller.id)

  /** Nobody has it: who sees it takes it, or sends it to a team's queue; a colleague is sent to it by leads and administrators. */
  function assignFree(draft: Draft, tags: string[]): Moved {
    const row = presentHandoff(draft)
    const isWaiting = row?.status === 'pending'
    if (target.kind === 'agent') {
      assertMayAssign(target)
      assertOpen(draft.head)
      const fields = isWaiting ? { tags } : { tags, cause: 'takeover' as const }
      return commands.assignTo(draft, isWaiting ? 'accept' : 'take', target.id, fields)
    }
    if (!isWaiting || target.kind === 'ai') throw conflict(row, queue)
    const team_id = target.kind === 'team' ? target.id : null
    draft.head.team_id = team_id
    return { handoff: amend(draft, { tags, team_id }, queue), reply: null }
  }

  function assertMayAssign({ id }: { id: string }): void {
    if (id === caller.id || mayAssign) return
    throw new OperationError('FORBIDDEN', 'Leads and administrators assign to others.')
  }

  return (draft, tags) => {
    const row = presentHandoff(draft)
    if (row?.status !== 'active') return assignFree(draft, tags)
    const isTheirs = row.agent_id === caller.id
    if (!isTheirs && !(isDone ? roleAtLeast(caller.role, 'admin') : mayAssign)) throw conflict(row, queue)
    const stays = target.kind === 'agent' && target.id === row.agent_id
    return stays ? { handoff: retag(draft, tags, queue), reply: null } : passOn(draft, { tags })
  }
}

/** In their order, some at a time. All have ended when it throws what one of them threw. */
async function runAll<T, R>(items: readonly T[], run: (item: T) => Promise<R>): Promise<R[]> {
  const results: R[] = new Array(items.length)
  const rest = items.entries()
  async function runNext(): Promise<void> {
    for (const [index, item] of rest) results[index] = await run(item)
  }
  const runs = await Promise.allSettled(Array.from({ length: concurrency }, runNext))
  const failed = runs.find(run => run.status === 'rejected')
  if (failed) throw failed.reason
  return results
}
