import type { EventName, EventPayload } from '#protocol'
import type { ConversationStorage, Head, StoredEvent } from '#storage/chat/conversation'
import type { Log } from '../observability/log.ts'
import type { Metrics } from '../observability/metrics.ts'
import type { Bus } from './bus.ts'

/** What nodes say about a conversation to each other. */
type NodeMessage =
  | { kind: 'durable'; event: StoredEvent }
  | { kind: 'passing'; name: EventName; payload: object }
  | { kind: 'stop'; message_id: string; request_id: string }
  | { kind: 'ask'; message_id: string; request_id: string }
  | { kind: 'text'; message_id: string; text: string }

/** What nodes say about the desk: the queue or somebody's presence has changed, the settings have, or something to pass on. */
export type DeskWord =
  | { kind: 'queue' }
  | { kind: 'settings' }
  | { kind: 'passing'; event: 'sla:passed'; payload: EventPayload<'sla:passed'> }
  | { kind: 'personal'; person_id: string; payload: EventPayload<'notification:created'> }

export interface ChannelParts {
  storage: Pick<ConversationStorage, 'eventsAfterEach'>
  /** To the sockets of this node. */
  emit<E extends EventName>(conversationId: string, event: E, payload: EventPayload<E>): void
  /** Whether sockets of this node hear the conversation. */
  isHeard(conversationId: string): boolean
  createBus:
    | ((parts: { hear: (channel: string, message: unknown) => void; onReturn: () => void }) => Bus)
    | null
  /** The answer of this id, if this node writes it: what its readers were given. */
  writtenHere(messageId: string): string | null
  /** Another node was told to end an answer that may be written here. */
  stopHere(messageId: string, requestId: string): void
  /** A conversation changed hands: an answer written here may have to end. */
  passOn(changed: EventPayload<'handoff:changed'>): void
  /** Another node has written to a conversation that is heard here. */
  changedElsewhere(conversationId: string): void
  /** Another node has something for the desk. */
  heardOfDesk(word: DeskWord): void
  metrics: Pick<Metrics, 'gaps' | 'caughtUp' | 'watch'>
  log: Log
}

interface Channel {
  /** The newest seq told here; null until somebody read the conversation. */
  told: number | null
  /** Durable events that came before one that is missing. */
  held: Map<number, StoredEvent>
  /** Answers written elsewhere, as far as readers here were given them. */
  texts: Map<string, string>
  asked: Map<string, ((text: string) => void)[]>
  /** That of the last change of owner told here, and of the last takeover: no older word of the AI passes (law O1). */
  epoch: number
  fence: number
  subscribed: Promise<void>
}

/** Beside the conversations' own, whose names are their ids. */
const deskChannel = 'desk'
const tickMs = 300
/** What is missing is mostly on its way: it comes from another node by another path. */
const gapMs = 20
const heldMax = 500
/** Longer than `statement_timeout`. */
const doubtMs = 35_000
/** Messages of other nodes are at most once: everything open is looked at this often, in milliseconds. */
const safetyMs = 5000
/** How long the node that writes an answer has to say what it wrote. */
const askMs = 400

/**
 * The conversations that are open on this node: every event goes to its readers here in the order of seq without gaps
 * (law D6), whichever node wrote it; what is missing is read from the database.
 */
export function createChannels(parts: ChannelParts) {
  const { storage, metrics, log } = parts
  const open = new Map<string, Channel>()
  const stale = new Set<string>()
  const doubtful = new Map<string, number>()
  let lookedAt = performance.now()
  let behind = false

  function onReturn(): void {
    behind = true
    for (const channel of open.values()) channel.texts.clear()
  }

  const bus = parts.createBus?.({ hear, onReturn }) ?? null

  metrics.watch('parley_redis_up', 'Whether other nodes are heard over Redis: 1 or 0', () =>
    bus?.up ? 1 : 0,
  )
  metrics.watch(
    'parley_open_conversations',
    'Conversations that somebody on this node hears',
    () => open.size,
  )

  function channelOf(conversationId: string): Channel {
    const known = open.get(conversationId)
    if (known) return known
    const channel: Channel = {
      told: null,
      held: new Map(),
      texts: new Map(),
      asked: new Map(),
      epoch: 0,
      fence: 0,
      subscribed: bus?.subscribe(conversationId) ?? Promise.resolve(),
    }
    open.set(conversationId, channel)
    return channel
  }

  /** From now on this node hears the conversation. Read it after this resolves: then nothing falls in between. */
  function listen(conversationId: string): Promise<void> {
    return channelOf(conversationId).subscribed
  }

  /** Somebody was given everything up to `seq`. Others here may not have been: they are told, and who has it drops it. */
  function given(conversationId: string, seq: number, { epoch, reply_id }: Head): void {
    const channel = open.get(conversationId)
    if (!channel) return
    channel.epoch = Math.max(channel.epoch, epoch)
    if (reply_id === null) channel.fence = channel.epoch
    if (channel.told === null) advance(conversationId, channel, seq)
    else if (channel.told < seq) {
      stale.add(conversationId)
      schedule(gapMs)
    }
  }

  /** Nobody here hears it any more. */
  function leave(conversationId: string): void {
    if (parts.isHeard(conversationId) || !open.delete(conversationId)) return
    bus?.unsubscribe(conversationId)
  }

  /** A durable event committed here. */
  function tell(event: StoredEvent): void {
    take(event)
    bus?.publish(event.conversation_id, { kind: 'durable', event } satisfies NodeMessage)
  }

  /** Something that is not kept. */
  function pass<E extends EventName>(conversationId: string, name: E, payload: EventPayload<E>): void {
    const passed = fenced(name, payload)
    if (!passed) return
    parts.emit(conversationId, name, passed)
    bus?.publish(conversationId, { kind: 'passing', name, payload } satisfies NodeMessage)
  }

  function take(event: StoredEvent): void {
    const channel = open.get(event.conversation_id)
    if (!channel) return
    if (channel.told === null) {
      send(event)
      channel.told = event.seq
    } else if (event.seq === channel.told + 1) {
      send(event)
      advance(event.conversation_id, channel, event.seq)
    } else if (event.seq > channel.told) {
      // What is held is in the database too: forgetting it costs a read.
      if (channel.held.size >= heldMax) channel.held.clear()
      channel.held.set(event.seq, event)
      metrics.gaps.inc()
      stale.add(event.conversation_id)
      schedule(gapMs)
    }
  }

  function advance(conversationId: string, channel: Channel, seq: number): void {
    channel.told = seq
    for (const held of channel.held.keys()) if (held <= channel.told) channel.held.delete(held)
    for (let next = channel.held.get(channel.told + 1); next; next = channel.held.get(channel.told + 1)) {
      channel.held.delete(next.seq)
      send(next)
      channel.told = next.seq
    }
    if (channel.held.size === 0) stale.delete(conversationId)
  }

  /**
   * Null for a word of the AI after it had lost the conversation. Where somebody only waits, its answer goes on, under
   * the epoch that readers here know by now.
   */
  function fenced<P extends object>(name: EventName, payload: P): P | null {
    if (name !== 'reply:delta') return payload
    const { conversation_id, epoch } = payload as unknown as EventPayload<'reply:delta'>
    const channel = open.get(conversation_id)
    if (!channel || epoch >= channel.epoch) return payload
    return epoch < channel.fence ? null : { ...payload, epoch: channel.epoch }
  }

  function send({ conversation_id, event, payload }: StoredEvent): void {
    if (event === 'handoff:changed') {
      const changed = payload as EventPayload<'handoff:changed'>
      const channel = open.get(conversation_id)
      if (channel) channel.epoch = changed.epoch
      if (channel && changed.mode === 'human') channel.fence = changed.epoch
      parts.passOn(changed)
    }
    if (event === 'message:updated') {
      const { id } = payload.message as { id: string }
      open.get(conversation_id)?.texts.delete(id)
    }
    parts.emit(conversation_id, event as EventName, payload as never)
  }

  function hear(conversationId: string, message: unknown): void {
    if (conversationId === deskChannel) parts.heardOfDesk(message as DeskWord)
    const channel = open.get(conversationId)
    if (!channel) return
    const told = message as NodeMessage
    if (told.kind === 'durable') {
      parts.changedElsewhere(conversationId)
      take(told.event)
    } else if (told.kind === 'passing') hearPassing(conversationId, channel, told)
    else if (told.kind === 'stop') parts.stopHere(told.message_id, told.request_id)
    else if (told.kind === 'ask') {
      const text = parts.writtenHere(told.message_id)
      const { request_id, message_id } = told
      log.debug(
        { request_id, message_id, known: text !== null },
        'another node asks for the text of an answer',
      )
      if (text !== null)
        bus!.publish(conversationId, {
          kind: 'text',
          message_id: told.message_id,
          text,
        } satisfies NodeMessage)
    } else {
      channel.texts.set(told.message_id, told.text)
      for (const resolve of channel.asked.get(told.message_id) ?? []) resolve(told.text)
      channel.asked.delete(told.message_id)
    }
  }

  function hearPassing(
    conversationId: string,
    channel: Channel,
    { name, payload }: NodeMessage & { kind: 'passing' },
  ): void {
    const passed = fenced(name, payload)
    if (!passed) return
    if (name === 'reply:delta') {
      const { message_id, offset, text } = payload as EventPayload<'reply:delta'>
      const known = channel.texts.get(message_id) ?? (offset === 0 ? '' : undefined)
      if (known?.length === offset) channel.texts.set(message_id, known + text)
      // Something was lost on the way: whoever asks is answered by the node that writes it.
      else if (known !== undefined && known.length < offset) channel.texts.delete(message_id)
    }
    parts.emit(conversationId, name, passed as never)
  }

  /**
   * Law R2 on any node: what readers were given so far of an answer that another node writes; deltas continue after it.
   * Null when that node does not say so in time.
   */
  async function textElsewhere(
    conversationId: string,
    messageId: string,
    requestId: string,
  ): Promise<string | null> {
    if (!bus?.up) return null
    const channel = channelOf(conversationId)
    await channel.subscribed
    const known = channel.texts.get(messageId)
    if (known !== undefined) return known
    return new Promise(resolve => {
      const timer = setTimeout(() => resolve(null), askMs)
      const answered = (text: string) => {
        clearTimeout(timer)
        resolve(text)
      }
      const asking = channel.asked.get(messageId)
      channel.asked.set(messageId, [...(asking ?? []), answered])
      if (!asking)
        bus.publish(conversationId, {
          kind: 'ask',
          message_id: messageId,
          request_id: requestId,
        } satisfies NodeMessage)
    })
  }

  /** What readers here were given of an answer that another node writes, as far as it is known. */
  function textKnown(conversationId: string, messageId: string): string | null {
    return open.get(conversationId)?.texts.get(messageId) ?? null
  }

  /** To the other nodes. */
  function tellOfDesk(word: DeskWord): void {
    bus?.publish(deskChannel, word)
  }

  function stopElsewhere(conversationId: string, messageId: string, requestId: string): void {
    const message: NodeMessage = { kind: 'stop', message_id: messageId, request_id: requestId }
    bus?.publish(conversationId, message)
  }

  /** It is not known whether changes to these were committed: their readers may miss events. */
  function doubt(conversationIds: string[]): void {
    for (const id of conversationIds) if (open.has(id)) doubtful.set(id, performance.now() + doubtMs)
  }

  /** A transaction that was given up may still commit, until the database ends it itself. */
  function addDoubtful(): void {
    const now = performance.now()
    for (const [id, until] of doubtful) {
      if (until < now || !open.has(id)) doubtful.delete(id)
      else stale.add(id)
    }
  }

  async function catchUp(): Promise<void> {
    addDoubtful()
    const everything = bus !== null && (behind || !bus.up || performance.now() - lookedAt >= safetyMs)
    if (!everything && stale.size === 0) return
    const ids = everything ? [...open.keys()] : [...stale]
    const places = ids.flatMap(id => {
      const told = open.get(id)?.told
      return told === null || told === undefined ? [] : [{ conversation_id: id, seq: told }]
    })
    if (everything) {
      lookedAt = performance.now()
      behind = false
    }
    for (const id of ids) stale.delete(id)
    if (places.length === 0) return
    try {
      const events = await storage.eventsAfterEach(places)
      metrics.caughtUp.inc(events.length)
      for (const event of events) take(event)
    } catch (error) {
      doubt(ids)
      throw error
    }
  }

  let timer: NodeJS.Timeout | undefined
  let closed = false
  let catchingUp = false
  function schedule(afterMs: number) {
    if (closed || catchingUp) return
    clearTimeout(timer)
    timer = setTimeout(async () => {
      catchingUp = true
      await catchUp().catch(error => log.debug({ error }, 'could not catch up'))
      catchingUp = false
      schedule(tickMs)
    }, afterMs)
    timer.unref()
  }
  schedule(tickMs)

  /** The database is another: what was told of the one before counts for nobody who reads it from now on. */
  function restart(): void {
    stale.clear()
    doubtful.clear()
    for (const channel of open.values()) {
      Object.assign(channel, { told: null, epoch: 0, fence: 0 })
      channel.held.clear()
      channel.texts.clear()
    }
  }

  function close(): void {
    closed = true
    clearTimeout(timer)
    bus?.close()
  }

  void bus?.subscribe(deskChannel)

  return {
    listen,
    given,
    leave,
    tell,
    pass,
    textElsewhere,
    textKnown,
    stopElsewhere,
    tellOfDesk,
    doubt,
    restart,
    close,
  }
}
