import { overdueOf, toStoredAnswers } from './deadlines.ts'
import type { HandoffDeps } from './deps.ts'
import type { Queue } from './queue.ts'

/** After somebody said something, or took it back: its clocks go on from there, and marks of who waited too long for a word end. */
export function createFollowUp(
  { storage, settings, log }: Pick<HandoffDeps, 'storage' | 'settings' | 'log'>,
  queue: Queue,
  publishChanged: () => void,
) {
  async function followUp(conversationId: string): Promise<void> {
    const row = queue.findIn(conversationId)
    const { first_response_s, next_response_s, resolution_s } = settings().sla
    const hasClock = [first_response_s, next_response_s, resolution_s].some(seconds => seconds !== null)
    if (!row || !(hasClock || overdueOf(row.warned).length > 0)) return
    // Asked of the database: it may be younger than what this node knows of the row.
    const answers = toStoredAnswers(await storage.answersOf(row), settings())
    if (await storage.noteAnswers(row.id, answers)) publishChanged()
  }

  return (conversationId: string): void => {
    followUp(conversationId).catch(error => log.warn({ error }, 'what was said was not counted'))
  }
}
