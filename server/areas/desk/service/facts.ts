import type { StoredMessage } from '#storage/chat/message'
import type { ConversationOutcome, FactsStorage } from '#storage/desk/facts'
import type { StoredEvent } from '#storage/realtime/events'
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

/** A question, or an answer that begins, changes none of a conversation that is counted: how it ends does. */
function mayChangeFacts({ event, payload }: StoredEvent): boolean {
  if (event !== 'message:created') return true
  const { role } = payload.message as StoredMessage
  return role !== 'user' && role !== 'assistant'
}

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
    async consume(sql, events) {
      const [spoken, changed] = [new Set<string>(), new Set<string>()]
      for (const event of events) (mayChangeFacts(event) ? changed : spoken).add(event.conversation_id)
      const uncounted = await storage.withoutFacts(sql, [...spoken.difference(changed)])
      if (changed.size + uncounted.length > 0)
        await storage.refreshFacts(sql, [...changed, ...uncounted], isResolved)
    },
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
