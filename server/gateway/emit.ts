import type { Server, Socket } from 'socket.io'
import type { EventName, EventPayload, Namespace } from '#protocol'
import { projectEvent } from '../projection.ts'

const audiences = ['visitor', 'agent'] as const satisfies readonly Namespace[]

export function conversationRoom(conversationId: string): string {
  return `conversation:${conversationId}`
}

/** The only way to the wire for what the server says on its own: typed, one room per conversation and audience. */
export function createEmitter(io: Server) {
  const namespaces = { visitor: io.of('/visitor'), agent: io.of('/agent') }

  /** One broadcast per audience that listens, each without exceptions: that is the socket server's native publish. */
  function toConversation<E extends EventName>(
    conversationId: string,
    event: E,
    payload: EventPayload<E>,
  ): void {
    const room = conversationRoom(conversationId)
    for (const audience of audiences) {
      const namespace = namespaces[audience]
      if (!namespace.adapter.rooms.has(room)) continue
      namespace.to(room).emit(event, projectEvent(event, payload, audience))
    }
  }

  /** To one audience only: a visitor need not hear that they are writing themselves. */
  function toAudience<E extends EventName>(
    audience: Namespace,
    conversationId: string,
    event: E,
    payload: EventPayload<E>,
  ): void {
    const room = conversationRoom(conversationId)
    if (namespaces[audience].adapter.rooms.has(room)) namespaces[audience].to(room).emit(event, payload)
  }

  /** To everybody who answers. */
  function toStaff<E extends EventName>(event: E, payload: EventPayload<E>): void {
    namespaces.agent.emit(event, payload)
  }

  function toEverybody<E extends EventName>(event: E, payload: EventPayload<E>): void {
    for (const audience of audiences) namespaces[audience].emit(event, payload)
  }

  /** Bytes that wait for the slowest reader of a conversation on this node. */
  function backlog(conversationId: string): number {
    let most = 0
    for (const audience of audiences) {
      const { adapter, sockets } = namespaces[audience]
      for (const id of adapter.rooms.get(conversationRoom(conversationId)) ?? []) {
        const socket = sockets.get(id)
        if (socket) most = Math.max(most, waitingBytes(socket))
      }
    }
    return most
  }

  return { toConversation, toAudience, toStaff, toEverybody, backlog }
}

/** uWebSockets.js counts by a method, `ws` by a property. */
function waitingBytes(socket: Socket): number {
  const { socket: raw } = socket.conn.transport as {
    socket?: { getBufferedAmount?(): number; bufferedAmount?: number }
  }
  return raw?.getBufferedAmount?.() ?? raw?.bufferedAmount ?? 0
}
