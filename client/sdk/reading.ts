import type { Message, PageContext } from '#protocol'
import { backoff, callCapMs, pause } from './backoff.ts'
import type { Client } from './client.ts'
import type { ConversationOptions, ConversationState } from './conversation.ts'
import { type ParleyError, toParleyError } from './error.ts'
import type { Events } from './events.ts'
import type { Outbox } from './outbox.ts'
import { isGone, leavePlace, noteLife, openInput, type Place, settleIn } from './place.ts'
import type { Store } from './store.ts'
import {
  type DurableEvent,
  emptyTimeline,
  fromSnapshot,
  laterReads,
  lostMessages,
  type Opened,
  recentMessages,
} from './timeline.ts'

/** How a conversation is read: whole at first, from where it was left after each break. */
export interface Reading {
  /** Joins and reads, however often that has to be tried. */
  open(): Promise<void>
  /** Nothing of this conversation is shown any more; the next `open` reads another one. */
  startOver(isNew?: boolean): void
  stop(): void
}

export interface ReadingParts {
  client: Client
  options: ConversationOptions
  store: Store<ConversationState>
  place: Place
  outbox: Outbox
  events: Events
  /** Everything up to now is there. */
  onRead(): void
}

export function createReading({ client, options, store, place, ...parts }: ReadingParts): Reading {
  const { get, set } = store
  const { outbox, events, onRead } = parts
  let opening: Promise<void> | null = null
  let isStopped = false

  function open(): Promise<void> {
    opening ??= read().finally(() => {
      opening = null
    })
    return opening
  }

  async function read(): Promise<void> {
    if (get().status !== 'ready') set({ status: 'loading', error: null })
    for (let attempt = 0; !isStopped; attempt++) {
      try {
        events.begin()
        const seq = get().status === 'ready' ? get().seq : undefined
        const opened: Opened = await client.call('conversation:open', openInput(place, client, seq))
        if (isStopped) return
        noteLife(place, opened.incarnation)
        // What was asked for goes on where another life of the database ended.
        if (place.isStale && !opened.snapshot) continue
        merge(opened)
        if (events.isComplete()) break
        // What came meanwhile was committed before it was said: it can be read at once.
        if (attempt === 0) continue
      } catch (thrown) {
        const error = toParleyError(thrown)
        if (isGone(error, place, options) && place.id) startOver()
        else if (!error.retryable || isStopped) return fail(error)
      }
      await pause(backoff(attempt, callCapMs))
    }
    onRead()
  }

  function startOver(isNew?: boolean) {
    if (place.isStale) sayAgain(get().messages)
    leavePlace(place, isNew)
    events.clear()
    set({ ...emptyTimeline, status: 'loading', progress: {} })
  }

  function fail(error: ParleyError) {
    if (get().status !== 'ready' || error.code === 'CONVERSATION_NOT_FOUND') set({ status: 'failed', error })
  }

  function merge(opened: Opened) {
    const { conversation, handoff, snapshot, seq } = opened
    const before = get()
    const { isStale } = place
    settleIn(place, opened, client)
    if (isStale || (snapshot && seq >= before.seq)) set({ ...fromSnapshot(opened), progress: {} })
    if (isStale) sayAgain(lostMessages(before, get()))
    else if (!snapshot) {
      for (const { event, payload } of opened.events)
        events.receive({ name: event, payload } as unknown as DurableEvent)
      if (seq >= get().seq) set({ conversation, handoff })
    }
    const read = isStale ? opened.read : laterReads(before.read, opened.read)
    set({ status: 'ready', error: null, read, notes: opened.notes ?? [] })
    events.drain()
  }

  function sayAgain(messages: Message[]) {
    outbox.sendAgain(asSent(messages, client.context))
  }

  return {
    open,
    startOver,
    stop() {
      isStopped = true
    },
  }
}

/** What people said and is stored nowhere any more: under its key, so that it is stored once. */
function asSent(messages: Message[], context: PageContext | undefined) {
  return recentMessages(messages).flatMap(({ key, content, attachments, created_at }) =>
    key === null ? [] : [{ key, content, attachments, created_at, context }],
  )
}
