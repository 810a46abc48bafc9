import type { Server, Socket } from 'socket.io'
import { type EventPayload, roleAtLeast } from '#protocol'
import type { Session } from '../core/call.ts'
import type { Clock } from '../core/clock.ts'
import type { Revocations } from '../security/revocations.ts'

/** What a socket is known by. */
export interface SocketData {
  session: Session
  address: string
  /** What was left out of the handshake, for `session:ready`. */
  warnings: NonNullable<EventPayload<'session:ready'>['warnings']>
  /** What limits count as one place. */
  network: string
  /** When its person last did something, in milliseconds since the epoch; renewing a token is nothing they did. */
  activeAt: number
}

/** Somebody signed in who does nothing for so long has left the desk. Visitors keep no secrets from their own browser. */
export const idleMs = 12 * 3_600_000
const sweepMs = 1000

export interface SweepParts {
  io: Server
  revocations: Pick<Revocations, 'problem'>
  clock: Clock
}

/** Law S3: closes every open socket whose session has ended. One timer for all: sockets may be many. */
export function sweepSessions({ io, revocations, clock }: SweepParts) {
  function endReason({ session, activeAt }: SocketData): string | null {
    const { caller, expiresAt, version } = session
    const now = clock()
    if (expiresAt <= now) return 'TOKEN_EXPIRED'
    if (roleAtLeast(caller.role, 'user') && activeAt + idleMs <= now) return 'UNAUTHORIZED'
    return revocations.problem({ personId: caller.id!, sessionId: caller.sessionId!, version })
  }

  function sweep(): void {
    for (const name of ['/visitor', '/agent']) {
      for (const socket of io.of(name).sockets.values()) {
        const code = endReason(socket.data as SocketData)
        if (code) closeSession(socket, code)
      }
    }
  }

  /** Cuts every connection: clients come back by themselves, and are told what they need to know. */
  function reconnectAll(): void {
    for (const name of ['/visitor', '/agent'])
      for (const socket of io.of(name).sockets.values()) socket.conn.close()
  }

  const timer = setInterval(sweep, sweepMs)
  timer.unref()
  return { sweep, reconnectAll, close: () => clearInterval(timer) }
}

export function closeSession(socket: Socket, code: string): void {
  socket.emit('session:ended', { code })
  socket.disconnect(true)
}
