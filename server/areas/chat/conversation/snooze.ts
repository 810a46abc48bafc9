import { invalid, OperationError } from '#protocol'
import { snoozeMaxDays } from '#protocol/core/limits'
import { assertMayManage, assertMayRead } from '../../../core/access.ts'
import { actorOf, type Call } from '../../../core/call.ts'
import { createPresentation } from '../../../core/presentation.ts'
import { projectConversation, type StoredConversation } from '../../../core/projection.ts'
import { repeat } from '../../../jobs/schedule.ts'
import type { Log } from '../../../observability/log.ts'
import type { Draft } from '../../../realtime/journal/draft.ts'
import type { ConversationDeps, ConversationHandlers } from './deps.ts'

type SnoozeDeps = Pick<ConversationDeps, 'storage' | 'journal' | 'agent'>
type SnoozeHandlers = Pick<
  ConversationHandlers,
  'conversation:snooze' | 'conversation:unsnooze' | 'conversation:reopen'
>

const dayMs = 86_400_000
/** How late a conversation may be back. */
const wakePollMs = 2000
const maxBatch = 100

/** Conversations that rest until a time or until their visitor writes, and those that are taken up again after their end. */
export function createSnoozes(deps: SnoozeDeps, log: Log) {
  const { storage, journal } = deps
  const { toConversation } = createPresentation(deps)
  let stop = async () => {}

  function emitUpdated(draft: Draft): void {
    draft.emit('conversation:updated', {
      conversation: toConversation({ ...draft.head, seq: draft.head.seq + 1, updated_at: draft.at }),
    })
  }

  /** Part of a change that ends its rest, where it has one. */
  function wake(draft: Draft): void {
    if (draft.head.snoozed_at === null) return
    Object.assign(draft.head, { snoozed_at: null, snoozed_until: null })
    emitUpdated(draft)
  }

  async function change(conversationId: string, call: Call, action: string, apply: (draft: Draft) => void) {
    const conversation = await journal.append<StoredConversation>({
      conversationId,
      actor: actorOf(call),
      decide(draft) {
        const { seq, status } = draft.head
        apply(draft)
        if (draft.head.seq > seq)
          draft.stage('audit', {
            actor: draft.actor,
            scope: 'conversation',
            action,
            subject: conversationId,
            before: { status },
            after: { status: draft.head.status, snoozed_until: draft.head.snoozed_until },
          })
        return toConversation(draft.head)
      },
    })
    return { conversation: projectConversation(conversation, call.caller.audience) }
  }

  const handlers: SnoozeHandlers = {
    'conversation:snooze': ({ conversation_id, until }, call) =>
      change(conversation_id, call, 'conversation:snooze', draft => {
        const { head, at } = draft
        assertMayManage(head, call.caller)
        const { mode, status, agent_id } = head
        if (mode !== 'human' || status === 'closed')
          throw new OperationError('CONFLICT', 'Nobody has this conversation.', { status, mode, agent_id })
        const snoozed_until = until && new Date(until).toISOString()
        if (snoozed_until !== null) assertSoon(snoozed_until, at)
        if (head.snoozed_at !== null && head.snoozed_until === snoozed_until) return
        Object.assign(head, { snoozed_at: at, snoozed_until })
        emitUpdated(draft)
      }),

    'conversation:unsnooze': ({ conversation_id }, call) =>
      change(conversation_id, call, 'conversation:unsnooze', draft => {
        assertMayManage(draft.head, call.caller)
        wake(draft)
      }),

    'conversation:reopen': ({ conversation_id }, call) =>
      change(conversation_id, call, 'conversation:reopen', draft => {
        const { head } = draft
        assertMayRead(head, call.caller)
        const { mode, agent_id } = head
        if (mode === 'human' && agent_id !== call.caller.id)
          throw new OperationError('CONFLICT', 'A colleague has this conversation.', {
            owner: { mode, agent_id },
          })
        if (head.status === 'open') return
        head.status = 'open'
        emitUpdated(draft)
      }),
  }

  /** Those whose time has come; two nodes may both look, one of them finds it done. */
  async function wakeDue(): Promise<void> {
    for (const id of await storage.dueSnoozes(maxBatch))
      await journal.append({
        conversationId: id,
        decide(draft) {
          const { snoozed_until } = draft.head
          if (snoozed_until !== null && snoozed_until <= draft.at) wake(draft)
        },
      })
  }

  return {
    handlers,
    wake,
    start(): void {
      stop = repeat(wakeDue, wakePollMs, log)
    },
    close: () => stop(),
  }
}

/** @throws OperationError VALIDATION_ERROR */
function assertSoon(until: string, at: string): void {
  const ms = Date.parse(until) - Date.parse(at)
  if (ms <= 0) throw invalid('until', 'must be in the future')
  if (ms > snoozeMaxDays * dayMs) throw invalid('until', `must be within ${snoozeMaxDays} days`)
}
