import type { MemoryUse, ReadableMessage } from '#storage/chat/memory'
import type { StoredMessage } from '#storage/chat/message'
import type { StoredEvent } from '#storage/realtime/events'
import { readCommands } from '../../../answering/memory/command.ts'
import { type Fact, factsIn, isFirstPerson } from '../../../answering/memory/facts.ts'
import { checkedFact } from '../../../answering/memory/proposals.ts'
import { objectionTo } from '../../../answering/memory/screen.ts'
import { memoryTerms } from '../../../answering/memory/terms.ts'
import { newId } from '../../../core/ids.ts'
import type { Consumer } from '../../../jobs/consumer.ts'
import { repeat } from '../../../jobs/schedule.ts'
import type { MemoryDeps } from './index.ts'

/** How often is looked for what another node left behind. */
const readingPollMs = 10_000
/** A message longer than that is a document, not somebody who speaks of themselves. */
const readableMax = 2000

/** Reads what people said for what they say of themselves, once it is answered. */
export function createMemoryReading({ storage, proposeFacts, log }: MemoryDeps) {
  const closing = new AbortController()
  let running = Promise.resolve()
  let stopPolling = () => running

  const consumer: Consumer = {
    name: 'memory',
    events: ['message:created', 'message:updated'],
    async consume(sql, events) {
      const messages = events.map(({ payload }) => payload.message as StoredMessage)
      const questions = messages.filter(({ role, status }) => role === 'user' && status === 'complete')
      if (questions.length > 0)
        await storage.enqueue(
          sql,
          questions.map(({ id }) => id),
        )
      const used = events.flatMap(toUses)
      if (used.length > 0) await storage.recordUses(sql, used)
    },
    consumed: () => void readInTurn(),
  }

  function readInTurn(): Promise<void> {
    running = running.then(readAll).catch(error => log.warn({ error }, 'memories could not be read'))
    return running
  }

  async function readAll(): Promise<void> {
    for (;;) {
      const messages = closing.signal.aborted ? [] : await storage.claimReadings()
      if (messages.length === 0) return
      for (const message of messages) await read(message)
    }
  }

  async function read(message: ReadableMessage): Promise<void> {
    const { id: messageId, conversation_id: conversationId, person_id: personId, said_at: saidAt } = message
    const facts = await factsOf(message)
    if (closing.signal.aborted) return
    const origin = { source: 'chat', conversationId, messageId, key: null, saidAt } as const
    const memories = facts.map(fact => ({
      id: newId(),
      personId,
      ...origin,
      ...fact,
      terms: memoryTerms(fact),
    }))
    await storage.finishReading(messageId, personId, saidAt, memories)
  }

  async function factsOf(message: ReadableMessage): Promise<Fact[]> {
    const { rest } = readCommands(message.content)
    if (rest.length > readableMax || !isFirstPerson(rest)) return []
    const stated = factsIn(rest).filter(({ content }) => objectionTo(content) === null)
    const proposed = (await propose(rest, message)).flatMap(proposal => checkedFact(proposal, rest) ?? [])
    const subjects = new Set(stated.map(({ subject }) => subject))
    return [
      ...stated,
      ...proposed.filter(
        ({ subject, content }) =>
          !subjects.has(subject) && !stated.some(fact => fact.content.includes(content)),
      ),
    ]
  }

  /** Without a model, or where it fails, what simple words say is remembered alone. */
  async function propose(text: string, { id, person_id, choice }: ReadableMessage) {
    try {
      return await proposeFacts(text, choice, person_id, closing.signal)
    } catch (error) {
      log.warn({ message_id: id, error }, 'no model read a message for memories')
      return []
    }
  }

  return {
    consumer,
    readAll,
    start(): void {
      stopPolling = repeat(readInTurn, readingPollMs, log)
    },
    async close(): Promise<void> {
      closing.abort()
      await stopPolling()
      await running
    },
  }
}

function toUses({ conversation_id, payload }: StoredEvent): MemoryUse[] {
  const { id, role, status, memories_used, updated_at } = payload.message as StoredMessage
  if (role !== 'assistant' || status === 'streaming') return []
  return memories_used.map(memory_id => ({ memory_id, message_id: id, conversation_id, used_at: updated_at }))
}
