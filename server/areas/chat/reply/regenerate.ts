import { type Message, OperationError } from '#protocol'
import type { replyOperations } from '#protocol/chat/reply'
import type { StoredMessage } from '#storage/chat/message'
import { assertMayWrite, assertOpen, noSuchMessage, requireReadableMessage } from '../../../core/access.ts'
import { type Handlers, type Person, personOf } from '../../../core/call.ts'
import { projectMessage } from '../../../core/projection.ts'
import { fingerprintOf } from '../../../realtime/journal/change.ts'
import { toWire } from '../../../realtime/journal/draft.ts'
import * as decide from './decide.ts'
import type { ReplyDeps } from './deps.ts'

interface RegenerateParts extends Pick<ReplyDeps, 'storage' | 'journal'> {
  /** @throws OperationError PROVIDER_NOT_ACCESSIBLE, PROVIDER_INACTIVE */
  assertMayAsk(providerId: string, caller: Person): void
  run(reply: StoredMessage): void
}

/** One more answer to a question, beside those it has. */
export function regenerateHandler({
  storage,
  journal,
  assertMayAsk,
  run,
}: RegenerateParts): Handlers<typeof replyOperations>['reply:regenerate'] {
  /** The question itself, or what an answer answers. */
  async function findQuestion({ role, id, in_reply_to }: StoredMessage): Promise<string> {
    if (role === 'user') return id
    const question = in_reply_to && role === 'assistant' ? await storage.find(in_reply_to) : null
    if (!question) throw noSuchMessage()
    return question.message.id
  }

  return async ({ message_id, key, provider_id, model }, call) => {
    const caller = personOf(call)
    const { message, head } = await requireReadableMessage(storage.find, message_id, caller)
    if (provider_id !== undefined) assertMayAsk(provider_id, caller)
    const origin = { provider_id, model, request_id: call.requestId }
    const result = await journal.append<{ message: Message; reply: StoredMessage | null }>({
      conversationId: head.id,
      messageId: await findQuestion(message),
      sender: {
        id: caller.id,
        key,
        fingerprint: fingerprintOf('reply:regenerate', message_id, provider_id, model),
      },
      decide(draft) {
        assertMayWrite(draft.head, caller)
        assertOpen(draft.head)
        const { mode, reply_id } = draft.head
        const { message: question } = draft
        if (mode !== 'ai' || reply_id !== null || question?.removed)
          throw new OperationError('CONFLICT', 'No answer can begin now.', { mode })
        const reply = decide.startAgain(draft, question!.id, origin)
        return { message: toWire(reply), reply }
      },
      onDuplicate: payload => ({ message: payload.message as Message, reply: null }),
    })
    if (result.reply) run(result.reply)
    return { message: projectMessage(result.message, caller.audience) }
  }
}
