import { connectWebSocket, type WebSocketClient } from './websocket.ts'

/**
 * The generator's end of a connection: socket.io frames written by hand, since a full client would cost more
 * than the server that is measured. Frames: `4` a message, then `0` connect, `2` event, `3` acknowledgement.
 */
export interface Wire {
  send(frame: string): void
  /** Takes every acknowledgement while it is set; otherwise `ask` gets its own. */
  onAnswer: ((frame: Buffer) => void) | undefined
  close(): void
}

export interface SocketWire extends Wire {
  /** Events received so far. */
  received: number
  /** A whole frame that calls `event` and asks for an acknowledgement. */
  frame(event: string, input: unknown): string
  /** The data of an operation's envelope. @throws Error when it did not succeed */
  ask<T = Record<string, unknown>>(event: string, input: unknown): Promise<T>
  /** `listener` gets the frame; `payloadOf` reads it. */
  on(event: string, listener: (frame: Buffer) => void): void
  until(event: string): Promise<Buffer>
}

export interface ConnectOptions {
  namespace?: 'visitor' | 'agent'
  auth?: Record<string, unknown>
  /** Of this machine: another one is another client to the limits. */
  localAddress?: string
}

const [quote, ping, event, acknowledgement] = Buffer.from('"223')
const untilMs = 30_000
const earlyMax = 4

/** Connects and waits for the namespace to let us in. */
export async function connectSocket(
  url: string,
  { namespace = 'visitor', auth = {}, localAddress }: ConnectOptions = {},
): Promise<SocketWire> {
  const address = `${url.replace('http', 'ws')}/socket.io/?EIO=4&transport=websocket`
  const socket = await connectWebSocket(address, { localAddress })
  const head = `/${namespace},`
  return new Promise((resolve, reject) => {
    socket.onClose = () => reject(new Error('The server closed the connection.'))
    socket.onMessage = data => {
      const text = data.toString()
      if (text.startsWith('0')) return socket.send(`40${head}${JSON.stringify(auth)}`)
      if (!text.startsWith(`40${head}`)) return reject(new Error(`Not let in: ${text}`))
      // At once: the next frame may have come with this one.
      resolve(createSocketWire(socket, head))
    }
  })
}

function createSocketWire(socket: WebSocketClient, head: string): SocketWire {
  const start = 2 + head.length
  const pending = new Map<number, (frame: Buffer) => void>()
  const listeners = new Map<string, (frame: Buffer) => void>()
  /** What the server says first may come before anybody listens. */
  const early: Buffer[] = []
  let calls = 0

  function nameOf(frame: Buffer): string {
    return frame.toString('latin1', start + 2, frame.indexOf(quote!, start + 2))
  }

  const wire: SocketWire = {
    received: 0,
    onAnswer: undefined,
    send: frame => socket.send(frame),
    close: () => socket.terminate(),
    frame: (name, input) => `42${head}0${JSON.stringify([name, input])}`,
    ask(name, input) {
      calls += 1
      const call = calls
      return withDeadline(`the answer to ${name}`, resolve => {
        pending.set(call, frame => resolve(dataOf(name, frame)))
        socket.send(`42${head}${call}${JSON.stringify([name, input])}`)
      })
    },
    on: (name, listener) => void listeners.set(name, listener),
    until(name) {
      const received = early.find(frame => nameOf(frame) === name)
      if (received) return Promise.resolve(received)
      return withDeadline(name, resolve =>
        listeners.set(name, frame => {
          listeners.delete(name)
          resolve(frame)
        }),
      )
    },
  }

  socket.onMessage = frame => {
    const kind = frame[1]
    if (kind === event) {
      wire.received += 1
      if (listeners.size > 0) listeners.get(nameOf(frame))?.(frame)
      else if (early.length < earlyMax) early.push(frame)
    } else if (kind === acknowledgement) {
      if (wire.onAnswer) return wire.onAnswer(frame)
      const call = Number.parseInt(frame.toString('latin1', start, start + 12), 10)
      pending.get(call)?.(frame)
      pending.delete(call)
    } else if (frame.length === 1 && frame[0] === ping) {
      socket.send('3')
    }
  }
  return wire
}

function withDeadline<T>(
  what: string,
  begin: (resolve: (value: T | Promise<T>) => void) => void,
): Promise<T> {
  return new Promise((resolve, reject) => {
    const limit = setTimeout(() => reject(new Error(`Never heard ${what}.`)), untilMs)
    begin(value => {
      clearTimeout(limit)
      resolve(value)
    })
  })
}

async function dataOf<T>(name: string, frame: Buffer): Promise<T> {
  const [reply] = jsonOf(frame)
  if (!reply?.success) throw new Error(`${name}: ${reply?.error?.message ?? frame}`)
  return reply.data
}

// biome-ignore lint/suspicious/noExplicitAny: whatever the server said
function jsonOf(frame: Buffer): any {
  const text = frame.toString()
  return JSON.parse(text.slice(text.indexOf('[')))
}

/** What an event carries. */
export function payloadOf<T>(frame: Buffer): T {
  return jsonOf(frame)[1]
}

/** A bare WebSocket, where every message received is an answer. */
export async function connectRaw(url: string): Promise<Wire> {
  const socket = await connectWebSocket(url.replace('http', 'ws'))
  const wire: Wire = {
    onAnswer: undefined,
    send: frame => socket.send(frame),
    close: () => socket.terminate(),
  }
  socket.onMessage = frame => wire.onAnswer?.(frame)
  return wire
}

/** Opens `count` connections, a few at a time. */
export async function connectMany<T>(count: number, connect: () => Promise<T>): Promise<T[]> {
  const wires: T[] = []
  const atOnce = 50
  while (wires.length < count) {
    const size = Math.min(atOnce, count - wires.length)
    wires.push(...(await Promise.all(Array.from({ length: size }, connect))))
  }
  return wires
}
