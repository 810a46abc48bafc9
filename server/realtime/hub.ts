import type { EventName, EventPayload } from '#protocol'
import type { EventStorage, StoredEvent } from '#storage/realtime/events'
import type { Log } from '../observability/log.ts'
import type { Metrics } from '../observability/metrics.ts'
import type { Bus } from './bus.ts'
import { createCatchUp } from './catch-up.ts'
import { type Channels, createChannels, type NodeMessage } from './channels.ts'
import { createDelivery } from './delivery.ts'
import { attachableReplies } from './local-replies.ts'
import { createRemoteReplies } from './remote-replies.ts'

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

/**
 * The conversations that are open on this node: every event goes to its readers here in the order of seq without gaps
 * (law D6), whichever node wrote it; what is missing is read from the database.
 */
export function createHub({ storage, emit, hasSubscribers, createBus, metrics, log }: HubParts) {
  const replies = attachableReplies()
  let onRemoteChange: (conversationId: string) => void = () => {}

  const bus = createBus?.({ onBusMessage: (id, message) => receive(id, message), onReconnect }) ?? null
  const channels = createChannels(bus)
  const { open } = channels
  const delivery = createDelivery({
    open,
    emit,
    applyHandoff: replies.applyHandoff,
    onGap: id => catchUp.markStale(id),
    onComplete: id => catchUp.markComplete(id),
    metrics,
  })
  const catchUp = createCatchUp({ storage, bus, open, deliver: delivery.deliverInOrder, metrics, log })
  const remoteReplies = createRemoteReplies({ bus, channels, localText: replies.localText, log })
  addGauges(metrics, bus, open)

  /** What another node says of a conversation that is open here. */
  function receive(conversationId: string, raw: unknown): void {
    const channel = open.get(conversationId)
    if (!channel) return
    const message = raw as NodeMessage
    if (message.kind === 'durable') {
      onRemoteChange(conversationId)
      delivery.deliverInOrder(message.event)
    } else if (message.kind === 'passing') {
      const { name, payload } = message
      if (delivery.deliverTransient(conversationId, name, payload) && name === 'reply:delta')
        remoteReplies.addDelta(channel, payload as EventPayload<'reply:delta'>)
    } else if (message.kind === 'stop') replies.stopLocalReply(message.message_id, message.request_id)
    else if (message.kind === 'ask') remoteReplies.sendText(conversationId, message)
    else remoteReplies.setText(channel, message)
  }

  function onReconnect(): void {
    catchUp.markAllStale()
    channels.clearTexts()
  }

  /** From now on this node hears the conversation. Read it after this resolves: then nothing falls in between. */
  function listen(conversationId: string): Promise<void> {
    return channels.channelOf(conversationId).subscribed
  }

  /** Nobody here hears it any more. */
  function leave(conversationId: string): void {
    if (hasSubscribers(conversationId) || replies.hasReplyIn(conversationId)) return
    channels.close(conversationId)
  }

  /** A durable event committed here. */
  function publish(event: StoredEvent): void {
    delivery.deliverInOrder(event)
    bus?.publish(event.conversation_id, { kind: 'durable', event } satisfies NodeMessage)
  }

  /** Something that is not kept. */
  function publishTransient<E extends EventName>(
    conversationId: string,
    name: E,
    payload: EventPayload<E>,
  ): void {
    if (delivery.deliverTransient(conversationId, name, payload))
      bus?.publish(conversationId, { kind: 'passing', name, payload } satisfies NodeMessage)
  }

  /** The database is another: what was told of the one before counts for nobody who reads it from now on. */
  function restart(): void {
    catchUp.restart()
    channels.restart()
  }

  function close(): void {
    catchUp.close()
    bus?.close()
  }

  const { remoteText, remoteTextSoFar, stopRemoteReply } = remoteReplies
  return {
    listen,
    leave,
    markDelivered: delivery.markDelivered,
    publish,
    publishTransient,
    remoteText,
    remoteTextSoFar,
    stopRemoteReply,
    recheckLater: catchUp.recheckLater,
    attachReplies: replies.attach,
    /** Another node has written to a conversation that is heard here. */
    onRemoteChange(listener: (conversationId: string) => void): void {
      onRemoteChange = listener
    },
    restart,
    close,
  }
}

function addGauges(metrics: Pick<Metrics, 'watch'>, bus: Bus | null, open: Channels['open']): void {
  metrics.watch('parley_redis_up', 'Whether other nodes are heard over Redis: 1 or 0', () =>
    bus?.up ? 1 : 0,
  )
  metrics.watch(
    'parley_open_conversations',
    'Conversations that somebody on this node hears',
    () => open.size,
  )
}
