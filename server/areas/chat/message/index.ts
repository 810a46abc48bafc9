import type { MessageDeps, MessageHandlers } from './deps.ts'
import { feedbackHandler } from './feedback.ts'
import { readHandler } from './read.ts'
import { createSender, sendHandler } from './send.ts'

export type { MessageDeps } from './deps.ts'

/** What is said in a conversation: sent, seen, rated. */
export function messageArea(deps: MessageDeps) {
  const sendMessage = createSender(deps)
  const handlers: MessageHandlers = {
    'message:send': sendHandler(sendMessage),
    'message:read': readHandler(deps),
    'message:feedback': feedbackHandler(deps),
  }
  return { handlers, sendMessage }
}
