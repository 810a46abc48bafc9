import { OperationError } from '#protocol'
import type { StoredMessage } from '#storage/chat/message'
import { visitorSentence } from '../../../core/visitor-errors.ts'
import { type Draft, toWire } from '../../../realtime/journal/draft.ts'
import { type Ending, LeaseLost } from './job.ts'

/** What becomes of answers, decided under the lock of their conversation. */

/** Part of the transaction that commits `question`: the beginning of its answer, or null while one is being written or a person answers. */
export function begin(draft: Draft, question: StoredMessage): StoredMessage | null {
  const { head } = draft
  if (head.mode !== 'ai' || head.reply_id !== null) {
    head.unanswered_id = question.id
    return null
  }
  return start(draft, question.id)
}

/** The beginning of the answer to what waits for one, where the AI owns the conversation and writes none. */
export function resume(draft: Draft): StoredMessage | null {
  const { mode, reply_id, unanswered_id } = draft.head
  return mode !== 'ai' || reply_id !== null || unanswered_id === null ? null : start(draft, unanswered_id)
}

/**
 * A stored, visible end (law R4), and the beginning of the next where questions waited behind it. An error is told in the
 * conversation's language.
 * @param shown what readers were given of it, where that may be more than is stored
 * @throws Lost
 */
export function end(
  draft: Draft,
  id: string,
  ending: Partial<Ending> & Pick<Ending, 'status'>,
  shown: string | null = null,
) {
  const message = requireOwned(draft, id)
  const content = shown?.startsWith(message.content) ? { content: shown } : {}
  const visible = ending.error && {
    error: { ...ending.error, message: visitorSentence(ending.error.code, draft.head.language) },
  }
  const revised = draft.updateMessage(message, { ...content, ...ending, ...visible })
  draft.head.reply_id = null
  return { message: toWire(revised), next: resume(draft) }
}

/** It is written on in other words than readers were given: they begin anew. @throws Lost */
export function startOver(draft: Draft, id: string): void {
  draft.updateMessage(requireOwned(draft, id), { content: '' })
}

/** The beginning of one more answer to a question that has others. */
export function startAgain(draft: Draft, questionId: string, asked: StoredMessage['asked']): StoredMessage {
  return start(draft, questionId, { asked, branch: { parent_id: questionId } })
}

function start(
  draft: Draft,
  in_reply_to: string,
  more: Partial<Pick<StoredMessage, 'asked' | 'branch'>> = {},
): StoredMessage {
  const reply = draft.addMessage({
    role: 'assistant',
    content: '',
    status: 'streaming',
    in_reply_to,
    ...more,
  })
  draft.head.reply_id = reply.id
  draft.head.unanswered_id = null
  return reply
}

/** Law O1: a takeover clears `reply_id`; nothing of the AI is stored after it. */
function requireOwned({ head, message }: Draft, id: string): StoredMessage {
  if (message?.status !== 'streaming' || head.reply_id !== id) throw new LeaseLost()
  return message
}

/** For a change that somebody else may have made unnecessary. */
export function ignoreLeaseLost(error: unknown): null {
  if (error instanceof LeaseLost || error instanceof OperationError) return null
  throw error
}
