import { Manager, type Socket } from 'socket.io-client'
import { ParleyError } from './error.ts'
import { createHandshake, type IdentityParts } from './handshake.ts'
import { createLink } from './link.ts'
import { createRecovery, final, identityLost } from './recovery.ts'
import { createStore, type Store } from './store.ts'
import type { ClientOptions, ConnectionState, ErrorCode, Session, User } from './types.ts'

/** An open connection answers within this; where nothing at all comes, it is replaced. */
const answerMs = 2000

export interface Connection {
  readonly socket: Socket
  readonly state: Store<ConnectionState>
  /** Read at every handshake; change it freely. */
  readonly options: ClientOptions
  connect(): void
  disconnect(): void
  /** The server's time, in milliseconds since the epoch; this device's until the server has told it. */
  now(): number
  /** Something is overdue: asks whether anybody is there, and replaces a connection on which nothing comes. */
  check(): void
  /** Until the next `connect()`. */
  rest(): void
  /** As whoever the tokens are of now; nothing where there is no connection yet. */
  restart(): void
  /** The open socket is somebody else's from here on, for so many seconds. */
  becomes(user: User, seconds: number): void
  /** Resolves once online; rejects when that cannot come. Given up silently when `signal` aborts. */
  online(signal: AbortSignal): Promise<void>
}

export function createConnection(options: ClientOptions, parts: IdentityParts): Connection {
  const { person } = parts
  const { origin, pathname } = new URL(`${options.url}/socket.io/`)
  const manager = new Manager(origin, {
    path: pathname,
    transports: ['websocket'],
    autoConnect: false,
    upgrade: false,
    reconnection: false,
  })
  const handshake = createHandshake(options, parts)
  const socket = manager.socket(`/${options.namespace}`, { auth: handshake.write })
  const state = createStore<ConnectionState>({ status: 'idle', code: null, session: null, turn: 0 })
  const link = createLink(socket, state, () => recovery.explain())
  const recovery = createRecovery({ ...parts, options, handshake, link, socket, state })
  /** The server's clock against that of this page. */
  let aheadMs = 0
  /** When anything came last, on the clock of `performance`. */
  let heardAt = 0

  const now = () => Date.now() + aheadMs

  function connect() {
    if (state.get().status === 'online') return
    if (state.get().status !== 'reconnecting') state.set({ status: 'connecting', code: null })
    link.open()
  }

  function check() {
    if (state.get().status !== 'online') return link.hurry()
    const { id } = socket
    const asked = performance.now()
    socket
      .timeout(answerMs)
      .emitWithAck('system:ping', {})
      .catch(() => socket.id === id && heardAt < asked && link.retry())
  }

  socket.on('session:ready', (session: Session) => {
    aheadMs = session.now ? Date.parse(session.now) - Date.now() : 0
    handshake.learn(session)
    link.settle()
    state.set({ status: 'online', code: null, session })
  })
  socket.on('session:ended', ({ code }: { code: string }) => {
    // A visitor whose token ran out tries it once more: only the handshake decides that the identity is gone.
    if (final.includes(code) || (identityLost.includes(code) && options.namespace !== 'visitor'))
      link.end(code)
  })
  socket.on('server:draining', ({ retry_after_ms }: { retry_after_ms: number }) => link.move(retry_after_ms))
  socket.on('connect_error', (error: Error & { data?: { code?: string; details?: unknown } }) => {
    recovery.refused(error.data?.code ?? 'DISCONNECTED', error.data?.details ?? error.data)
    if (!error.data) recovery.explain()
  })
  socket.on('disconnect', () => {
    if (state.get().status === 'online' || state.get().status === 'connecting') link.retry()
  })
  manager.on('packet', () => {
    heardAt = performance.now()
  })
  const stopWatching = watchPage(check, () => state.get().status === 'online' && link.retry())

  return {
    socket,
    state,
    options,
    now,
    connect,
    check,
    rest: link.rest,
    disconnect() {
      stopWatching()
      recovery.stop()
      link.end('ABORTED')
    },
    restart() {
      if (state.get().status === 'idle') return
      link.rest()
      connect()
    },
    becomes(user, seconds) {
      person.become({ id: user.id, isGuest: false, site: null })
      const { session } = state.get()
      if (!session) return
      const expires_at = new Date(now() + seconds * 1000).toISOString()
      state.set({
        session: { ...session, expires_at, session: { ...session.session, role: user.role, user } },
      })
    },
    online: signal => whenOnline(state, signal),
  }
}

/** When the network or the page comes back, and when the network goes; returns the way out. */
function watchPage(onBack: () => void, onGone: () => void): () => void {
  const listeners = [
    ['online', onBack],
    ['offline', onGone],
    ['pageshow', onBack],
    ['visibilitychange', () => document.visibilityState === 'visible' && onBack()],
  ] as const
  for (const [name, listener] of listeners) globalThis.addEventListener?.(name, listener)
  return () => {
    for (const [name, listener] of listeners) globalThis.removeEventListener?.(name, listener)
  }
}

function whenOnline(state: Store<ConnectionState>, signal: AbortSignal): Promise<void> {
  return new Promise((resolve, reject) => {
    const check = ({ status, code }: ConnectionState) => {
      if (status === 'online') resolve()
      else if (status === 'ended')
        reject(new ParleyError((code ?? 'UNAUTHORIZED') as ErrorCode, 'The session has ended.'))
      else return
      leave()
    }
    const leave = state.subscribe(check)
    signal.addEventListener('abort', leave, { once: true })
    check(state.get())
  })
}
