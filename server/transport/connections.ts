import type { Server } from 'socket.io'
import { networkOf } from '../net/address.ts'
import type { BodyAccount, BodyBudget } from '../net/body-budget.ts'
import type { Metrics } from '../observability/metrics.ts'
import type { Limits } from './limits.ts'
import type { ClientOf } from './proxies.ts'
import { maxMessageBytes } from './server.ts'

/** An engine.io connection, as far as it is watched here. */
export interface Transport {
  readonly id: string
  readonly remoteAddress: string
  readonly request: { headers: Record<string, string | string[] | undefined> }
  on(event: 'packet', listener: (packet: { type: string; data?: unknown }) => void): void
  on(event: 'close', listener: () => void): void
  readonly transport: { socket?: { terminate?(): void } }
  sendPacket(type: 'ping'): void
  close(discard?: boolean): void
}

export interface ConnectionParts {
  io: Server
  limits: Limits
  clientOf: ClientOf
  /** What parts of a message that is not whole yet are charged to. */
  openAccount: BodyBudget['open']
  metrics: Metrics
  /** What half-sent messages may take, in bytes: they lie in the socket server, where nobody sees whose they are. */
  unseenMaxBytes: number
}

/** Under pressure a connection has so long to show that it is not in the middle of a message, and is asked so often. */
const proofMs = 10_000
const proofEveryMs = 30_000

/** What may come before a namespace has let the connection in: a token and the site's word for its customer. */
const maxHandshakeBytes = 16_384
const maxHandshakePackets = 10
/** How long a connection may be in no namespace, and a message may be in parts. */
export const joinMs = 10_000
const sweepMs = 1000
const endMs = 1000
/** A connection closed for what it did counts as so many opened ones: its network comes back slowly. */
const abuseCost = 20

export type Connections = ReturnType<typeof createConnections>

/** Counts what arrives on every socket before anything is made of it, and closes those that go on being refused. */
export function createConnections({ io, unseenMaxBytes, ...parts }: ConnectionParts) {
  const guards = new Map<object, Guard>()
  /** Those in no namespace, or with a message in parts. */
  const watched = new Set<Guard>()

  function opened(transport: Transport): void {
    const guard = new Guard(transport, { ...parts, watched })
    guards.set(transport, guard)
    transport.on('packet', packet => guard.receive(packet))
    transport.on('close', () => {
      guards.delete(transport)
      guard.closed()
    })
  }

  const baselineBytes = unseenBytes()
  let nextProofAt = 0

  /** Who sends half a message cannot answer before its other half. */
  function requestProof(): void {
    const now = performance.now()
    if (now < nextProofAt || unseenBytes() - baselineBytes < unseenMaxBytes) return
    nextProofAt = now + proofEveryMs
    const requested = [...guards.values()]
    for (const guard of requested) guard.requestProof()
    setTimeout(() => {
      for (const guard of requested) if (guard.isProofRequested) guard.abuse('parts')
    }, proofMs).unref()
  }

  const timer = setInterval(() => {
    const before = performance.now() - joinMs
    for (const guard of watched) if (guard.watchedSince < before) guard.abuse('idle')
    requestProof()
  }, sweepMs)
  timer.unref()

  // The namespace every client could join without being asked who it is.
  io.use((_socket, next) =>
    next(Object.assign(new Error('There is no such namespace.'), { data: noNamespace })),
  )

  return {
    /** Once the socket server stands. */
    watch: () => void io.engine.on('connection', opened),
    /** @param transport socket.io's `conn` */
    of: (transport: object): Guard => guards.get(transport)!,
    close: () => clearInterval(timer),
  }
}

const noNamespace = { code: 'NOT_FOUND', message: 'There is no such namespace.', retryable: false }

type GuardParts = Omit<ConnectionParts, 'io' | 'unseenMaxBytes'> & { watched: Set<Guard> }

/** One connection, from its opening to its end. */
export class Guard {
  readonly network: string
  readonly address: string
  readonly secure: boolean
  /** Milliseconds after which the network may send again: what arrives before that is refused. */
  waitMs = 0
  watchedSince = performance.now()
  /** Asked whether it is in the middle of a message, and silent since. */
  isProofRequested = false
  readonly #transport: Transport
  readonly #parts: GuardParts
  readonly #account: BodyAccount
  readonly #refusedMs: number
  /** Of each namespace it is in: tells the client why, and closes it. */
  readonly #ends = new Set<(code: string) => void>()
  #isEnding = false
  #joins = 0
  #handshakeBytes = 0
  #handshakePackets = 0
  #missingParts = 0
  #partBytes = 0

  constructor(transport: Transport, parts: GuardParts) {
    const { headers } = transport.request
    const { address, secure } = parts.clientOf(transport.remoteAddress, name => {
      const value = headers[name]
      return Array.isArray(value) ? value.join(',') : value
    })
    this.#transport = transport
    this.#parts = parts
    this.address = address
    this.secure = secure
    this.network = networkOf(address)
    this.#account = parts.openAccount(this.network)
    this.#refusedMs = parts.limits.consume('connection', this.network) || parts.limits.checkOpen(this.network)
    parts.limits.enter(this.network)
    parts.watched.add(this)
  }

  /** A namespace is asked for: 0, or the milliseconds after which to come back. The opening has paid for the first. */
  consumeJoin(): number {
    if (++this.#joins > 1) return this.#parts.limits.consume('connection', this.network)
    return this.#refusedMs
  }

  /** @param end tells the client why and closes it */
  joined(end: (code: string) => void): void {
    this.#ends.add(end)
    this.#watch()
  }

  left(end: (code: string) => void): void {
    this.#ends.delete(end)
    this.#handshakeBytes = 0
    this.#handshakePackets = 0
    this.#watch()
  }

  receive({ type, data }: { type: string; data?: unknown }): void {
    const { limits } = this.#parts
    const bytes = sizeOf(data)
    if (this.#isEnding) return
    this.isProofRequested = false
    this.waitMs =
      limits.consume('network', this.network) || limits.consume('network_bytes', this.network, bytes)
    if (this.#ends.size === 0 && this.#isTooMuch(type, bytes)) this.abuse('handshake')
    else if (type === 'message') this.#receiveMessage(data, bytes)
  }

  /** A call, or a packet that asks for nothing, was refused: who goes on with it is closed. */
  refuse(): void {
    if (this.#parts.limits.consume('refused', this.#transport.id) > 0) this.abuse('refused')
  }

  requestProof(): void {
    this.isProofRequested = true
    this.#transport.sendPacket('ping')
  }

  abuse(reason: 'handshake' | 'idle' | 'parts' | 'refused'): void {
    if (this.#isEnding) return
    this.#isEnding = true
    const { limits, metrics } = this.#parts
    metrics.closedConnections.inc({ reason })
    // Whoever was refused and forgot to hang up has done nothing.
    if (reason !== 'idle') limits.charge('connection', this.network, abuseCost)
    const ends = [...this.#ends]
    for (const end of ends) end('RATE_LIMITED')
    if (ends.length === 0) this.#cut()
    // Who does not even read why has no more time than that.
    else setTimeout(() => this.#cut(), endMs).unref()
  }

  /** `ws` would wait half a minute for the other side to agree. */
  #cut(): void {
    this.#transport.close(true)
    this.#transport.transport.socket?.terminate?.()
  }

  closed(): void {
    this.isProofRequested = false
    this.#parts.limits.leave(this.network)
    this.#parts.watched.delete(this)
    this.#account.release()
  }

  #isTooMuch(type: string, bytes: number): boolean {
    this.#handshakeBytes += bytes
    if (type === 'message') this.#handshakePackets++
    return this.#handshakeBytes > maxHandshakeBytes || this.#handshakePackets > maxHandshakePackets
  }

  /** A message with attachments is kept by the parser until its last one has come. */
  #receiveMessage(data: unknown, bytes: number): void {
    if (typeof data === 'string') {
      // Calls are answered, and counted with their answer; nothing else is asked of a client that is in.
      if (this.#ends.size > 0 && /^[0346]/.test(data)) this.refuse()
      const [, parts] = /^[56](\d{1,2})-/.exec(data.slice(0, 4)) ?? []
      if (parts === undefined) return
      this.#missingParts = Number(parts)
      this.#partBytes = 0
    } else this.#missingParts--
    this.#partBytes += bytes
    const isWhole = this.#missingParts <= 0
    if (isWhole) this.#account.release()
    else if (this.#account.reserve(bytes) || this.#partBytes > maxMessageBytes) this.abuse('parts')
    this.#watch()
  }

  #watch(): void {
    const { watched } = this.#parts
    if (this.#ends.size > 0 && this.#missingParts <= 0) watched.delete(this)
    else if (!watched.has(this)) {
      this.watchedSince = performance.now()
      watched.add(this)
    }
  }
}

/** Memory beside the heap: what the socket servers hold is in there. Unknown, and so 0, where no file can be opened to read it. */
function unseenBytes(): number {
  try {
    const { rss, heapTotal } = process.memoryUsage()
    return rss - heapTotal
  } catch {
    return 0
  }
}

function sizeOf(data: unknown): number {
  if (typeof data === 'string') return data.length
  return (data as { byteLength?: number } | undefined)?.byteLength ?? 0
}
