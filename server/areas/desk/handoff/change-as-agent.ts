import type { Handoff } from '#protocol'
import { actorOf, type Call, personOf } from '../../../core/call.ts'
import { fingerprintOf } from '../../../realtime/journal/change.ts'
import type { Draft } from '../../../realtime/journal/draft.ts'
import type { HandoffContext } from './context.ts'
import { conflict, type Moved, noSuchHandoff, presentHandoff } from './move.ts'

/** What an agent does with a handoff. */
export async function changeAsAgent(
  { deps, queue, commands, agents }: HandoffContext,
  handoffId: string,
  call: Call,
  { key, input, decide }: { key: string; input: unknown[]; decide(draft: Draft): Moved },
): Promise<Handoff> {
  const caller = personOf(call)
  const [found] = await Promise.all([deps.storage.find(handoffId), agents.refresh(caller.id)])
  if (!found?.conversation_id) throw noSuchHandoff()
  return commands.changeOwner(found.conversation_id, {
    actor: actorOf(call),
    sender: { id: caller.id, key, fingerprint: fingerprintOf('handoff', handoffId, ...input) },
    decide(draft) {
      // A later one of the same conversation is another matter.
      if (presentHandoff(draft)?.id !== handoffId) throw conflict(found, queue)
      return decide(draft)
    },
  })
}
