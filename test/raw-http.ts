import { connect, type Socket } from 'node:net'

/** One connection that says what it likes, byte for byte. */
export interface RawConnection {
  socket: Socket
  /** What came back when the connection was closed. */
  closed: Promise<string>
  /** The first answer: its status and, where it is one, its envelope. */
  answered: Promise<{ status: number; reply: any }>
}

export function openRaw(url: string, head: string | Uint8Array = ''): RawConnection {
  const { hostname, port } = new URL(url)
  const socket = connect({ port: Number(port), host: hostname, allowHalfOpen: true })
  socket.write(head)
  let text = ''
  const closed = new Promise<string>(resolve => {
    socket.on('error', () => {})
    socket.on('end', () => socket.end())
    socket.on('close', () => resolve(text))
  })
  const answered = new Promise<{ status: number; reply: any }>((resolve, reject) => {
    socket.on('data', data => {
      text += data
      const answer = readAnswer(text)
      if (answer) resolve(answer)
    })
    closed.then(() => reject(new Error(`closed without an answer: ${text.slice(0, 200)}`)))
  })
  answered.catch(() => {})
  return { socket, closed, answered }
}

function readAnswer(text: string): { status: number; reply: any } | null {
  const end = text.indexOf('\r\n\r\n')
  const length = Number(/^content-length: *(\d+)/im.exec(text.slice(0, end))?.[1] ?? 0)
  const body = text.slice(end + 4)
  if (end === -1 || Buffer.byteLength(body) < length) return null
  const status = Number(text.slice(9, 12))
  return { status, reply: body.startsWith('{') ? JSON.parse(body) : null }
}

export function requestHead(
  method: string,
  path: string,
  headers: Record<string, string | number> = {},
): string {
  const lines = Object.entries({ host: 'x', ...headers }).map(([name, value]) => `${name}: ${value}\r\n`)
  return `${method} ${path} HTTP/1.1\r\n${lines.join('')}\r\n`
}

/** One chunk of a body without a length. */
export function chunked(bytes: Buffer): Buffer {
  return Buffer.concat([Buffer.from(`${bytes.length.toString(16)}\r\n`), bytes, Buffer.from('\r\n')])
}
