import { invalid, OperationError } from '#protocol'
import { assertOwnMessage, changeMessage } from './change.ts'
import type { MessageDeps, MessageHandlers } from './deps.ts'

export function editHandler(deps: MessageDeps): MessageHandlers['message:edit'] {
  return async ({ message_id, content }, call) => {
    const message = await changeMessage(deps, message_id, call, (draft, message) => {
      assertOwnMessage(draft, message, call.caller)
      const { removed, attachments } = message
      if (removed) throw new OperationError('CONFLICT', 'The message has been removed.', { removed })
      if (content.trim() === '' && attachments.length === 0) throw invalid('content', 'must not be empty')
      if (content === message.content) return message
      return draft.updateMessage(message, { content, edited_at: draft.at })
    })
    return { message }
  }
}
