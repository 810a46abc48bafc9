import type { ConversationOutcome, FactsStorage } from '#storage/desk/facts'
import type { Consumer } from '../../../jobs/consumer.ts'
import { repeat } from '../../../jobs/schedule.ts'
import type { Log } from '../../../observability/log.ts'

interface FactsParts {
  storage: FactsStorage
  isSmallTalk(text: string): boolean
  log: Log
}

const backfillPollMs = 100
const backfillRestMs = 60_000

/** What the figures count, kept by the log of events, and once for what was there before. */
export function createFacts({ storage, isSmallTalk, log }: FactsParts) {
  let restUntil = 0
  let stop = async () => {}

  /** Courtesies after the last answer that had a source do not count against it. */
  function isResolved({ asked_after }: Pick<ConversationOutcome, 'asked_after'>): boolean {
    return asked_after?.every(isSmallTalk) ?? false
  }

  async function backfill(): Promise<void> {
    if (performance.now() < restUntil) return
    if (!(await storage.backfillFacts(isResolved))) restUntil = performance.now() + backfillRestMs
  }

  const consumer: Consumer = {
    name: storage.factsConsumer,
    events: ['message:created', 'message:updated', 'handoff:changed'],
    consume: (sql, events) =>
      storage.refreshFacts(sql, [...new Set(events.map(event => event.conversation_id))], isResolved),
  }

  return {
    isResolved,
    consumer,
    start(): void {
      stop = repeat(backfill, backfillPollMs, log)
    },
    close: () => stop(),
  }
}
