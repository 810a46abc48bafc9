import { type Message, OperationError } from '#protocol'
import type { StoredMessage } from '#storage/chat/message'
import type { Removal } from '#storage/chat/message-removal'
import { assertMayReadMessage, assertMayWrite, noSuchMessage } from '../../../core/access.ts'
import { actorOf, type Call, type Caller } from '../../../core/call.ts'
import { projectMessage } from '../../../core/projection.ts'
import { type Draft, toWire } from '../../../realtime/journal/draft.ts'
import type { MessageDeps } from './deps.ts'

/**
 * Changes a message that was said, under the lock of its conversation. What may not be read looks like what does not exist.
 * @param decide the message as it is then
 * @throws OperationError NOT_FOUND, and what `decide` throws
 */
export async function changeMessage(
  { storage, journal }: Pick<MessageDeps, 'storage' | 'journal'>,
  messageId: string,
  call: Call,
  decide: (draft: Draft, message: StoredMessage) => StoredMessage,
): Promise<Message> {
  const found = await storage.find(messageId)
  if (!found) throw noSuchMessage()
  const message = await journal.append({
    conversationId: found.head.id,
    messageId,
    actor: actorOf(call),
    decide(draft) {
      assertMayReadMessage(draft.head, call.caller)
      if (!draft.message) throw noSuchMessage()
      return toWire(decide(draft, draft.message))
    },
  })
  return projectMessage(message, call.caller.audience)
}

/** Law O1b: one's own words, while one has the conversation. @throws OperationError CONFLICT */
export function assertOwnMessage({ head }: Draft, { role, author }: StoredMessage, caller: Caller): void {
  assertMayWrite(head, caller)
  if (role !== 'agent' || author?.id !== caller.id)
    throw new OperationError('CONFLICT', 'Only what one has said oneself can be changed.')
}

/** What is left of the words of a removed message, in its row and in the log. */
const removedWords = {
  content: '',
  attachments: [],
  references: [],
  error: null,
  feedback_comment: null,
  heard_text: null,
} satisfies Partial<StoredMessage>

/** Its words go, from wherever they stand. */
export function removeMessage(
  draft: Draft,
  message: StoredMessage,
  removed: Removal['removed'],
): StoredMessage {
  draft.stage('removal', { message, removed, words: removedWords })
  return draft.updateMessage(message, { ...removedWords, removed })
}
