import type { Attachment, EventPayload, Message, OperationInput } from '#protocol'
import type { Note } from '#protocol/chat/conversation'
import { backoff, callCapMs, createKey } from './backoff.ts'
import type { Client } from './client.ts'
import { ParleyError, toParleyError } from './error.ts'
import { createOutbox, type Outgoing } from './outbox.ts'
import { createStore } from './store.ts'
import { createStreams } from './streams.ts'
import {
  applyEvent,
  type DurableEvent,
  durableEvents,
  emptyTimeline,
  fromSnapshot,
  laterReads,
  lostMessages,
  type Opened,
  prependHistory,
  recentMessages,
  replaceMessage,
  type Timeline,
} from './timeline.ts'
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
  /** Durable events that came before the ones they follow. */
  const held = new Map<number, DurableEvent>()
  let id = options.id ?? null
  let isNew = options.isNew ?? false
  let opening: Promise<void> | null = null
  /** How a new one is asked for: the same each time, as it has a key. */
  let birth: OperationInput<'conversation:open'> | null = null
  /** An event came before the answer that tells which conversation is ours: it may have been one of ours. */
  let isBehind = false
  let isClosed = false
  const { turn: begun } = client.state
  let readSeq = 0
  /** Of the database that the timeline was read from; null where the server does not tell. */
  let life: string | null = null
  /** What an open connection said at its beginning may be old by now: each is looked at once. */
  let heard = client.state.session
  /** That database was put back to an earlier state: all is read anew. */
  let isStale = false

  const typing = createTyping({
    send: typing => id && void client.call('typing:set', { conversation_id: id, typing }).catch(() => {}),
    onChange: typists => set({ typing: typists }),
  })
  const streams = createStreams({
    client,
    find: messageId => get().messages.find(({ id, status }) => id === messageId && status === 'streaming'),
    replace: replaceContent,
  })
  const outbox = createOutbox({
    slots: client.slots,
    slot: `outbox:${options.slot ?? id ?? 'conversation'}`,
    deliver,
    maySend: () => client.state.status === 'online' && !isStale,
    isShown: message => message.seq <= get().seq,
    onChange: () => set({ outgoing: outbox.items }),
  })
  set({ outgoing: outbox.items })

  function open(): Promise<void> {
    opening ??= read().finally(() => {
      opening = null
    })
    return opening
  }

  async function read(): Promise<void> {
    if (get().status !== 'ready') set({ status: 'loading', error: null })
    for (let attempt = 0; !isClosed; attempt++) {
      try {
        isBehind = false
        const opened: Opened = await client.call('conversation:open', openInput())
        if (isClosed) return
        isStale ||= isOfAnotherLife(opened.incarnation)
        // What was asked for goes on where another life of the database ended.
        if (isStale && !opened.snapshot) continue
        merge(opened)
        if (held.size === 0 && !isBehind) break
        // What came meanwhile was committed before it was said: it can be read at once.
        if (attempt === 0) continue
      } catch (thrown) {
        const error = toParleyError(thrown)
        if (isGone(error) && id) startOver()
        else if (!error.retryable || isClosed) return fail(error)
      }
      await new Promise(resolve => setTimeout(resolve, backoff(attempt, callCapMs)))
    }
    for (const message of get().messages) if (message.status === 'streaming') streams.rejoin(message)
    outbox.flush()
  }

  function isOfAnotherLife(incarnation: string | undefined): boolean {
    return life !== null && incarnation !== undefined && incarnation !== life
  }

  function openInput() {
    const isKnown = get().status === 'ready' && !isStale
    if (id) return { conversation_id: id, since_seq: isKnown ? get().seq : undefined }
    const where = { language: client.language, context: client.context }
    if (!isNew) return where
    birth ??= { ...where, new: true, key: createKey() }
    return birth
  }

  function isGone({ code }: ParleyError): boolean {
    return code === 'CONVERSATION_NOT_FOUND' && (options.startOver === true || (isStale && !options.id))
  }

  function isClosedByNow({ code, details }: ParleyError): boolean {
    return options.startOver === true && code === 'CONFLICT' && isClosedStatus(details)
  }

  function startOver() {
    if (isStale) sayAgain(get().messages)
    id = null
    life = null
    isStale = false
    held.clear()
    set({ ...emptyTimeline, status: 'loading', progress: {} })
  }

  function fail(error: ParleyError) {
    if (get().status !== 'ready' || error.code === 'CONVERSATION_NOT_FOUND') set({ status: 'failed', error })
  }

  function merge(opened: Opened) {
    const { conversation, handoff, events, snapshot, seq } = opened
    id = conversation.id
    const before = get()
    const read = isStale ? opened.read : laterReads(before.read, opened.read)
    life = opened.incarnation ?? client.state.session?.incarnation ?? life
    if (isStale) {
      isStale = false
      readSeq = 0
      set({ ...fromSnapshot(opened), progress: {} })
      sayAgain(lostMessages(before, get()))
    } else if (snapshot) {
      if (seq >= before.seq) set({ ...fromSnapshot(opened), progress: {} })
    } else {
      for (const { event, payload } of events) receive({ name: event, payload } as unknown as DurableEvent)
      if (seq >= get().seq) set({ conversation, handoff })
    }
    set({ status: 'ready', error: null, read, notes: opened.notes ?? [] })
    drain()
  }

  /** What was said here and is stored nowhere any more: under its key, so that it is stored once. */
  function sayAgain(messages: Message[]) {
    const sent = recentMessages(messages).flatMap(({ key, content, attachments, created_at }) =>
      key === null ? [] : [{ key, content, attachments, created_at, context: client.context }],
    )
    outbox.sendAgain(sent)
  }

  /** Law D4: known ones are dropped, the next is applied, later ones wait while the gap is fetched. */
  function receive(event: DurableEvent) {
    const { seq } = event.payload
    if (isStale || (get().status !== 'ready' && get().seq === 0)) return void held.set(seq, event)
    if (seq <= get().seq) return
    held.set(seq, event)
    drain()
    if (held.size > 0) void open()
  }

  function drain() {
    for (const seq of held.keys()) if (seq <= get().seq) held.delete(seq)
    for (let next = held.get(get().seq + 1); next; next = held.get(get().seq + 1)) {
      held.delete(next.payload.seq)
      set(applyEvent(get(), next))
      if ('message' in next.payload) onMessage(next.payload.message)
      // Whoever was writing may have lost the conversation.
      if (next.name === 'handoff:changed') for (const { id } of get().typing) typing.forget(id)
    }
    outbox.settle(new Set(get().messages.map(message => message.key)))
  }

  function onMessage({ id, author, status }: Message) {
    if (author) typing.forget(author.id)
    if (status !== 'streaming') clearProgress(id)
  }

  function addNote(note: Note) {
    if (!get().notes.some(({ id }) => id === note.id)) set({ notes: [...get().notes, note] })
  }

  function clearProgress(messageId: string) {
    if (!(messageId in get().progress)) return
    const { [messageId]: _, ...progress } = get().progress
    set({ progress })
  }

  function replaceContent(messageId: string, content: string) {
    clearProgress(messageId)
    set({
      messages: get().messages.map(message => (message.id === messageId ? { ...message, content } : message)),
    })
  }

  async function deliver({ key, content, attachments, context }: Outgoing): Promise<Message> {
    if (!id) await open()
    if (!id) throw get().error ?? toParleyError('closed')
    try {
      // Messages of before an update of the page may wait without.
      const input = {
        conversation_id: id,
        key,
        content,
        attachments: attachments?.map(({ id }) => id),
        context,
      }
      return (await client.call('message:send', input)).message
    } catch (thrown) {
      const error = toParleyError(thrown)
      if (isClosedByNow(error)) {
        startOver()
        isNew = true
        birth = null
      } else if (!isGone(error)) throw thrown
      await open()
      throw new ParleyError('CONVERSATION_NOT_FOUND', 'Sent again into a new conversation.', {
        retryable: true,
      })
    }
  }

  /** It was somebody else's: nothing of it is shown, and nothing sent. */
  function expire() {
    close()
    outbox.stop()
    set({ ...blank })
  }

  function close() {
    isClosed = true
    for (const stop of leave) stop()
    typing.stop()
  }

  const leave = [
    client.subscribe(({ status, turn, session }) => {
      if (turn !== begun) return expire()
      if (session && session !== heard) isStale ||= isOfAnotherLife(session.incarnation)
      heard = session
      const isWanted = id || get().status !== 'idle' || outbox.items.length > 0
      if (status === 'online' && isWanted) void open()
    }),
    ...Object.keys(durableEvents).map(name =>
      client.on(name as keyof typeof durableEvents, payload => {
        if (payload.conversation_id === id) receive({ name, payload } as DurableEvent)
        else if (!id) isBehind = true
      }),
    ),
    client.on('reply:delta', delta => {
      if (delta.conversation_id === id && delta.epoch >= (get().conversation?.epoch ?? 0)) streams.add(delta)
    }),
    client.on('reply:progress', ({ conversation_id, message_id, phase }) => {
      if (conversation_id === id) set({ progress: { ...get().progress, [message_id]: phase } })
    }),
    client.on('typing:changed', ({ conversation_id, author, typing: isTyping }) => {
      if (conversation_id === id) typing.heard(author, isTyping)
    }),
    client.on('handoff:moved', ({ conversation_id, handoff_id, ...place }) => {
      const { handoff } = get()
      if (conversation_id === id && handoff?.id === handoff_id) set({ handoff: { ...handoff, ...place } })
    }),
    client.on('conversation:deleted', ({ conversation_id }) => {
      if (conversation_id === id) void open()
    }),
    client.on('note:created', ({ conversation_id, note }) => {
      if (conversation_id === id) addNote(note)
    }),
    client.on('message:seen', ({ conversation_id, by, seq }) => {
      if (conversation_id === id) set({ read: laterReads(get().read, { [by]: seq }) })
    }),
  ]

  return {
    get,
    subscribe: store.subscribe,
    open,
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
      if (!id || !before_seq) return
      const input = { conversation_id: id, before_seq, limit }
      const { messages, has_more } = await client.call('conversation:history', input)
      set(prependHistory(get(), messages, has_more))
    },
    typing: typing.typed,
    markRead() {
      const { seq, status } = get()
      if (!id || status !== 'ready' || seq <= readSeq) return
      readSeq = seq
      client.call('message:read', { conversation_id: id, seq }).catch(() => {})
    },
    close,
  }
}

function isClosedStatus(details: unknown): boolean {
  return (details as { status?: unknown } | undefined)?.status === 'closed'
}
