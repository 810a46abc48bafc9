/**
 * What the SDK asks of socket.io-client, over a websocket and with text alone: the widget's build takes it in its place,
 * as transports, binary data, reconnection and retries that nothing of ours needs were a fifth of the file that sites load.
 * The wire is socket.io's protocol 5 on engine.io's 4.
 */

/** A packet of engine.io begins with one of these; a message goes on with one of socket.io. */
const frame = { open: '0', close: '1', ping: '2', pong: '3', message: '4' } as const
const packet = { connect: '0', disconnect: '1', event: '2', ack: '3', refused: '4' } as const

type Listener = (...values: never[]) => void

class Emitter {
  readonly #listeners = new Map<string, Set<Listener>>()

  on(event: string, listener: Listener): this {
    this.#listeners.set(event, (this.#listeners.get(event) ?? new Set()).add(listener))
    return this
  }

  off(event: string, listener: Listener): this {
    this.#listeners.get(event)?.delete(listener)
    return this
  }

  protected dispatch(event: string, ...values: unknown[]): void {
    for (const listener of [...(this.#listeners.get(event) ?? [])]) listener(...(values as never[]))
  }
}

export class Manager extends Emitter {
  readonly #address: string

  /** @param origin of the server, or its address without a path */
  constructor(origin: string, { path }: { path: string }) {
    super()
    this.#address = `${origin.replace(/^http/, 'ws')}${path}?EIO=4&transport=websocket`
  }

  socket(namespace: string, { auth }: { auth: Auth }): Socket {
    return new Socket(this.#address, { namespace, auth, onPacket: () => this.dispatch('packet') })
  }
}

/** Gives what the handshake says. */
type Auth = (answer: (said: object) => void) => void

interface Parts {
  namespace: string
  auth: Auth
  onPacket(): void
}

export class Socket extends Emitter {
  connected = false
  id: string | undefined
  readonly #address: string
  readonly #parts: Parts
  readonly #prefix: string
  readonly #waiting = new Map<number, { resolve(reply: unknown): void; reject(error: Error): void }>()
  #count = 0
  /** For what carries binary data too: widget/voice/binary.ts. */
  wire: WebSocket | null = null
  #silenceMaxMs = 0
  /** When the server's next ping is overdue, in milliseconds since the epoch: a device that slept has missed its timer. */
  #overdueAt = Number.POSITIVE_INFINITY
  #timer: ReturnType<typeof setTimeout> | undefined

  constructor(address: string, parts: Parts) {
    super()
    this.#address = address
    this.#parts = parts
    this.#prefix = `${parts.namespace},`
  }

  connect(): void {
    if (this.wire) return
    try {
      const socket = new WebSocket(this.#address)
      socket.onmessage = ({ data }) => this.#receive(data[0], data.slice(1))
      socket.onerror = socket.onclose = () => this.#lose()
      this.wire = socket
    } catch (error) {
      // Whoever asked goes on first, as with every other refusal.
      void Promise.resolve().then(() => this.dispatch('connect_error', error))
    }
  }

  disconnect(): void {
    if (this.connected) this.#send(packet.disconnect)
    this.#end()
  }

  timeout(ms: number) {
    return { emitWithAck: (name: string, input: unknown) => this.#ask(name, input, ms) }
  }

  #ask(name: string, input: unknown, ms: number): Promise<unknown> {
    if (Date.now() > this.#overdueAt) this.#end()
    if (!this.connected) return Promise.reject(new Error('The connection is gone.'))
    const number = this.#count++
    const timer = setTimeout(
      () => this.#settle(number)?.reject(new Error('There was no answer in time.')),
      ms,
    )
    const answer = new Promise<unknown>((resolve, reject) => this.#waiting.set(number, { resolve, reject }))
    this.#send(packet.event, number + JSON.stringify([name, input]))
    return answer.finally(() => clearTimeout(timer))
  }

  #settle(number: number) {
    const waiting = this.#waiting.get(number)
    this.#waiting.delete(number)
    return waiting
  }

  #send(kind: string, text = ''): void {
    this.wire?.send(frame.message + kind + this.#prefix + text)
  }

  #receive(kind: string, text: string): void {
    if (kind === frame.message) this.#onMessage(text)
    else if (kind === frame.close) this.#lose()
    else if (kind === frame.ping) {
      this.wire?.send(frame.pong)
      this.#awaitPing()
    } else if (kind === frame.open) {
      const { pingInterval, pingTimeout } = JSON.parse(text)
      this.#silenceMaxMs = pingInterval + pingTimeout
      this.#awaitPing()
      this.#parts.auth(said => this.#send(packet.connect, JSON.stringify(said)))
    }
  }

  #onMessage(text: string): void {
    const [, kind, number, json] = /^(\d)(?:\/[^,]*,)?(\d*)(.*)$/s.exec(text) ?? []
    const data = json ? JSON.parse(json) : undefined
    this.#parts.onPacket()
    if (kind === packet.event) this.dispatch(data[0], ...data.slice(1))
    else if (kind === packet.ack) this.#settle(Number(number))?.resolve(data[0])
    else if (kind === packet.disconnect) this.#lose()
    else if (kind === packet.connect) {
      this.connected = true
      this.id = data.sid
    } else if (kind === packet.refused) {
      this.#end()
      this.dispatch('connect_error', Object.assign(new Error(data.message), { data: data.data }))
    }
  }

  #awaitPing(): void {
    clearTimeout(this.#timer)
    this.#overdueAt = Date.now() + this.#silenceMaxMs
    this.#timer = setTimeout(() => this.#lose(), this.#silenceMaxMs)
  }

  /** The connection is gone, or has not come about. */
  #lose(): void {
    const wasConnected = this.connected
    this.#end()
    if (!wasConnected) this.dispatch('connect_error', new Error('The connection is gone.'))
  }

  #end(): void {
    const socket = this.wire
    if (!socket) return
    const wasConnected = this.connected
    this.wire = null
    this.connected = false
    this.id = undefined
    this.#overdueAt = Number.POSITIVE_INFINITY
    clearTimeout(this.#timer)
    socket.onmessage = socket.onerror = socket.onclose = null
    socket.close()
    for (const number of [...this.#waiting.keys()])
      this.#settle(number)?.reject(new Error('The connection is gone.'))
    if (wasConnected) this.dispatch('disconnect')
  }
}
