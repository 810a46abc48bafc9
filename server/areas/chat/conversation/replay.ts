import type { ConversationRow } from '#storage/chat/conversation'
import type { StoredMessage } from '#storage/chat/message'
import type { StoredEvent } from '#storage/realtime/events'
import type { ConversationDeps } from './deps.ts'

/** Newest messages of a snapshot. */
const snapshotMessages = 50
/** A client further behind than this gets a snapshot: cheaper for both than the events. */
const replayMax = 500
/** What one answer may carry, in UTF-16 units of payload: well below what may wait for a slow reader. */
const replayMaxLength = 600_000

/** What a client that has everything up to `since` is missing; without `since`, or too far behind, a snapshot. */
export async function replayOf(
  { messages, events: log }: Pick<ConversationDeps, 'messages' | 'events'>,
  head: ConversationRow,
  since: number | undefined,
): Promise<{ messages: StoredMessage[]; events: StoredEvent[]; snapshot: boolean }> {
  const nothing = { messages: [], events: [] }
  if (since === head.seq) return { ...nothing, snapshot: false }
  if (head.seq === 0) return { ...nothing, snapshot: true }
  if (since !== undefined && since <= head.seq && head.seq - since <= replayMax) {
    const found = await log.after({ conversation_id: head.id, seq: since, limit: replayMax + 1 })
    // What came after the head was read arrives live: the answer is of one moment.
    const events = found.filter(event => event.seq <= head.seq)
    if (JSON.stringify(events).length <= replayMaxLength) return { messages: [], events, snapshot: false }
  }
  // Read after the head: it may show the effect of a later event already, and applying that again changes nothing.
  return {
    messages: await messages.before({
      conversation_id: head.id,
      before: head.seq + 1,
      limit: snapshotMessages,
    }),
    events: [],
    snapshot: true,
  }
}
