import type { EventName } from '#protocol'
import type { StoredEvent } from '#storage/realtime/events'
import type { Bus } from './bus.ts'

/** What nodes say about a conversation to each other. */
export type NodeMessage =
  | { kind: 'durable'; event: StoredEvent }
  | { kind: 'passing'; name: EventName; payload: object }
  | { kind: 'stop'; message_id: string; request_id: string }
  | { kind: 'ask'; message_id: string; request_id: string }
  | { kind: 'text'; message_id: string; text: string }

/** A conversation as it is open on this node. */
export interface Channel {
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

export type Channels = ReturnType<typeof createChannels>

/** The conversations that are open on this node. */
export function createChannels(bus: Bus | null) {
  const open = new Map<string, Channel>()

  /** Opens it where nobody has. */
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

  function close(conversationId: string): void {
    if (open.delete(conversationId)) bus?.unsubscribe(conversationId)
  }

  /** Messages of other nodes may have been missed: what their answers were is not known. */
  function clearTexts(): void {
    for (const channel of open.values()) channel.texts.clear()
  }

  /** What was told so far counts for nobody who reads from now on. */
  function restart(): void {
    clearTexts()
    for (const channel of open.values()) {
      Object.assign(channel, { position: null, epoch: 0, fence: 0 } satisfies Partial<Channel>)
      channel.outOfOrder.clear()
    }
  }

  return { open: open as ReadonlyMap<string, Channel>, channelOf, close, clearTexts, restart }
}
