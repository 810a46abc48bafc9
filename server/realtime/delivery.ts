import type { EventName, EventPayload } from '#protocol'
import type { ConversationRow } from '#storage/chat/conversation'
import type { StoredEvent } from '#storage/realtime/events'
import type { Metrics } from '../observability/metrics.ts'
import type { Channel, Channels } from './channels.ts'
import type { HubParts } from './hub.ts'
import type { LocalReplies } from './local-replies.ts'

export interface DeliveryParts extends Pick<HubParts, 'emit'> {
  open: Channels['open']
  applyHandoff: LocalReplies['applyHandoff']
  /** Its readers miss something. */
  onGap(conversationId: string): void
  /** Its readers have everything that was heard of. */
  onComplete(conversationId: string): void
  metrics: Pick<Metrics, 'gaps'>
}

const outOfOrderMax = 500

/** Events as they reach the readers of this node: the durable ones in the order of seq without gaps (law D6), and none of the AI past its fence (law O1). */
export function createDelivery({ open, emit, applyHandoff, onGap, onComplete, metrics }: DeliveryParts) {
  /** Somebody was given everything up to `seq`. Others here may not have been: they are told, and who has it drops it. */
  function markDelivered(conversationId: string, seq: number, { epoch, reply_id }: ConversationRow): void {
    const channel = open.get(conversationId)
    if (!channel) return
    channel.epoch = Math.max(channel.epoch, epoch)
    if (reply_id === null) channel.fence = channel.epoch
    if (channel.position === null) advancePosition(conversationId, channel, seq)
    else if (channel.position < seq) onGap(conversationId)
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
      onGap(event.conversation_id)
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
    if (channel.outOfOrder.size === 0) onComplete(conversationId)
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

  /** Something that is not kept. @returns whether readers here may have it */
  function deliverTransient(conversationId: string, name: EventName, payload: object): boolean {
    const fencedPayload = fenced(name, payload)
    if (fencedPayload) emit(conversationId, name, fencedPayload as never)
    return fencedPayload !== null
  }

  function send({ conversation_id, event, payload }: StoredEvent): void {
    if (event === 'handoff:changed') {
      const changed = payload as EventPayload<'handoff:changed'>
      const channel = open.get(conversation_id)
      if (channel) channel.epoch = changed.epoch
      if (channel && changed.mode === 'human') channel.fence = changed.epoch
      applyHandoff(changed)
    }
    if (event === 'message:updated') {
      const { id } = payload.message as { id: string }
      open.get(conversation_id)?.texts.delete(id)
    }
    emit(conversation_id, event as EventName, payload as never)
  }

  return { markDelivered, deliverInOrder, deliverTransient }
}
