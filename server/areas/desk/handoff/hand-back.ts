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
  const passOn = await preparePassing(context, event, destinationOf(to))
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

/** Where a conversation goes. */
export type Destination = { kind: 'ai' | 'queue' } | { kind: 'team' | 'agent'; id: string }

export function destinationOf(to: string): Destination {
  if (to === 'ai' || to === 'queue') return { kind: to }
  if (to.startsWith('team:')) return { kind: 'team', id: to.slice('team:'.length).toLowerCase() }
  return { kind: 'agent', id: to }
}

/**
 * Part of a change: a conversation that somebody has goes to the AI, the queue, a team or a colleague.
 * @throws OperationError NOT_FOUND, CONFLICT where whom it is for is not there
 */
export async function preparePassing(
  { deps, commands, agents }: HandoffContext,
  event: 'complete' | 'release',
  target: Destination,
): Promise<(draft: Draft, fields: Partial<StoredHandoff>) => Moved> {
  if (target.kind === 'team' && !deps.team(target.id))
    throw new OperationError('NOT_FOUND', 'There is no such team.')
  if (target.kind === 'agent') await agents.assertPresent(target.id)
  return (draft, fields) => {
    const sentences = words[draft.head.language]
    if (target.kind === 'agent') return commands.assignTo(draft, 'transfer', target.id, fields)
    if (target.kind === 'ai') {
      const notice = event === 'complete' ? sentences.completed : sentences.returned
      return move(draft, { event: 'complete', fields, notice, resume: event === 'release' }, commands.parts)
    }
    const team_id = target.kind === 'team' ? target.id : null
    const requeued = { event: 'release', fields: { ...fields, team_id }, notice: sentences.requeued } as const
    return move(draft, requeued, commands.parts)
  }
}

function assertOwner(row: StoredHandoff, caller: Caller, queue: Queue): void {
  if (row.agent_id !== caller.id && !roleAtLeast(caller.role, 'admin')) throw conflict(row, queue)
}
