import type { Socket } from 'socket.io-client'
import { backoff } from './backoff.ts'
import type { Store } from './store.ts'
import type { ConnectionState } from './types.ts'

const readyTimeoutMs = 15_000
/** Shorter connections do not reset the back-off, or a server that drops us at once would be hammered. */
const stableMs = 5_000
/** Nobody needs to hear of an interruption that was announced and is this short. */
const briefMs = 300

/** A socket that comes back by itself until it is told not to. socket.io's own reconnection is off: it has no full jitter. */
export interface Link {
  open(): void
  /** Comes back, after `waitMs` at least. */
  retry(waitMs?: number): void
  /** Nothing is tried until it is told to. */
  pause(): void
  /** Comes back at once, where it waits to. */
  hurry(): void
  /** For good: it is said why. */
  end(code: string): void
  /** Until it is opened again. */
  rest(): void
  /** The server has taken us in. */
  settle(): void
  /** The server lets us go soon, for another to take us after `waitMs`. */
  move(waitMs: number): void
}

/** @param onSilence it was opened, and nothing came */
export function createLink(socket: Socket, state: Store<ConnectionState>, onSilence: () => void): Link {
  let attempt = 0
  let onlineSince = 0
  let notBefore = 0
  let isMoving = false
  let timer: ReturnType<typeof setTimeout> | undefined

  function open() {
    clearTimeout(timer)
    timer = setTimeout(() => {
      retry()
      onSilence()
    }, readyTimeoutMs)
    socket.connect()
  }

  function retry(waitMs = 0) {
    clearTimeout(timer)
    if (onlineSince && performance.now() - onlineSince > stableMs) attempt = 0
    onlineSince = 0
    const least = Math.max(waitMs, notBefore - performance.now(), 0)
    const isQuiet = isMoving && least < briefMs
    isMoving = false
    if (!isQuiet) state.set({ status: 'reconnecting' })
    socket.disconnect()
    timer = setTimeout(open, isQuiet ? least : least + backoff(attempt++))
  }

  function stop(status: 'ended' | 'idle', code: string | null) {
    clearTimeout(timer)
    // Not online from here on: nothing that waits goes out as somebody else.
    state.set({ status, code, session: null })
    socket.disconnect()
  }

  return {
    open,
    retry,
    pause: () => clearTimeout(timer),
    hurry() {
      if (state.get().status !== 'reconnecting' || notBefore > performance.now()) return
      // What was begun on a network that is gone would hang.
      socket.disconnect()
      open()
    },
    end: code => stop('ended', code),
    rest: () => stop('idle', null),
    settle() {
      clearTimeout(timer)
      onlineSince = performance.now()
      notBefore = 0
      isMoving = false
    },
    move(waitMs) {
      notBefore = performance.now() + waitMs
      isMoving = true
    },
  }
}
