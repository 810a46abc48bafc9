import { Manager, type Socket } from 'socket.io-client'
import type { protocolVersion } from '#protocol'
import { backoff } from './backoff.ts'
import { ParleyError, retryAfter } from './error.ts'
import type { Person } from './person.ts'
import { createRefusals } from './refusals.ts'
import type { Slots } from './storage.ts'
import { createStore } from './store.ts'
import type { Tokens } from './tokens.ts'
import type { ClientOptions, ConnectionState, ErrorCode, Identity, Session, User } from './types.ts'

const protocol: typeof protocolVersion = 1
const readyTimeoutMs = 15_000
/** Shorter connections do not reset the back-off, or a server that drops us at once would be hammered. */
const stableMs = 5_000
/** An open connection answers within this; where nothing at all comes, it is replaced. */
const answerMs = 2000
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
  const refusals = globalThis.document && createRefusals(options.url)
  /** What the last handshake said; none where no connection has come about. */
  let sent: ReturnType<typeof handshake> | undefined
  /** The site's word that has run out, as the server says. */
  let spent: Identity | undefined
  /** The server's clock against that of this page. */
  let aheadMs = 0
  /** When anything came last, on the clock of `performance`. */
  let heardAt = 0
  /** Of the database, as far as the server tells it. */
  let life: string | null = null
  let attempt = 0
  let onlineSince = 0
  let notBefore = 0
  /** The server has said when it lets us go, for another to take us. */
  let isMoving = false
  let timer: ReturnType<typeof setTimeout> | undefined

  function handshake() {
    const { language, context } = options
    const identity = options.identity === spent ? undefined : options.identity
    return { protocol, token: tokens.access() ?? undefined, language, context, identity }
  }

  function connect() {
    if (state.get().status === 'online') return
    if (state.get().status !== 'reconnecting') state.set({ status: 'connecting', code: null })
    open()
  }

  function open() {
    clearTimeout(timer)
    timer = setTimeout(() => {
      retry()
      void explain()
    }, readyTimeoutMs)
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
    else if (sent?.identity && (details as { expired?: unknown } | undefined)?.expired)
      spendWord(sent.identity)
    else if (identityLost.has(code)) void regain(code)
    else retry(retryAfter(details))
  }

  /** The token that the site's word has led to still holds; that of another customer is nothing to go on with. */
  function spendWord(word: Identity) {
    const known = person.site()
    if (known !== null && known !== word.id) return end('TOKEN_EXPIRED')
    spent = word
    socket.disconnect()
    open()
  }

  /** Said only where there has never been a connection: anything else is the network. */
  async function explain() {
    if (!refusals || state.get().session) return
    const code = await refusals.find()
    if (state.get().status !== 'reconnecting') return
    if (code === 'ORIGIN_NOT_ALLOWED' || code === 'BLOCKED_BY_POLICY') end(code)
    else if (device.read('life') === null) state.set({ code })
  }

  function check() {
    if (state.get().status !== 'online') return hurry()
    const { id } = socket
    const asked = performance.now()
    socket
      .timeout(answerMs)
      .emitWithAck('system:ping', {})
      .catch(() => socket.id === id && heardAt < asked && retry())
  }

  /** Another tab may have a newer token, or this one can be renewed; else a visitor begins as a stranger. */
  async function regain(code: string) {
    clearTimeout(timer)
    const { token } = sent ?? {}
    const isHopeful = await tokens.regain(token ?? null)
    if (state.get().status === 'ended') return
    if (!isHopeful) {
      if (options.namespace !== 'visitor' || !token || options.identity) return end(code)
      tokens.keep(null)
    }
    retry()
  }

  function hurry() {
    if (state.get().status !== 'reconnecting' || notBefore > performance.now()) return
    // What was begun on a network that is gone would hang.
    socket.disconnect()
    open()
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
    const site = sent?.identity?.id ?? null
    const whose = user ? { id: user.id, isGuest: false, site } : { id, isGuest: true, site: null }
    person.become(whose, isAnotherLife(session))
  }

  socket.on('session:ready', (session: Session) => {
    clearTimeout(timer)
    tokens.keep(session.token)
    aheadMs = session.now ? Date.parse(session.now) - Date.now() : 0
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
    if (!error.data) void explain()
  })
  socket.on('disconnect', () => {
    if (state.get().status === 'online' || state.get().status === 'connecting') retry()
  })
  manager.on('packet', () => {
    heardAt = performance.now()
  })
  const listeners = [
    ['online', check],
    ['offline', () => state.get().status === 'online' && retry()],
    ['pageshow', check],
    ['visibilitychange', () => document.visibilityState === 'visible' && check()],
  ] as const
  for (const [name, listener] of listeners) globalThis.addEventListener?.(name, listener)

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
    for (const [name, listener] of listeners) globalThis.removeEventListener?.(name, listener)
    refusals?.stop()
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

  const now = () => Date.now() + aheadMs

  function becomes(user: User, seconds: number) {
    person.become({ id: user.id, isGuest: false, site: null })
    const { session } = state.get()
    if (!session) return
    const expires_at = new Date(now() + seconds * 1000).toISOString()
    state.set({ session: { ...session, expires_at, session: { ...session.session, role: user.role, user } } })
  }

  return {
    socket,
    state,
    options,
    now,
    connect,
    disconnect,
    check,
    rest,
    restart,
    becomes,
    online,
  }
}
