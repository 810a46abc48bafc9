import { OperationError } from '#protocol'
import { noSuchMessage } from '../../../core/access.ts'
import { projectMessage } from '../../../core/projection.ts'
import { toWire } from '../../../realtime/journal/draft.ts'
import type { MessageDeps, MessageHandlers } from './deps.ts'

export function feedbackHandler({ storage, journal }: MessageDeps): MessageHandlers['message:feedback'] {
  return async ({ message_id, rating, comment }, { caller }) => {
    const found = await storage.find(message_id)
    if (found?.head.person_id !== caller.id) throw noSuchMessage()
    const message = await journal.append({
      conversationId: found.head.id,
      messageId: message_id,
      decide(draft) {
        const { message } = draft
        if (!message) throw noSuchMessage()
        if (message.role === 'user' || message.status === 'streaming') {
          throw new OperationError('CONFLICT', 'Only a finished answer can be rated.')
        }
        return toWire(draft.updateMessage(message, { feedback: rating, feedback_comment: comment ?? null }))
      },
    })
    return { message: projectMessage(message, caller.audience) }
  }
}
