import type { Attachment, EventPayload } from '#protocol'
import type { Note } from '#protocol/chat/conversation'
import type { Client } from './client.ts'
import { deliver } from './delivery.ts'
import type { ParleyError } from './error.ts'
import { createEvents } from './events.ts'
import { createOutbox, type Outgoing } from './outbox.ts'
import { createPlace, noteLife } from './place.ts'
import { createReading } from './reading.ts'
import { createStore } from './store.ts'
import { createStreams } from './streams.ts'
import { emptyTimeline, prependHistory, replaceMessage, type Timeline } from './timeline.ts'
import { createTyping, type Typist } from './typing.ts'

export interface ConversationOptions {
  /** The one to continue; without it the caller's newest open one, made when there is none. */
  id?: string | null
  /** Begin a new one even when there is an open one. */
  isNew?: boolean
  /** Begin anew, with what is unsent, when the one to continue is gone or was closed. Default: fail. */
  startOver?: boolean
  /** Name under which unsent messages are kept. Default: the id, or `conversation`. */
  slot?: string
}

type Phase = EventPayload<'reply:progress'>['phase']

export interface ConversationState extends Timeline {
  status: 'idle' | 'loading' | 'ready' | 'failed'
  /** Why opening failed for good. */
  error: ParleyError | null
  /** What staff tell each other, oldest first; empty for visitors. */
  notes: Note[]
  outgoing: Outgoing[]
  typing: Typist[]
  /** By message id, until its first word. */
  progress: Record<string, Phase>
}

export interface ConversationStore {
  get(): ConversationState
  subscribe(listener: (state: ConversationState) => void): () => void
  /** Joins and reads, however often that has to be tried; later reconnections do it by themselves. */
  open(): Promise<void>
  /** Kept and sent again until acknowledged; opens the conversation if need be. */
  send(content: string, attachments?: Attachment[]): Outgoing
  /** Sends a failed message once more, under its key. */
  retry(key: string): void
  discard(key: string): void
  /** Ends the answer being written; its final text arrives as `message:updated`. */
  stop(messageId: string): Promise<void>
  rate(messageId: string, rating: -1 | 1): Promise<void>
  loadOlder(limit?: number): Promise<void>
  /** Call at every keystroke; the server hears of it every few seconds. */
  typing(): void
  /** Everything shown has been seen. */
  markRead(): void
  /** Stop listening. The conversation itself goes on. */
  close(): void
}

const blank: ConversationState = {
  ...emptyTimeline,
  status: 'idle',
  error: null,
  notes: [],
  outgoing: [],
  typing: [],
  progress: {},
}

export function createConversation(client: Client, options: ConversationOptions = {}): ConversationStore {
  const store = createStore(blank)
  const { get, set } = store
  const place = createPlace(options)

  const typing = createTyping({
    send(typing) {
      const { id } = place
      if (id) void client.call('typing:set', { conversation_id: id, typing }).catch(() => {})
    },
    onChange: typists => set({ typing: typists }),
  })
  const streams = createStreams(client, store)
  const outbox = createOutbox({
    slots: client.slots,
    slot: `outbox:${options.slot ?? options.id ?? 'conversation'}`,
    deliver: outgoing => deliver(outgoing, { client, options, store, place, reading }),
    maySend: () => client.state.status === 'online' && !place.isStale,
    isShown: message => message.seq <= get().seq,
    onChange: () => set({ outgoing: outbox.items }),
  })
  const parts = { client, options, store, place, outbox }
  const events = createEvents({ ...parts, streams, typing, open: () => void reading.open() })
  const reading = createReading({
    ...parts,
    events,
    onRead() {
      for (const message of get().messages) if (message.status === 'streaming') streams.rejoin(message)
      outbox.flush()
    },
  })
  set({ outgoing: outbox.items })
  const { turn } = client.state
  /** What an open connection said at its beginning may be old by now: each is looked at once. */
  let heard = client.state.session
  const unsubscribe = client.subscribe(({ status, turn: now, session }) => {
    if (now !== turn) return expire()
    if (session && session !== heard) noteLife(place, session.incarnation)
    heard = session
    const isWanted = place.id || get().status !== 'idle' || outbox.items.length > 0
    if (status === 'online' && isWanted) void reading.open()
  })

  /** It was somebody else's: nothing of it is shown, and nothing sent. */
  function expire() {
    close()
    outbox.stop()
    set({ ...blank })
  }

  function close() {
    reading.stop()
    events.stop()
    unsubscribe()
    typing.stop()
  }

  return {
    get,
    subscribe: store.subscribe,
    open: reading.open,
    send(content, attachments = []) {
      typing.stop()
      return outbox.add({ content, attachments, context: client.context })
    },
    retry: outbox.retry,
    discard: outbox.discard,
    async stop(messageId) {
      await client.call('reply:stop', { message_id: messageId })
    },
    async rate(messageId, rating) {
      const { message } = await client.call('message:feedback', { message_id: messageId, rating })
      set({ messages: replaceMessage(get().messages, message) })
    },
    async loadOlder(limit = 50) {
      const before_seq = get().messages[0]?.seq
      if (!place.id || !before_seq) return
      const input = { conversation_id: place.id, before_seq, limit }
      const { messages, has_more } = await client.call('conversation:history', input)
      set(prependHistory(get(), messages, has_more))
    },
    typing: typing.typed,
    markRead() {
      const { seq, status } = get()
      if (!place.id || status !== 'ready' || seq <= place.readSeq) return
      place.readSeq = seq
      client.call('message:read', { conversation_id: place.id, seq }).catch(() => {})
    },
    close,
  }
}
