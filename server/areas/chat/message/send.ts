import type { Message, PageContext } from '#protocol'
import type { ConversationRow } from '#storage/chat/conversation'
import type { StoredMessage } from '#storage/chat/message'
import type { Needs } from '#storage/realtime/participants'
import { assertMayWrite, assertOpen, noSuchMessage } from '../../../core/access.ts'
import { type Call, type Person, personOf } from '../../../core/call.ts'
import { projectMessage } from '../../../core/projection.ts'
import { fingerprintOf } from '../../../realtime/journal/change.ts'
import { type Draft, toWire } from '../../../realtime/journal/draft.ts'
import { attachmentsOf, attachUploads } from './attachments.ts'
import type { HandoffOutcome, MessageDeps, MessageHandlers } from './deps.ts'

interface SendInput {
  conversation_id: string
  key: string
  content: string
  attachments: string[]
  context?: PageContext
  parent_id?: string | null
  provider_id?: string
  model?: string
  /** It was spoken: its words are what was understood, and may be others the next time. */
  voice?: NonNullable<Message['voice']>
}

export function sendHandler(sendMessage: ReturnType<typeof createSender>): MessageHandlers['message:send'] {
  return async (input, call) => {
    const { message } = await sendMessage(input, personOf(call), call)
    return { message: projectMessage(message, call.caller.audience) }
  }
}

/** Commits what somebody says, and in the same transaction the beginning of its answer. */
export function createSender(deps: MessageDeps) {
  return async (
    input: SendInput,
    caller: Person,
    { requestId, device, network }: Pick<Call, 'requestId' | 'device' | 'network'>,
  ) => {
    const { conversation_id, key, voice, ...body } = input
    if (body.provider_id !== undefined) deps.assertMayAsk(body.provider_id, caller)
    const isVisitor = caller.audience === 'visitor'
    const request = isVisitor ? deps.readRequest(conversation_id, body.content, network) : null
    const handOver = request && (await request)
    const result = await deps.journal.append<{
      message: Message
      question?: StoredMessage
      reply: StoredMessage | null
      person: HandoffOutcome | null
      mode: ConversationRow['mode']
    }>({
      conversationId: conversation_id,
      messageId: body.parent_id ?? undefined,
      needs: needsOf(body.attachments, handOver === null ? null : conversation_id),
      sender: {
        id: caller.id,
        key,
        fingerprint: voice ? fingerprintOf('voice:end') : fingerprintOf('message:send', body),
      },
      actor: { id: caller.id, role: caller.role, address: null, request_id: requestId },
      decide(draft) {
        assertMayWrite(draft.head, caller)
        assertOpen(draft.head)
        const message = draft.addMessage({
          role: caller.audience === 'visitor' ? 'user' : 'agent',
          content: body.content,
          attachments: attachmentsOf(draft, body.attachments, caller),
          status: 'complete',
          key,
          voice: voice ?? null,
          branch: branchOf(draft, body.parent_id),
          author: { id: caller.id, name: caller.name },
          asked: {
            context: body.context,
            provider_id: body.provider_id,
            model: body.model,
            device: (caller.audience === 'visitor' && device) || undefined,
            request_id: requestId,
          },
        })
        attachUploads(draft, message)
        if (voice) emitTurn(draft, message, voice)
        if (message.role === 'agent') draft.head.unanswered_id = null
        const isQuestion = message.role === 'user'
        if (isQuestion) {
          deps.wake(draft)
          deps.applyQuestion(draft, message)
        }
        const person = handOver?.(draft, message) ?? null
        const reply = isQuestion && !person ? deps.beginReply(draft, message) : null
        return { message: toWire(message), question: message, mode: draft.head.mode, reply, person }
      },
      onDuplicate: payload => ({
        message: payload.message as Message,
        mode: 'ai',
        reply: null,
        person: null,
      }),
    })
    if (!isVisitor || result.mode !== 'ai') deps.followUpMessage(conversation_id)
    const queued = result.person?.queued
    if (queued) deps.followUpHandoff(queued.handoff, queued.row)
    if (result.question && result.reply) deps.runReply(result.reply, result.question)
    return result
  }
}

/** Where a person reads, there is one thread. @throws OperationError NOT_FOUND */
function branchOf({ head, message }: Draft, parentId: string | null | undefined): StoredMessage['branch'] {
  if (parentId === undefined) return null
  if (parentId !== null && message?.conversation_id !== head.id) throw noSuchMessage()
  return head.mode === 'ai' ? { parent_id: parentId } : null
}

function emitTurn(
  draft: Draft,
  { id, content, created_at }: StoredMessage,
  voice: NonNullable<Message['voice']>,
): void {
  const { stream_id, duration_ms } = voice
  draft.emit('voice:turn', { stream_id, text: content, message_id: id, duration_ms, at: created_at })
}

/** What a message needs to see: its files, and the queue where it asks for a person. */
function needsOf(attachments: string[], queueing: string | null): Needs | undefined {
  if (attachments.length === 0 && queueing === null) return undefined
  return {
    upload: attachments,
    ...(queueing !== null && { handoff: [{ conversation_id: queueing, queues: true }] }),
  }
}
