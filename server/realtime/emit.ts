import type { Server, Socket } from 'socket.io'
import { type EventName, type EventPayload, events, type Namespace } from '#protocol'
import { projectEvent } from '../core/projection.ts'

const audiences = ['visitor', 'agent'] as const satisfies readonly Namespace[]

/**
 * The only way to the wire for what the server says on its own: typed, one room per conversation and audience. A room is
 * called what the conversation is, without a prefix: no string is made and hashed to find it.
 */
export function createEmitter(io: Server) {
  const namespaces = { visitor: io.of('/visitor'), agent: io.of('/agent') }
  /** Past the adapter that joins the nodes: what is emitted there is this node's own. */
  const here = { visitor: namespaces.visitor.local, agent: namespaces.agent.local }

  /** One broadcast per audience that listens, each without exceptions: that is the socket server's native publish. */
  function toConversation<E extends EventName>(
    conversationId: string,
    event: E,
    payload: EventPayload<E>,
  ): void {
    for (const audience of audiences) {
      const namespace = namespaces[audience]
      if (!concerns(audience, event, payload) || !namespace.adapter.rooms.has(conversationId)) continue
      here[audience].to(conversationId).emit(event, projectEvent(event, payload, audience))
    }
  }

  /** To everybody who answers and is connected to this node. */
  function toStaff<E extends EventName>(event: E, payload: EventPayload<E>): void {
    here.agent.emit(event, payload)
  }

  /** To everybody who answers, on all nodes. */
  function toAllStaff<E extends EventName>(event: E, payload: EventPayload<E>): void {
    namespaces.agent.emit(event, payload)
  }

  /** To one who answers, on all nodes. */
  function toColleague<E extends EventName>(personId: string, event: E, payload: EventPayload<E>): void {
    namespaces.agent.to(personRoom(personId)).emit(event, payload)
  }

  /** Whether a socket of this node is in the conversation. */
  function hasSubscribers(conversationId: string): boolean {
    return audiences.some(audience => namespaces[audience].adapter.rooms.has(conversationId))
  }

  /** Calls `left` when the last socket of an audience has left a conversation, or the room of its own that each has. */
  function onRoomEmptied(onEmptied: (conversationId: string) => void): void {
    for (const audience of audiences) namespaces[audience].adapter.on('delete-room', onEmptied)
  }

  /** Bytes that wait for the slowest reader of a conversation on this node. */
  function backlog(conversationId: string): number {
    let largest = 0
    for (const audience of audiences) {
      const { adapter, sockets } = namespaces[audience]
      for (const id of adapter.rooms.get(conversationId) ?? []) {
        const socket = sockets.get(id)
        if (socket) largest = Math.max(largest, waitingBytes(socket))
      }
    }
    return largest
  }

  return { toConversation, toStaff, toAllStaff, toColleague, hasSubscribers, onRoomEmptied, backlog }
}

/** Of all sockets of one who answers. */
export function personRoom(personId: string): string {
  return `person:${personId}`
}

/** On their way to a socket. uWebSockets.js counts by a method, `ws` by a property. */
export function waitingBytes(socket: Pick<Socket, 'conn'>): number {
  const { socket: raw } = socket.conn.transport as {
    socket?: { getBufferedAmount?(): number; bufferedAmount?: number }
  }
  return raw?.getBufferedAmount?.() ?? raw?.bufferedAmount ?? 0
}

/** Each side hears the other type: nobody needs to be told that they are writing themselves. Who looks on is staff's matter. */
function concerns(audience: Namespace, event: EventName, payload: object): boolean {
  if (!(events[event].namespaces as readonly Namespace[]).includes(audience)) return false
  if (audience === 'visitor' && (payload as { staff_only?: boolean }).staff_only) return false
  return event !== 'typing:changed' || (payload as EventPayload<'typing:changed'>).role !== audience
}
