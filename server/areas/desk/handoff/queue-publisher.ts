import type { EventPayload, Handoff } from '#protocol'
import type { StoredHandoff } from '#storage/desk/handoff'
import { maskHandoff, toListedHandoff } from './move.ts'
import { estimateMs, type Queue } from './queue.ts'

export interface QueuePublisherParts {
  queue: Queue
  /** To everybody of the desk on this node. */
  toStaff<E extends 'queue:changed' | 'presence:changed'>(event: E, payload: EventPayload<E>): void
  /** To a conversation's readers on this node. */
  toConversation(conversationId: string, event: 'handoff:moved', payload: EventPayload<'handoff:moved'>): void
  hasSubscribers(conversationId: string): boolean
}

/** What this node's sockets were last sent of the queue, and what of it is another by now. */
export function createQueuePublisher({
  queue,
  toStaff,
  toConversation,
  hasSubscribers,
}: QueuePublisherParts) {
  const sentAgents = new Map<string, string>()
  const sentPositions = new Map<string, string>()
  let sentCounts = ''
  let sentPace = ''

  /** @param from the first place in the queue that may be another's by now */
  function publish(rows: StoredHandoff[], from: number): void {
    publishAgents()
    publishCounts(rows.flatMap(row => (row.conversation_id === null ? [] : toListedHandoff(row, queue))))
    // A seat more or less, or another handling time, moves everybody's estimate.
    const pace = JSON.stringify(queue.pace())
    publishPositions(pace === sentPace ? from : 0)
    sentPace = pace
    for (const { id, status } of rows) if (status !== 'pending') sentPositions.delete(id)
  }

  function publishAgents(): void {
    for (const agent of queue.agents()) {
      const current = JSON.stringify(agent)
      if (sentAgents.get(agent.id) === current) continue
      sentAgents.set(agent.id, current)
      toStaff('presence:changed', { agent })
    }
  }

  function publishCounts(handoffs: Handoff[]): void {
    const counts = queue.counts()
    if (handoffs.length === 0 && sentCounts === JSON.stringify(counts)) return
    sentCounts = JSON.stringify(counts)
    toStaff('queue:changed', { ...counts, handoffs: handoffs.map(maskHandoff) })
  }

  function publishPositions(from: number): void {
    const pace = queue.pace()
    for (let index = from; index < queue.waiting.length; index++) {
      const { id, conversation_id } = queue.waiting[index]!
      if (conversation_id === null || !hasSubscribers(conversation_id)) continue
      const position = { queue_position: index + 1, estimated_wait_ms: estimateMs(pace, index + 1) }
      const current = JSON.stringify(position)
      if (sentPositions.get(id) === current) continue
      sentPositions.set(id, current)
      toConversation(conversation_id, 'handoff:moved', { conversation_id, handoff_id: id, ...position })
    }
  }

  return { publish }
}
