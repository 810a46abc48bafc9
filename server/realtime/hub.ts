import type { EventName, EventPayload } from '#protocol'
import type { ConversationRow } from '#storage/chat/conversation'
import type { EventStorage, StoredEvent } from '#storage/realtime/events'
import type { Log } from '../observability/log.ts'
import type { Metrics } from '../observability/metrics.ts'
import type { Bus } from './bus.ts'
import { createCatchUp } from './catch-up.ts'

/** What nodes say about a conversation to each other. */
type NodeMessage =
  | { kind: 'durable'; event: StoredEvent }
  | { kind: 'passing'; name: EventName; payload: object }
  | { kind: 'stop'; message_id: string; request_id: string }
  | { kind: 'ask'; message_id: string; request_id: string }
  | { kind: 'text'; message_id: string; text: string }

export interface HubParts {
  storage: Pick<EventStorage, 'afterEach'>
  /** To the sockets of this node. */
  emit<E extends EventName>(conversationId: string, event: E, payload: EventPayload<E>): void
  /** Whether sockets of this node hear the conversation. */
  hasSubscribers(conversationId: string): boolean
  createBus:
    | ((parts: { onBusMessage: (channel: string, message: unknown) => void; onReconnect: () => void }) => Bus)
    | null
  metrics: Pick<Metrics, 'gaps' | 'caughtUp' | 'watch'>
  log: Log
}

/** The answers that this node writes. */
export interface LocalReplies {
  hasReplyIn(conversationId: string): boolean
  /** What readers were given of the answer of this id; null where another node writes it. */
  localText(messageId: string): string | null
  /** Another node was told to end an answer that may be written here. */
  stopLocalReply(messageId: string, requestId: string): void
  /** A conversation changed hands: an answer written here may have to end. */
  applyHandoff(changed: EventPayload<'handoff:changed'>): void
}

const noReplies: LocalReplies = {
  hasReplyIn: () => false,
  localText: () => null,
  stopLocalReply() {},
  applyHandoff() {},
}

interface Channel {
  /** The newest seq told here; null until somebody read the conversation. */
  position: number | null
  /** Durable events that came before one that is missing. */
  outOfOrder: Map<number, StoredEvent>
  /** Answers written elsewhere, as far as readers here were given them. */
  texts: Map<string, string>
  textRequests: Map<string, ((text: string) => void)[]>
  /** That of the last change of owner told here, and of the last takeover: no older word of the AI passes (law O1). */
  epoch: number
  fence: number
  subscribed: Promise<void>
}

const outOfOrderMax = 500
/** How long the node that writes an answer has to say what it wrote. */
const remoteTextMs = 400

/**
 * The conversations that are open on this node: every event goes to its readers here in the order of seq without gaps
 * (law D6), whichever node wrote it; what is missing is read from the database.
 */
export function createHub(parts: HubParts) {
  const { storage, metrics, log } = parts
  const open = new Map<string, Channel>()
  let replies = noReplies
  let onRemoteChange: (conversationId: string) => void = () => {}

  function onReconnect(): void {
    catchUp.markAllStale()
    for (const channel of open.values()) channel.texts.clear()
  }

  const bus = parts.createBus?.({ onBusMessage, onReconnect }) ?? null
  const catchUp = createCatchUp({ storage, bus, open, deliver: deliverInOrder, metrics, log })

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
      position: null,
      outOfOrder: new Map(),
      texts: new Map(),
      textRequests: new Map(),
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
  function markDelivered(conversationId: string, seq: number, { epoch, reply_id }: ConversationRow): void {
    const channel = open.get(conversationId)
    if (!channel) return
    channel.epoch = Math.max(channel.epoch, epoch)
    if (reply_id === null) channel.fence = channel.epoch
    if (channel.position === null) advancePosition(conversationId, channel, seq)
    else if (channel.position < seq) {
      catchUp.markStale(conversationId)
    }
  }

  /** Nobody here hears it any more. */
  function leave(conversationId: string): void {
    if (
      parts.hasSubscribers(conversationId) ||
      replies.hasReplyIn(conversationId) ||
      !open.delete(conversationId)
    )
      return
    bus?.unsubscribe(conversationId)
  }

  /** A durable event committed here. */
  function publish(event: StoredEvent): void {
    deliverInOrder(event)
    bus?.publish(event.conversation_id, { kind: 'durable', event } satisfies NodeMessage)
  }

  /** Something that is not kept. */
  function publishTransient<E extends EventName>(
    conversationId: string,
    name: E,
    payload: EventPayload<E>,
  ): void {
    const fencedPayload = fenced(name, payload)
    if (!fencedPayload) return
    parts.emit(conversationId, name, fencedPayload)
    bus?.publish(conversationId, { kind: 'passing', name, payload } satisfies NodeMessage)
  }

  function deliverInOrder(event: StoredEvent): void {
    const channel = open.get(event.conversation_id)
    if (!channel) return
    if (channel.position === null) {
      send(event)
      channel.position = event.seq
    } else if (event.seq === channel.position + 1) {
      send(event)
      advancePosition(event.conversation_id, channel, event.seq)
    } else if (event.seq > channel.position) {
      // What is held is in the database too: forgetting it costs a read.
      if (channel.outOfOrder.size >= outOfOrderMax) channel.outOfOrder.clear()
      channel.outOfOrder.set(event.seq, event)
      metrics.gaps.inc()
      catchUp.markStale(event.conversation_id)
    }
  }

  function advancePosition(conversationId: string, channel: Channel, seq: number): void {
    channel.position = seq
    for (const known of channel.outOfOrder.keys())
      if (known <= channel.position) channel.outOfOrder.delete(known)
    for (
      let next = channel.outOfOrder.get(channel.position + 1);
      next;
      next = channel.outOfOrder.get(channel.position + 1)
    ) {
      channel.outOfOrder.delete(next.seq)
      send(next)
      channel.position = next.seq
    }
    if (channel.outOfOrder.size === 0) catchUp.markComplete(conversationId)
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
      replies.applyHandoff(changed)
    }
    if (event === 'message:updated') {
      const { id } = payload.message as { id: string }
      open.get(conversation_id)?.texts.delete(id)
    }
    parts.emit(conversation_id, event as EventName, payload as never)
  }

  function onBusMessage(conversationId: string, raw: unknown): void {
    const channel = open.get(conversationId)
    if (!channel) return
    const message = raw as NodeMessage
    if (message.kind === 'durable') {
      onRemoteChange(conversationId)
      deliverInOrder(message.event)
    } else if (message.kind === 'passing') onTransient(conversationId, channel, message)
    else if (message.kind === 'stop') replies.stopLocalReply(message.message_id, message.request_id)
    else if (message.kind === 'ask') {
      const text = replies.localText(message.message_id)
      const { request_id, message_id } = message
      log.debug(
        { request_id, message_id, known: text !== null },
        'another node asks for the text of an answer',
      )
      if (text !== null)
        bus!.publish(conversationId, {
          kind: 'text',
          message_id: message.message_id,
          text,
        } satisfies NodeMessage)
    } else {
      channel.texts.set(message.message_id, message.text)
      for (const resolve of channel.textRequests.get(message.message_id) ?? []) resolve(message.text)
      channel.textRequests.delete(message.message_id)
    }
  }

  function onTransient(
    conversationId: string,
    channel: Channel,
    { name, payload }: NodeMessage & { kind: 'passing' },
  ): void {
    const fencedPayload = fenced(name, payload)
    if (!fencedPayload) return
    if (name === 'reply:delta') {
      const { message_id, offset, text } = payload as EventPayload<'reply:delta'>
      const known = channel.texts.get(message_id) ?? (offset === 0 ? '' : undefined)
      if (known?.length === offset) channel.texts.set(message_id, known + text)
      // Something was lost on the way: whoever asks is answered by the node that writes it.
      else if (known !== undefined && known.length < offset) channel.texts.delete(message_id)
    }
    parts.emit(conversationId, name, fencedPayload as never)
  }

  /**
   * Law R2 on any node: what readers were given so far of an answer that another node writes; deltas continue after it.
   * Null when that node does not say so in time.
   */
  async function remoteText(
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
      const timer = setTimeout(() => resolve(null), remoteTextMs)
      const answered = (text: string) => {
        clearTimeout(timer)
        resolve(text)
      }
      const pending = channel.textRequests.get(messageId)
      channel.textRequests.set(messageId, [...(pending ?? []), answered])
      if (!pending)
        bus.publish(conversationId, {
          kind: 'ask',
          message_id: messageId,
          request_id: requestId,
        } satisfies NodeMessage)
    })
  }

  /** What readers here were given of an answer that another node writes, as far as it is known. */
  function remoteTextSoFar(conversationId: string, messageId: string): string | null {
    return open.get(conversationId)?.texts.get(messageId) ?? null
  }

  function stopRemoteReply(conversationId: string, messageId: string, requestId: string): void {
    const message: NodeMessage = { kind: 'stop', message_id: messageId, request_id: requestId }
    bus?.publish(conversationId, message)
  }

  /** The database is another: what was told of the one before counts for nobody who reads it from now on. */
  function restart(): void {
    catchUp.restart()
    for (const channel of open.values()) {
      Object.assign(channel, { position: null, epoch: 0, fence: 0 } satisfies Partial<Channel>)
      channel.outOfOrder.clear()
      channel.texts.clear()
    }
  }

  function close(): void {
    catchUp.close()
    bus?.close()
  }

  return {
    listen,
    markDelivered,
    leave,
    publish,
    publishTransient,
    remoteText,
    remoteTextSoFar,
    stopRemoteReply,
    recheckLater: catchUp.recheckLater,
    restart,
    close,
    attachReplies(local: LocalReplies): void {
      replies = local
    },
    /** Another node has written to a conversation that is heard here. */
    onRemoteChange(listener: (conversationId: string) => void): void {
      onRemoteChange = listener
    },
  }
}
