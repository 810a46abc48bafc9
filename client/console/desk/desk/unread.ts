import type { Message } from '#protocol'
import type { Queued } from '#protocol/desk/handoff'
import { retryAfter } from '../../../sdk/error.ts'
import { backoff, type Client, callCapMs, toParleyError } from '../../../sdk/index.ts'

interface UnreadOptions {
  client: Client<'agent'>
  me: string
  /** Whether the agent is looking at it: then nothing is unread. */
  isSeen(conversationId: string): boolean
  onMessage(message: Message): void
  onChange(counts: Record<string, number>): void
}

/**
 * How many of the visitor's messages this agent has not seen, by conversation. Joins the conversations the agent serves
 * without reading them: from their end, so that only what comes is sent.
 */
export function createUnread({ client, me, isSeen, onMessage, onChange }: UnreadOptions) {
  let counts: Record<string, number> = {}
  const joined = new Set<string>()
  let wanted: Queued[] = []
  let isJoining = false

  function follow(mine: Queued[]) {
    wanted = mine
    const ids = new Set(mine.map(entry => entry.conversation_id))
    for (const id of joined) if (!ids.has(id)) leave(id)
    if (!isJoining) void joinAll()
  }

  function leave(id: string) {
    joined.delete(id)
    seen(id)
  }

  async function joinAll() {
    isJoining = true
    for (let attempt = 0; ; ) {
      const next = wanted.find(entry => !joined.has(entry.conversation_id))
      if (!next) break
      try {
        await join(next)
        attempt = 0
      } catch (thrown) {
        const error = toParleyError(thrown)
        if (error.code === 'DISCONNECTED' || error.code === 'ABORTED') break
        // Gone, or no longer ours: its own change is on the way.
        if (!error.retryable) joined.add(next.conversation_id)
        else await pause(Math.max(retryAfter(error.details), backoff(attempt++, callCapMs)))
      }
    }
    isJoining = false
  }

  async function join({ conversation_id, conversation }: Queued) {
    const { read, seq } = await client.call('conversation:open', {
      conversation_id,
      since_seq: conversation.seq,
    })
    joined.add(conversation_id)
    const since_seq = read[me] ?? 0
    if (since_seq >= seq || isSeen(conversation_id)) return
    const { events, messages } = await client.call('conversation:open', { conversation_id, since_seq })
    const said = [...messages, ...events.map(({ payload }) => payload.message as Message | undefined)]
    count(conversation_id, said.filter(message => message?.role === 'user').length)
  }

  function count(id: string, by: number) {
    if (by === 0) return
    counts = { ...counts, [id]: (counts[id] ?? 0) + by }
    onChange(counts)
  }

  function seen(id: string) {
    if (!counts[id]) return
    const { [id]: _, ...rest } = counts
    counts = rest
    onChange(counts)
  }

  const stop = client.on('message:created', ({ conversation_id, message }) => {
    if (!joined.has(conversation_id)) return
    if (message.role === 'user' && !isSeen(conversation_id)) count(conversation_id, 1)
    onMessage(message)
  })

  return {
    follow,
    seen,
    /** The connection is new: rooms are to be joined again. */
    rejoin() {
      joined.clear()
      counts = {}
    },
    stop,
  }
}

function pause(ms: number): Promise<void> {
  return new Promise(resolve => setTimeout(resolve, ms))
}
