import { connect, type Socket } from 'node:net'

/**
 * The generator's WebSocket: text frames over a bare TCP socket. A whole client costs a millisecond of CPU for each
 * connection, taken from the server on the same machine.
 */
export interface WebSocketClient {
  send(text: string): void
  /** Takes every message: its bytes are only good until it returns, unless it copies them. */
  onMessage: ((message: Buffer) => void) | undefined
  onClose: (() => void) | undefined
  /** At once, without a word. */
  terminate(): void
}

const endOfHead = Buffer.from('\r\n\r\n')
const [textOpcode, closeOpcode] = [1, 8]
/** A client must mask what it sends; with zeros it is what it was. */
const mask = Buffer.alloc(4)

/** @throws Error when the server does not agree to a WebSocket */
export function connectWebSocket(
  url: string,
  { localAddress }: { localAddress?: string } = {},
): Promise<WebSocketClient> {
  const { hostname, port, pathname, search } = new URL(url)
  const socket = connect({ host: hostname, port: Number(port), localAddress, noDelay: true })
  socket.write(
    `GET ${pathname}${search} HTTP/1.1\r\nHost: ${hostname}:${port}\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n` +
      'Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: cGFybGV5LWxvYWR0ZXN0IQ==\r\n\r\n',
  )
  return new Promise((resolve, reject) => {
    let head = Buffer.alloc(0)
    socket.once('error', reject)
    socket.once('close', () => reject(new Error('The server closed the connection.')))
    socket.on('data', function shake(bytes: Buffer) {
      head = Buffer.concat([head, bytes])
      const end = head.indexOf(endOfHead)
      if (end < 0) return
      socket.off('data', shake)
      const status = head.toString('latin1', 0, 12)
      if (status !== 'HTTP/1.1 101') return reject(new Error(`No WebSocket: ${status}`))
      resolve(framesOf(socket, head.subarray(end + endOfHead.length)))
    })
  })
}

function framesOf(socket: Socket, early: Buffer): WebSocketClient {
  const client: WebSocketClient = {
    onMessage: undefined,
    onClose: undefined,
    send: text => void socket.write(frameOf(text)),
    terminate: () => socket.destroy(),
  }
  let rest = early
  function read(bytes: Buffer): void {
    rest = rest.length > 0 ? Buffer.concat([rest, bytes]) : bytes
    for (let frame = firstFrame(rest); frame; frame = firstFrame(rest)) {
      rest = rest.subarray(frame.end)
      if (frame.opcode === textOpcode) client.onMessage?.(frame.payload)
      else if (frame.opcode === closeOpcode) socket.destroy()
    }
  }
  socket.on('data', read)
  socket.on('close', () => client.onClose?.())
  // Who asked for the connection sets its listener first.
  if (early.length > 0) setImmediate(read, Buffer.alloc(0))
  return client
}

/** Servers send whole messages, unmasked. */
function firstFrame(bytes: Buffer): { opcode: number; payload: Buffer; end: number } | null {
  if (bytes.length < 2) return null
  const short = bytes[1]! & 0x7f
  const start = short < 126 ? 2 : short === 126 ? 4 : 10
  if (bytes.length < start) return null
  const length =
    short < 126 ? short : short === 126 ? bytes.readUInt16BE(2) : Number(bytes.readBigUInt64BE(2))
  const end = start + length
  return bytes.length < end ? null : { opcode: bytes[0]! & 0x0f, payload: bytes.subarray(start, end), end }
}

function frameOf(text: string): Buffer {
  const length = Buffer.byteLength(text)
  const start = length < 126 ? 6 : length < 65_536 ? 8 : 14
  const frame = Buffer.allocUnsafe(start + length)
  frame[0] = 0x80 | textOpcode
  frame[1] = 0x80 | (length < 126 ? length : length < 65_536 ? 126 : 127)
  if (start === 8) frame.writeUInt16BE(length, 2)
  else if (start === 14) frame.writeBigUInt64BE(BigInt(length), 2)
  mask.copy(frame, start - 4)
  frame.write(text, start)
  return frame
}
