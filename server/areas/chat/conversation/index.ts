import { deleteHandler } from './delete.ts'
import type { ConversationDeps, ConversationHandlers } from './deps.ts'
import { historyHandler } from './history.ts'
import { listHandler } from './list.ts'
import { openHandler } from './open.ts'
import { createOwnOpener } from './open-own.ts'
import { searchHandler } from './search.ts'
import type { createSnoozes } from './snooze.ts'
import { updateHandler } from './update.ts'

export type { ConversationDeps } from './deps.ts'

/** Conversations, as visitors have them and staff see them. */
export function conversationArea(
  deps: ConversationDeps,
  snoozes: Pick<ReturnType<typeof createSnoozes>, 'handlers'>,
) {
  const openOwn = createOwnOpener(deps)
  const handlers: ConversationHandlers = {
    'conversation:open': openHandler(deps, openOwn),
    'conversation:list': listHandler(deps),
    'conversation:search': searchHandler(deps),
    'conversation:history': historyHandler(deps),
    'conversation:update': updateHandler(deps),
    'conversation:delete': deleteHandler(deps),
    ...snoozes.handlers,
  }
  return { handlers, openOwn }
}
