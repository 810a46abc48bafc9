import { Manager, type Socket } from 'socket.io-client'
import type { protocolVersion } from '#protocol'
import { backoff } from './backoff.ts'
import { ParleyError, retryAfter } from './error.ts'
import type { Person } from './person.ts'
import type { Slots } from './storage.ts'
import { createStore } from './store.ts'
import type { Tokens } from './tokens.ts'
import type { ClientOptions, ConnectionState, ErrorCode, Session, User } from './types.ts'

const protocol: typeof protocolVersion = 1
const readyTimeoutMs = 15_000
/** Shorter connections do not reset the back-off, or a server that drops us at once would be hammered. */
const stableMs = 5_000
/** Nobody needs to hear of an interruption that was announced and is this short. */
const briefMs = 300

const identityLost = new Set(['UNAUTHORIZED', 'TOKEN_EXPIRED'])
const final = new Set(['CLIENT_TOO_OLD', 'FORBIDDEN', 'VALIDATION_ERROR'])

export interface Connection {
  readonly socket: Socket
  readonly state: ReturnType<typeof createStore<ConnectionState>>
  /** Read at every handshake; change it freely. */
  readonly options: ClientOptions
  connect(): void
  disconnect(): void
  /** Until the next `connect()`. */
  rest(): void
  /** As whoever the tokens are of now; nothing where there is no connection yet. */
  restart(): void
  /** The open socket is somebody else's from here on, for so many seconds. */
  becomes(user: User, seconds: number): void
  /** Resolves once online; rejects when that cannot come. Given up silently when `signal` aborts. */
  online(signal: AbortSignal): Promise<void>
}

/** One socket that comes back by itself until it is told not to. socket.io's own reconnection is off: it has no full jitter. */
export function createConnection(
  options: ClientOptions,
  { tokens, person, device }: { tokens: Tokens; person: Person; device: Slots },
): Connection {
  const { origin, pathname } = new URL(`${options.url}/socket.io/`)
  const manager = new Manager(origin, {
    path: pathname,
    transports: ['websocket'],
    autoConnect: false,
    upgrade: false,
    reconnection: false,
  })
  const socket = manager.socket(`/${options.namespace}`, {
    auth(answer) {
      sent = handshake()
      answer(sent)
    },
  })
  const state = createStore<ConnectionState>({ status: 'idle', code: null, session: null, turn: 0 })
  /** What the last handshake said. */
  let sent: ReturnType<typeof handshake>
  /** Of the database, as far as the server tells it. */
  let life: string | null = null
  let attempt = 0
  let onlineSince = 0
  let notBefore = 0
  /** The server has said when it lets us go, for another to take us. */
  let isMoving = false
  let timer: ReturnType<typeof setTimeout> | undefined

  function handshake() {
    const { language, context, identity: stated } = options
    // The site's word that has run out would be refused; the token it led to still holds.
    const identity = stated && Date.parse(stated.expires_at) > Date.now() ? stated : undefined
    return { protocol, token: tokens.access() ?? undefined, language, context, identity }
  }

  function connect() {
    if (state.get().status === 'online') return
    if (state.get().status !== 'reconnecting') state.set({ status: 'connecting', code: null })
    open()
  }

  function open() {
    clearTimeout(timer)
    timer = setTimeout(retry, readyTimeoutMs)
    socket.connect()
  }

  function retry(wait = 0) {
    clearTimeout(timer)
    if (onlineSince && performance.now() - onlineSince > stableMs) attempt = 0
    onlineSince = 0
    const least = Math.max(wait, notBefore - performance.now(), 0)
    const isQuiet = isMoving && least < briefMs
    isMoving = false
    if (!isQuiet) state.set({ status: 'reconnecting' })
    socket.disconnect()
    timer = setTimeout(open, isQuiet ? least : least + backoff(attempt++))
  }

  function end(code: string) {
    clearTimeout(timer)
    state.set({ status: 'ended', code, session: null })
    socket.disconnect()
  }

  function refused(code: string, details: unknown) {
    if (final.has(code)) end(code)
    else if (identityLost.has(code)) void regain(code)
    else retry(retryAfter(details))
  }

  /** Another tab may have a newer token, or this one can be renewed; else a visitor begins as a stranger. */
  async function regain(code: string) {
    clearTimeout(timer)
    const { token } = sent
    const isHopeful = await tokens.regain(token ?? null)
    if (state.get().status === 'ended') return
    if (!isHopeful) {
      if (options.namespace !== 'visitor' || !token || options.identity) return end(code)
      tokens.keep(null)
    }
    retry()
  }

  function hurry() {
    if (state.get().status === 'reconnecting' && notBefore < performance.now()) open()
  }

  /** The database was put back to an earlier state: whoever is nobody there any more is still the same person here. */
  function isAnotherLife({ incarnation }: Session): boolean {
    const known = life ?? device.read<string>('life')
    life = incarnation ?? known
    if (incarnation && incarnation !== device.read('life')) device.write('life', incarnation)
    return known !== null && life !== known
  }

  function learn(session: Session) {
    const { user, id } = session.session
    const site = sent.identity?.id ?? null
    const whose = user ? { id: user.id, isGuest: false, site } : { id, isGuest: true, site: null }
    person.become(whose, isAnotherLife(session))
  }

  socket.on('session:ready', (session: Session) => {
    clearTimeout(timer)
    tokens.keep(session.token)
    learn(session)
    onlineSince = performance.now()
    notBefore = 0
    isMoving = false
    state.set({ status: 'online', code: null, session })
  })
  socket.on('session:ended', ({ code }: { code: string }) => {
    // A visitor whose token ran out tries it once more: only the handshake decides that the identity is gone.
    if (final.has(code) || (identityLost.has(code) && options.namespace !== 'visitor')) end(code)
  })
  socket.on('server:draining', ({ retry_after_ms }: { retry_after_ms: number }) => {
    notBefore = performance.now() + retry_after_ms
    isMoving = true
  })
  socket.on('connect_error', (error: Error & { data?: { code?: string; details?: unknown } }) => {
    refused(error.data?.code ?? 'DISCONNECTED', error.data?.details ?? error.data)
  })
  socket.on('disconnect', () => {
    if (state.get().status === 'online' || state.get().status === 'connecting') retry()
  })
  globalThis.addEventListener?.('online', hurry)
  globalThis.document?.addEventListener('visibilitychange', hurry)

  function online(signal: AbortSignal): Promise<void> {
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

  function disconnect() {
    globalThis.removeEventListener?.('online', hurry)
    globalThis.document?.removeEventListener('visibilitychange', hurry)
    end('ABORTED')
  }

  function rest() {
    clearTimeout(timer)
    // Not online from here on: nothing that waits goes out as somebody else.
    state.set({ status: 'idle', code: null, session: null })
    socket.disconnect()
  }

  function restart() {
    if (state.get().status === 'idle') return
    rest()
    connect()
  }

  function becomes(user: User, seconds: number) {
    person.become({ id: user.id, isGuest: false, site: null })
    const { session } = state.get()
    const expires_at = new Date(Date.now() + seconds * 1000).toISOString()
    if (session)
      state.set({
        session: { ...session, expires_at, session: { ...session.session, role: user.role, user } },
      })
  }

  return { socket, state, options, connect, disconnect, rest, restart, becomes, online }
}
