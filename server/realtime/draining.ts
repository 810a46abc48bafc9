import type { Server, Socket } from 'socket.io'
import { OperationError } from '#protocol'

/** Whoever balances has noticed by then that this node is not ready. */
const noticeMs = 1000
/** Between one client and the next, and for all of them together: others must not take them all at once. */
const stepMs = 20
const spreadMs = 4000

export interface DrainingParts {
  io: Server
  /** The end of the answer that is being written here in this conversation; null where none is. */
  waitForReply(conversationId: string): Promise<unknown> | null
}

/** A stopping node gives its clients to others: each is told when to come back, and let go then, one after the other. */
export function createDraining({ io, waitForReply }: DrainingParts) {
  let draining: Promise<unknown> | null = null

  async function drainSocket(socket: Socket, afterMs: number, limit: number): Promise<void> {
    socket.emit('server:draining', { retry_after_ms: afterMs })
    await delay(afterMs)
    const answers = [...socket.rooms].flatMap(room => waitForReply(room) ?? [])
    if (answers.length > 0) await Promise.race([Promise.all(answers), delay(limit - performance.now())])
    socket.disconnect(true)
  }

  return {
    get isDraining() {
      return draining !== null
    },

    /** Resolves when all are gone. Who then reads an answer being written stays to its end, or until `limit`. */
    run(limit: number): Promise<unknown> {
      const sockets = ['/visitor', '/agent'].flatMap(name => [...io.of(name).sockets.values()])
      const step = Math.min(stepMs, spreadMs / sockets.length)
      draining ??= Promise.all(
        sockets.map((socket, index) => drainSocket(socket, Math.round(noticeMs + index * step), limit)),
      )
      return draining
    },

    /** @throws OperationError for who comes while this node stops: another one, or the next process here, takes them */
    refuseNewcomers(): void {
      if (!draining) return
      const details = { retry_after_ms: noticeMs }
      throw new OperationError(
        'SERVICE_UNAVAILABLE',
        'This server is stopping; come back in a moment.',
        details,
      )
    },
  }
}

function delay(ms: number): Promise<void> {
  return new Promise(resolve => setTimeout(resolve, Math.max(0, ms)))
}
