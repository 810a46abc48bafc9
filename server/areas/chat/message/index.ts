import type { MessageDeps, MessageHandlers } from './deps.ts'
import { editHandler } from './edit.ts'
import { feedbackHandler } from './feedback.ts'
import { readHandler } from './read.ts'
import { redactHandler } from './redact.ts'
import { retractHandler } from './retract.ts'
import { createSender, sendHandler } from './send.ts'

export type { MessageDeps } from './deps.ts'

/** What is said in a conversation: sent, seen, rated, corrected and removed. */
export function messageArea(deps: MessageDeps) {
  const sendMessage = createSender(deps)
  const handlers: MessageHandlers = {
    'message:send': sendHandler(sendMessage),
    'message:read': readHandler(deps),
    'message:feedback': feedbackHandler(deps),
    'message:retract': retractHandler(deps),
    'message:edit': editHandler(deps),
    'message:redact': redactHandler(deps),
  }
  return { handlers, sendMessage }
}
