import type { Client } from './client.ts'
import type { ConversationState } from './conversation.ts'
import type { Outbox } from './outbox.ts'
import type { Place } from './place.ts'
import type { Store } from './store.ts'
import { type Streams, withoutProgress } from './streams.ts'
import { applyEvent, type DurableEvent, durableEvents, laterReads } from './timeline.ts'
import type { Typing } from './typing.ts'

/** What the server tells of one conversation, taken to the parts that it is for. */
export interface Events {
  receive(event: DurableEvent): void
  /** Applies what can be: after the timeline was read. */
  drain(): void
  /** A reading begins: what comes from here on may not be in it. */
  begin(): void
  /** Everything that came has its place in the timeline. */
  isComplete(): boolean
  clear(): void
  stop(): void
}

export interface EventParts {
  client: Client
  store: Store<ConversationState>
  place: Place
  outbox: Outbox
  streams: Streams
  typing: Typing
  /** Something is missing, or all is to be looked at again. */
  open(): void
}

export function createEvents({ client, store, place, outbox, streams, typing, open }: EventParts): Events {
  const { get, set } = store
  /** Durable events that came before the ones they follow. */
  const held = new Map<number, DurableEvent>()
  /** One came before the answer that tells which conversation is ours: it may have been one of ours. */
  let isBehind = false

  /** Law D4: known ones are dropped, the next is applied, later ones wait while the gap is fetched. */
  function receive(event: DurableEvent) {
    const { seq } = event.payload
    if (place.isStale || (get().status !== 'ready' && get().seq === 0)) return void held.set(seq, event)
    if (seq <= get().seq) return
    held.set(seq, event)
    drain()
    if (held.size > 0) open()
  }

  function drain() {
    for (const seq of held.keys()) if (seq <= get().seq) held.delete(seq)
    for (let next = held.get(get().seq + 1); next; next = held.get(get().seq + 1)) {
      held.delete(next.payload.seq)
      apply(next)
    }
    outbox.settle(new Set(get().messages.map(message => message.key)))
  }

  function apply(event: DurableEvent) {
    set(applyEvent(get(), event))
    if ('message' in event.payload) {
      const { id, author, status } = event.payload.message
      if (author) typing.forget(author.id)
      if (status !== 'streaming' && id in get().progress) set({ progress: withoutProgress(get(), id) })
    }
    // Whoever was writing may have lost the conversation.
    if (event.name === 'handoff:changed') for (const { id } of get().typing) typing.forget(id)
  }

  const isOurs = ({ conversation_id }: { conversation_id: string }) => conversation_id === place.id
  const leave = [
    ...Object.keys(durableEvents).map(name =>
      client.on(name as keyof typeof durableEvents, payload => {
        if (isOurs(payload)) receive({ name, payload } as DurableEvent)
        else isBehind ||= !place.id
      }),
    ),
    client.on('reply:delta', delta => {
      if (isOurs(delta) && delta.epoch >= (get().conversation?.epoch ?? 0)) streams.add(delta)
    }),
    client.on('reply:progress', event => {
      if (isOurs(event)) set({ progress: { ...get().progress, [event.message_id]: event.phase } })
    }),
    client.on('typing:changed', event => {
      if (isOurs(event)) typing.heard(event.author, event.typing)
    }),
    client.on('handoff:moved', event => {
      const { conversation_id, handoff_id, ...where } = event
      const { handoff } = get()
      if (isOurs(event) && handoff?.id === handoff_id) set({ handoff: { ...handoff, ...where } })
    }),
    client.on('conversation:deleted', event => {
      if (isOurs(event)) open()
    }),
    client.on('note:created', event => {
      const { notes } = get()
      if (isOurs(event) && !notes.some(({ id }) => id === event.note.id))
        set({ notes: [...notes, event.note] })
    }),
    client.on('message:seen', event => {
      if (isOurs(event)) set({ read: laterReads(get().read, { [event.by]: event.seq }) })
    }),
  ]

  return {
    receive,
    drain,
    begin() {
      isBehind = false
    },
    isComplete: () => held.size === 0 && !isBehind,
    clear: () => held.clear(),
    stop() {
      for (const stop of leave) stop()
    },
  }
}
