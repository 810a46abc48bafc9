import type { EventPayload, Handoff } from '#protocol'
import type { StoredHandoff } from '#storage/desk/handoff'
import type { Change } from '../../../realtime/journal/change.ts'
import type { Draft } from '../../../realtime/journal/draft.ts'
import type { HandoffDeps } from './deps.ts'
import { createIntake } from './intake.ts'
import { agentOf, type Moved, type MoveParts, move, stagedHandoff } from './move.ts'
import type { Queue } from './queue.ts'
import type { Decisions } from './rules.ts'
import { createSummaries } from './summary.ts'
import { words } from './words.ts'

export type Commands = ReturnType<typeof createCommands>

export interface CommandParts {
  decisions(): Decisions
  /** The queue is not what it was: told here and everywhere. */
  publishChanged(): void
  /** A row committed here. */
  apply(row: StoredHandoff): void
}

/** Changes of owner, whoever wants them: committed, told, and what follows from them begun. */
export function createCommands(
  deps: HandoffDeps,
  queue: Queue,
  { decisions, publishChanged, apply }: CommandParts,
) {
  const { journal } = deps
  const parts: MoveParts = { ...deps, queue }
  const intake = createIntake(deps, { queue, parts, decisions })
  const updateSummary = createSummaries(deps, publishChanged)

  function assignTo(
    draft: Draft,
    event: 'accept' | 'take' | 'transfer',
    agentId: string,
    fields: Partial<StoredHandoff> = {},
  ): Moved {
    const { name } = agentOf(agentId, queue)
    const notice = words[draft.head.language][event === 'transfer' ? 'transferred' : 'accepted'](name)
    return move(draft, { event, fields: { ...fields, agent_id: agentId }, notice }, parts)
  }

  /** One change of a conversation's owner, committed; then what it began. */
  async function changeOwner(
    conversationId: string,
    {
      sender,
      actor,
      queues = false,
      decide,
    }: Pick<Change<Moved>, 'sender' | 'actor' | 'decide'> & { queues?: boolean },
  ): Promise<Handoff> {
    let pausedId: string | undefined
    let staged: StoredHandoff | undefined
    try {
      const { handoff, reply } = await journal.append<Moved>({
        conversationId,
        reply: true,
        needs: { handoff: [{ conversation_id: conversationId, queues }] },
        sender,
        actor,
        decide(draft) {
          const moved = decide(draft)
          pausedId = draft.updated[0]?.id
          staged = stagedHandoff(draft)
          return moved
        },
        onDuplicate: payload => ({
          handoff: (payload as EventPayload<'handoff:changed'>).handoff,
          reply: null,
        }),
      })
      if (reply) deps.runReply(reply)
      if (staged) followUp(handoff, staged)
      return handoff
    } catch (error) {
      if (pausedId) deps.resumeDelivery(pausedId)
      throw error
    }
  }

  /** After a commit: known here at once, and read by the other nodes. */
  function applyCommitted(row: StoredHandoff): void {
    apply(row)
    publishChanged()
  }

  /** After the commit: the desk hears of it, and whoever takes it finds a summary. */
  function followUp(handoff: Handoff, row: StoredHandoff): void {
    applyCommitted(row)
    if (handoff.status === 'pending') void updateSummary(handoff)
  }

  return {
    publishChanged,
    applyCommitted,
    parts,
    changeOwner,
    createRequest: intake.createRequest,
    assignTo,
    openingText: intake.openingText,
    followUp,
  }
}
