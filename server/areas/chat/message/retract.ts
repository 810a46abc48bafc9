import { OperationError } from '#protocol'
import { retractMaxMs } from '#protocol/core/limits'
import { assertOwnMessage, changeMessage, removeMessage } from './change.ts'
import type { MessageDeps, MessageHandlers } from './deps.ts'

/** For the way to the agent and back. */
const graceMs = 2000

export function retractHandler(deps: MessageDeps): MessageHandlers['message:retract'] {
  return async ({ message_id }, call) => {
    const message = await changeMessage(deps, message_id, call, (draft, message) => {
      assertOwnMessage(draft, message, call.caller)
      if (message.removed) return message
      const { created_at } = message
      if (Date.parse(draft.at) - Date.parse(created_at) > retractMaxMs + graceMs)
        throw new OperationError('CONFLICT', 'It was said too long ago to be taken back.', { created_at })
      return removeMessage(draft, message, 'retracted')
    })
    deps.storage.erased()
    deps.followUpMessage(message.conversation_id)
    return { message }
  }
}
