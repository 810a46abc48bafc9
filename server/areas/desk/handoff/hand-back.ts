import { type Handoff, OperationError, roleAtLeast } from '#protocol'
import type { StoredHandoff } from '#storage/desk/handoff'
import { type Call, type Caller, personOf } from '../../../core/call.ts'
import type { Draft } from '../../../realtime/journal/draft.ts'
import { changeAsAgent } from './change-as-agent.ts'
import type { HandoffContext, HandoffHandlers } from './context.ts'
import { conflict, type Moved, move, presentHandoff } from './move.ts'
import type { Queue } from './queue.ts'
import { words } from './words.ts'

export function completeHandler(context: HandoffContext): HandoffHandlers['handoff:complete'] {
  return async ({ handoff_id, key, to = 'ai', ...details }, call) => {
    return { handoff: await handBack(context, handoff_id, call, { key, to, ...details, event: 'complete' }) }
  }
}

export function releaseHandler(context: HandoffContext): HandoffHandlers['handoff:release'] {
  return async ({ handoff_id, key, to = 'queue', ...details }, call) => {
    return { handoff: await handBack(context, handoff_id, call, { key, to, ...details, event: 'release' }) }
  }
}

/** Its agent is done with a conversation, or gives it to the queue, a team or a colleague. */
async function handBack(
  context: HandoffContext,
  handoffId: string,
  call: Call,
  input: { key: string; to: string; note?: string; tags?: string[]; event: 'complete' | 'release' },
): Promise<Handoff> {
  const { deps } = context
  const { key, to, note, tags, event } = input
  const passOn = await preparePassing(context, event, to)
  const handoff = await changeAsAgent(context, handoffId, call, {
    key,
    input: [event, to, note, tags],
    decide(draft) {
      const present = presentHandoff(draft)!
      if (present.status === 'active') assertOwner(present, call.caller, context.queue)
      return passOn(draft, { ...(note && { note }), ...(tags && { tags }) })
    },
  })
  if (note) await deps.leaveNote(handoff.conversation_id, personOf(call), `${event}:${key}`, note)
  return handoff
}

/**
 * Part of a change: a conversation that somebody has goes to the AI, the queue, a team or a colleague.
 * @throws OperationError NOT_FOUND, CONFLICT where whom it is for is not there
 */
export async function preparePassing(
  { deps, commands, agents }: HandoffContext,
  event: 'complete' | 'release',
  to: string,
): Promise<(draft: Draft, fields: Partial<StoredHandoff>) => Moved> {
  const teamId = to.startsWith('team:') ? to.slice('team:'.length).toLowerCase() : null
  if (teamId !== null && !deps.team(teamId)) throw new OperationError('NOT_FOUND', 'There is no such team.')
  const toAgent = teamId === null && to !== 'ai' && to !== 'queue'
  if (toAgent) await agents.assertPresent(to)
  return (draft, fields) => {
    const sentences = words[draft.head.language]
    if (toAgent) return commands.assignTo(draft, 'transfer', to, fields)
    if (to !== 'ai')
      return move(
        draft,
        { event: 'release', fields: { ...fields, team_id: teamId }, notice: sentences.requeued },
        commands.parts,
      )
    const notice = event === 'complete' ? sentences.completed : sentences.returned
    return move(draft, { event: 'complete', fields, notice, resume: event === 'release' }, commands.parts)
  }
}

function assertOwner(row: StoredHandoff, caller: Caller, queue: Queue): void {
  if (row.agent_id !== caller.id && !roleAtLeast(caller.role, 'admin')) throw conflict(row, queue)
}
