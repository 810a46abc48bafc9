import { overdueOf } from './deadlines.ts'
import type { HandoffDeps } from './deps.ts'
import type { Queue } from './queue.ts'

/** Marks of who waited too long for a word end with it; what was missed stays in the log. */
export function createFollowUp(
  { storage, settings, log }: Pick<HandoffDeps, 'storage' | 'settings' | 'log'>,
  queue: Queue,
  publishChanged: () => void,
) {
  return (conversationId: string): void => {
    const row = queue.findIn(conversationId)
    const { first_response_s, next_response_s } = settings().sla
    const hasClock = first_response_s !== null || next_response_s !== null
    if (!row || !(hasClock || overdueOf(row.warned).length > 0)) return
    // Asked of the database: the mark may be younger than what this node knows of the row.
    storage.clearWarnings(row.id).then(
      cleared => cleared && publishChanged(),
      error => log.warn({ error }, 'a warning was not cleared'),
    )
  }
}
