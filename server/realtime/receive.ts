import type { EventPayload } from '#protocol'
import type { Channels, NodeMessage } from './channels.ts'
import type { createDelivery } from './delivery.ts'
import type { HubParts } from './hub.ts'
import type { LocalReplies } from './local-replies.ts'
import type { createRemoteReplies } from './remote-replies.ts'

export interface ReceiverParts extends Pick<HubParts, 'emit'> {
  open: Channels['open']
  delivery: Pick<ReturnType<typeof createDelivery>, 'deliverInOrder' | 'fenced'>
  remoteReplies: Pick<ReturnType<typeof createRemoteReplies>, 'addDelta' | 'sendText' | 'setText'>
  stopLocalReply: LocalReplies['stopLocalReply']
  /** Another node has written to a conversation that is heard here. */
  onRemoteChange(conversationId: string): void
}

/** Takes what other nodes say of the conversations that are open here. */
export function createReceiver({
  open,
  delivery,
  remoteReplies,
  emit,
  stopLocalReply,
  onRemoteChange,
}: ReceiverParts) {
  function receiveTransient(conversationId: string, { name, payload }: NodeMessage & { kind: 'passing' }) {
    const fencedPayload = delivery.fenced(name, payload)
    if (!fencedPayload) return
    if (name === 'reply:delta')
      remoteReplies.addDelta(open.get(conversationId)!, payload as EventPayload<'reply:delta'>)
    emit(conversationId, name, fencedPayload as never)
  }

  return (conversationId: string, raw: unknown): void => {
    const channel = open.get(conversationId)
    if (!channel) return
    const message = raw as NodeMessage
    if (message.kind === 'durable') {
      onRemoteChange(conversationId)
      delivery.deliverInOrder(message.event)
    } else if (message.kind === 'passing') receiveTransient(conversationId, message)
    else if (message.kind === 'stop') stopLocalReply(message.message_id, message.request_id)
    else if (message.kind === 'ask') remoteReplies.sendText(conversationId, message)
    else remoteReplies.setText(channel, message)
  }
}
