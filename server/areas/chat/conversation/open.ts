import type { ConversationRow } from '#storage/chat/conversation'
import { requireReadable } from '../../../core/access.ts'
import { personOf } from '../../../core/call.ts'
import { createPresentation } from '../../../core/presentation.ts'
import { projectEvent, projectMessage } from '../../../core/projection.ts'
import { toWire } from '../../../realtime/journal/draft.ts'
import type { ConversationDeps, ConversationHandlers } from './deps.ts'
import { joinAndRead, type OpenOwn } from './open-own.ts'
import { replayOf } from './replay.ts'

export function openHandler(
  deps: ConversationDeps,
  openOwn: OpenOwn,
): ConversationHandlers['conversation:open'] {
  const { storage, messages, journal } = deps
  const { presentTo } = createPresentation(deps)
  return async (input, call) => {
    const caller = personOf(call)
    const head = input.conversation_id
      ? await joinAndRead(storage, await requireReadable(storage.find, input.conversation_id, caller), call)
      : await openOwn(input, caller, call)
    journal.cacheRow(head)
    // Nobody knows more than is stored: a backup was put back.
    if ((input.since_seq ?? 0) > head.seq) await deps.incarnation.refresh()
    const isStaff = caller.audience === 'agent'
    const [replay, read, handoff, notes, [shown]] = await Promise.all([
      replayOf(deps, head, input.since_seq),
      head.seq === 0 ? {} : messages.reads(head.id),
      deps.handoffOf(head, caller),
      isStaff ? deps.notesOf(head.id) : [],
      presentTo(caller, [head]),
    ])
    const seq = replay.events.at(-1)?.seq ?? head.seq
    deps.markDelivered(head.id, seq, head)
    if (input.since_seq !== undefined) deps.countResume(replay.snapshot ? 'snapshot' : 'events')
    return {
      conversation: shown!,
      messages: replay.messages.map(message => projectMessage(toWire(message), caller.audience)),
      events: replay.events.map(({ seq, event, payload }) => ({
        seq,
        event,
        payload: projectEvent(event, payload, caller.audience) as Record<string, unknown>,
      })),
      snapshot: replay.snapshot,
      seq,
      incarnation: deps.incarnation.id,
      handoff,
      read: isStaff ? read : readsShown(read, head),
      ...(isStaff && { notes }),
    }
  }
}

/** What a visitor sees of who has read: themselves, and the agent who has the conversation. */
function readsShown(
  read: Record<string, number>,
  { person_id, agent_id }: ConversationRow,
): Record<string, number> {
  return Object.fromEntries(Object.entries(read).filter(([id]) => id === person_id || id === agent_id))
}
