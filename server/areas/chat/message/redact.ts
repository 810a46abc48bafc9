import { OperationError } from '#protocol'
import { changeMessage, removeMessage } from './change.ts'
import type { MessageDeps, MessageHandlers } from './deps.ts'

export function redactHandler(deps: MessageDeps): MessageHandlers['message:redact'] {
  return async ({ message_id }, call) => {
    const message = await changeMessage(deps, message_id, call, (draft, message) => {
      const { id, role, status, removed } = message
      if (removed) return message
      if (status === 'streaming' || role === 'system')
        throw new OperationError('CONFLICT', 'Only what was said to its end can be removed.', {
          status,
          role,
        })
      draft.stage('audit', {
        actor: draft.actor,
        scope: 'conversation',
        action: 'message:redact',
        subject: id,
        before: { conversation_id: draft.head.id, role },
      })
      return removeMessage(draft, message, 'redacted')
    })
    deps.storage.erased()
    return { message }
  }
}
