import { Server, type Socket } from 'socket.io'
import * as v from 'valibot'
import {
  type Code,
  codes,
  type EventName,
  type EventPayload,
  findOperation,
  type Language,
  languageHint,
  type Namespace,
  OperationError,
  pageHints,
  protocolVersion,
  type Reply,
  roleAtLeast,
  type ServerToClient,
  type sessionFeatures,
} from '#protocol'
import type { Device } from '#protocol/desk/desk'
import { type SiteIdentity, siteIdentity, type User } from '#protocol/identity/auth'
import type { Call, Session } from '../core/call.ts'
import type { Clock } from '../core/clock.ts'
import type { OpenFiles } from '../net/open-files.ts'
import type { Log } from '../observability/log.ts'
import type { Metrics } from '../observability/metrics.ts'
import { personRoom, waitingBytes } from '../realtime/emit.ts'
import { createQueues } from '../realtime/queues.ts'
import type { Identity } from '../security/identity.ts'
import { acceptedLanguage } from './accepted-language.ts'
import { type Connections, type Guard, joinMs } from './connections.ts'
import { deviceOf } from './device.ts'
import { type Dispatch, rateLimited, serverFull, toFailure } from './dispatch.ts'
import type { OriginGate } from './origin.ts'
import { maxMessageBytes } from './server.ts'
import { closeSession, type SocketData } from './sessions.ts'

export interface SocketParts {
  io: Server
  dispatch: Dispatch
  identity: Identity
  connections: Connections
  openFiles: OpenFiles
  metrics: Metrics
  log: Log
  clock: Clock
  /** Whether anybody may connect in the clear. */
  insecure: boolean
  nextRequestId(): string
  /** Resolves once this node hears of the conversation from every other. */
  listen(conversationId: string): Promise<void>
  /** @throws OperationError while this node stops */
  refuseNewcomers(): void
  /** @param language of the session; null where it said none */
  features(language: Language | null): v.InferOutput<typeof sessionFeatures>
  /** Names this life of the database. */
  incarnation(): string
  /** Whom the site that embeds us knows. @throws OperationError UNAUTHORIZED, FORBIDDEN */
  recognise(
    identity: SiteIdentity,
    known: Session | null,
    address: string,
  ): Promise<{ session: Session; warnings: Warnings }>
  /** Somebody who answers is there. @returns what is called when this connection has ended */
  agentConnected(personId: string): () => void
  /** The signed-in person behind a session; null for a visitor. */
  describe(session: Session): Promise<User | null>
}

type Warnings = NonNullable<EventPayload<'session:ready'>['warnings']>

const handshake = v.object({
  protocol: v.optional(v.number()),
  token: v.optional(v.nullable(v.pipe(v.string(), v.maxLength(4096)))),
  language: languageHint,
  context: v.optional(pageHints),
  identity: v.optional(v.nullable(siteIdentity)),
})

export function createSocketServer(origins: OriginGate): Server {
  return new Server({
    transports: ['websocket'],
    serveClient: false,
    maxHttpBufferSize: maxMessageBytes,
    connectTimeout: joinMs,
    // Synchronous: asynchronous work before the upgrade throws outside any handler when the client aborts.
    allowRequest: ({ headers }, decide) => {
      const fits = origins.admits(headers.origin, headers.host)
      decide(fits ? null : 'This origin may not connect.', fits)
    },
  })
}

type ParleySocket = Socket<Record<string, never>, ServerToClient, Record<string, never>, SocketData>

/** Both namespaces, every event: the one place that listens to sockets. */
export function bindSockets(parts: SocketParts): void {
  const { io, dispatch, metrics, log, nextRequestId } = parts
  const queues = createQueues()

  function receive(connection: Connection, name: string, args: unknown[]) {
    const acknowledge = args.findLast(argument => typeof argument === 'function') as Acknowledge | undefined
    const raw = typeof args[0] === 'function' ? undefined : args[0]
    const call = new SocketCall(connection, nextRequestId())
    if (name !== 'auth:renew') connection.socket.data.activeAt = parts.clock()
    const { waitMs } = connection.guard
    if (findOperation(name)?.stream && waitMs === 0) settle(dispatch.stream(name, raw, call))
    else answer(name, raw, call, waitMs).then(settle)

    function settle(reply: Reply<unknown>): void {
      if (acknowledge) acknowledgeSafely(acknowledge, reply)
      if (!reply.success && countedRefusals.has(reply.error.code)) connection.guard.refuse()
    }
  }

  function answer(name: string, raw: unknown, call: SocketCall, waitMs: number): Promise<Reply<unknown>> {
    if (waitMs > 0) return Promise.resolve(toFailure(rateLimited(waitMs), call.requestId))
    return findOperation(name)?.ordered ? dispatchOrdered(name, raw, call) : dispatch(name, raw, call)
  }

  function dispatchOrdered(name: string, raw: unknown, call: SocketCall): Promise<Reply<unknown>> {
    const arrivedAt = performance.now()
    return queues.run(conversationOf(raw), () =>
      performance.now() - arrivedAt > longestWaitMs ? timedOut(name, call) : dispatch(name, raw, call),
    )
  }

  async function timedOut(operation: string, { requestId }: SocketCall): Promise<Reply<never>> {
    const code = 'SERVICE_UNAVAILABLE'
    log.debug({ request_id: requestId, operation, code }, 'operation')
    return toFailure(
      new OperationError(code, 'The writes before this one took too long; try again.'),
      requestId,
    )
  }

  function onConnection(socket: ParleySocket, namespace: Namespace) {
    metrics.connections.inc({ namespace })
    const guard = parts.connections.of(socket.conn)
    const closeThis = (code: string) => closeSession(socket, code)
    guard.joined(closeThis)
    const connection = new Connection(socket, { namespace, guard, listen: parts.listen })
    const left = namespace === 'agent' ? parts.agentConnected(socket.data.session.caller.id!) : () => {}
    if (namespace === 'agent') socket.join(personRoom(socket.data.session.caller.id!))
    socket.on('disconnect', () => {
      metrics.connections.dec({ namespace })
      left()
      guard.left(closeThis)
      connection.ended()
    })
    // A middleware that passes nothing on: it sees every event, known or not, before socket.io looks for listeners.
    socket.use(([name, ...args]) => receive(connection, name, args))
    void sendReady(socket, parts)
  }

  for (const name of ['visitor', 'agent'] as const) {
    const namespace = io.of(`/${name}`)
    namespace.use((socket, next) => {
      authenticate(socket as ParleySocket, name, parts).then(
        () => next(),
        error => {
          next(refuse(error, metrics))
          // Once it has been told: its place is needed.
          if (parts.openFiles.isShort) setImmediate(() => socket.conn.close())
        },
      )
    })
    namespace.on('connection', socket => onConnection(socket as ParleySocket, name))
  }
}

type Acknowledge = (reply: Reply<unknown>) => void

/** Refusals that the caller could have spared itself. */
const countedRefusals: ReadonlySet<Code> = new Set([
  'VALIDATION_ERROR',
  'UNAUTHORIZED',
  'FORBIDDEN',
  'NOT_FOUND',
  'CONVERSATION_NOT_FOUND',
  'RATE_LIMITED',
])

/** A write that waited this long behind others is refused: the one in front of it found the database away. */
const longestWaitMs = 1500

function acknowledgeSafely(acknowledge: Acknowledge, reply: Reply<unknown>): void {
  try {
    acknowledge(reply)
  } catch {
    // The reader is gone, and reads what it missed when it is back.
  }
}

/** One socket, as long as it is open. */
class Connection {
  readonly socket: ParleySocket
  readonly namespace: Namespace
  readonly guard: Guard
  readonly listen: SocketParts['listen']
  #abort: AbortController | undefined
  #device: { is: Device | null } | undefined

  constructor(
    socket: ParleySocket,
    { namespace, guard, listen }: { namespace: Namespace; guard: Guard; listen: SocketParts['listen'] },
  ) {
    this.socket = socket
    this.namespace = namespace
    this.guard = guard
    this.listen = listen
  }

  /** Made when first asked for: most connections only listen. */
  get signal(): AbortSignal {
    this.#abort ??= new AbortController()
    return this.#abort.signal
  }

  /** Read when first asked for, like the signal. */
  get device(): Device | null {
    this.#device ??= { is: deviceOf(this.socket.handshake.headers['user-agent']) }
    return this.#device.is
  }

  ended(): void {
    this.#abort?.abort()
  }
}

class SocketCall implements Call {
  readonly requestId: string
  readonly #connection: Connection

  constructor(connection: Connection, requestId: string) {
    this.#connection = connection
    this.requestId = requestId
  }

  get caller() {
    return this.#connection.socket.data.session.caller
  }

  get namespace() {
    return this.#connection.namespace
  }

  get address() {
    return this.#connection.socket.data.address
  }

  get network() {
    return this.#connection.socket.data.network
  }

  get device() {
    return this.#connection.device
  }

  get signal() {
    return this.#connection.signal
  }

  async listen(conversationId: string): Promise<void> {
    this.#connection.socket.join(conversationId)
    await this.#connection.listen(conversationId)
  }

  leave(conversationId: string): void {
    this.#connection.socket.leave(conversationId)
  }

  listens(conversationId: string): boolean {
    return this.#connection.socket.rooms.has(conversationId)
  }

  adopt(session: Session): void {
    const { socket, namespace } = this.#connection
    const { language } = socket.data.session.caller
    socket.data.session = { ...session, caller: { ...session.caller, audience: namespace, language } }
    if (namespace === 'agent' && !roleAtLeast(session.caller.role, 'agent'))
      closeSession(socket, 'TOKEN_EXPIRED')
  }

  emit<E extends EventName>(event: E, payload: EventPayload<E>): void {
    const { socket } = this.#connection
    if (socket.connected) (socket as Socket).emit(event, payload)
  }

  backlog(): number {
    return waitingBytes(this.#connection.socket)
  }

  stream(): void {}
}

/** Asynchronous work belongs here, not before the upgrade: there an abort would throw outside any handler. */
async function authenticate(
  socket: ParleySocket,
  namespace: Namespace,
  { identity, connections, openFiles, refuseNewcomers, clock, insecure, recognise, log }: SocketParts,
): Promise<void> {
  refuseNewcomers()
  const guard = connections.of(socket.conn)
  const { address, network, secure } = guard
  if (!secure && !insecure) throw new OperationError('FORBIDDEN', 'Connect over https.')
  const joinWaitMs = guard.consumeJoin()
  if (joinWaitMs > 0) throw rateLimited(joinWaitMs)
  const fullMs = namespace === 'agent' ? 0 : openFiles.refuseNewcomer()
  if (fullMs > 0) throw serverFull(fullMs)
  const parsed = v.safeParse(handshake, socket.handshake.auth)
  if (!parsed.success) {
    const details = parsed.issues.map(issue => ({ field: v.getDotPath(issue) ?? '', reason: issue.message }))
    throw new OperationError('VALIDATION_ERROR', 'The handshake is not valid.', details)
  }
  const { protocol = protocolVersion, token, language: spoken, identity: vouched } = parsed.output
  if (protocol !== protocolVersion) {
    throw new OperationError('CLIENT_TOO_OLD', `This server speaks protocol ${protocolVersion}.`)
  }
  const { session, warnings } =
    vouched && namespace === 'visitor'
      ? await recognise(vouched, await previousSession(identity, token ?? undefined), address)
      : { session: await identity.connect(namespace, token ?? undefined), warnings: [] }
  for (const { code, message } of warnings) log.warn({ person: session.caller.id, code }, message)
  const language = spoken ?? acceptedLanguage(socket.handshake.headers['accept-language'])
  socket.data.session = { ...session, caller: { ...session.caller, language } }
  socket.data.warnings = warnings
  socket.data.address = address
  socket.data.network = network
  socket.data.activeAt = clock()
}

/** The site's word counts more than an old token: one that has run out is no obstacle. */
async function previousSession(identity: Identity, token: string | undefined): Promise<Session | null> {
  return token === undefined ? null : identity.connect('visitor', token).catch(() => null)
}

function refuse(thrown: unknown, metrics: Metrics): Error {
  const error =
    thrown instanceof OperationError
      ? thrown
      : new OperationError(
          'SERVICE_UNAVAILABLE',
          'The server cannot accept connections right now; try again.',
        )
  const { code, message, details } = error
  metrics.refusedConnections.inc({ code })
  return Object.assign(new Error(message), {
    data: { code, message, details, retryable: codes[code].retryable },
  })
}

async function sendReady(socket: ParleySocket, parts: SocketParts): Promise<void> {
  const { session, warnings } = socket.data
  const { caller, token, expiresAt } = session
  try {
    const user = await parts.describe(session)
    socket.emit('session:ready', {
      session: { id: caller.sessionId!, role: caller.role, user },
      token,
      expires_at: new Date(expiresAt).toISOString(),
      now: new Date(parts.clock()).toISOString(),
      protocol: protocolVersion,
      incarnation: parts.incarnation(),
      features: parts.features(caller.language),
      ...(warnings.length > 0 && { warnings }),
    })
  } catch {
    socket.disconnect(true)
  }
}

function conversationOf(raw: unknown): string {
  const value = (raw as { conversation_id?: unknown } | null | undefined)?.conversation_id
  return typeof value === 'string' ? value : ''
}
