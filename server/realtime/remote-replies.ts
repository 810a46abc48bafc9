import type { EventPayload } from '#protocol'
import type { Log } from '../observability/log.ts'
import type { Bus } from './bus.ts'
import type { Channel, Channels, NodeMessage } from './channels.ts'
import type { LocalReplies } from './local-replies.ts'

export interface RemoteReplyParts {
  bus: Bus | null
  channels: Pick<Channels, 'open' | 'channelOf'>
  localText: LocalReplies['localText']
  log: Log
}

/** How long the node that writes an answer has to say what it wrote. */
const remoteTextMs = 400

/** Answers across nodes: what readers here were given of one that another writes, and what another asks of one that is written here. */
export function createRemoteReplies({ bus, channels, localText, log }: RemoteReplyParts) {
  /** Of an answer that another node writes: as far as nothing was lost on the way. */
  function addDelta(channel: Channel, { message_id, offset, text }: EventPayload<'reply:delta'>): void {
    const known = channel.texts.get(message_id) ?? (offset === 0 ? '' : undefined)
    if (known?.length === offset) channel.texts.set(message_id, known + text)
    // Something was lost on the way: whoever asks is answered by the node that writes it.
    else if (known !== undefined && known.length < offset) channel.texts.delete(message_id)
  }

  /** Another node asks for the text of an answer that may be written here. */
  function sendText(conversationId: string, { message_id, request_id }: NodeMessage & { kind: 'ask' }): void {
    const text = localText(message_id)
    log.debug({ request_id, message_id, known: text !== null }, 'another node asks for the text of an answer')
    if (text !== null) bus!.publish(conversationId, { kind: 'text', message_id, text } satisfies NodeMessage)
  }

  function setText(channel: Channel, { message_id, text }: NodeMessage & { kind: 'text' }): void {
    channel.texts.set(message_id, text)
    for (const resolve of channel.textRequests.get(message_id) ?? []) resolve(text)
    channel.textRequests.delete(message_id)
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
    const channel = channels.channelOf(conversationId)
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

  function remoteTextSoFar(conversationId: string, messageId: string): string | null {
    return channels.open.get(conversationId)?.texts.get(messageId) ?? null
  }

  function stopRemoteReply(conversationId: string, messageId: string, requestId: string): void {
    const message: NodeMessage = { kind: 'stop', message_id: messageId, request_id: requestId }
    bus?.publish(conversationId, message)
  }

  return { addDelta, sendText, setText, remoteText, remoteTextSoFar, stopRemoteReply }
}
