import { connect as connectTcp, type Socket } from 'node:net'
import { Server } from 'socket.io'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import WebSocket from 'ws'
import { createNodeServer } from '../../server/transport/node.ts'
import { maxBackpressureBytes } from '../../server/transport/server.ts'
import { createUwsServer } from '../../server/transport/uws.ts'
import { connect, startServer, type TestServer } from '../fixtures/harness.ts'

let server: TestServer
beforeAll(async () => {
  server = await startServer({ allowedOrigins: ['https://shop.example'] })
})

async function alive(): Promise<void> {
  const client = await server.connect()
  await client.ask('conversation:open', {})
  client.socket.disconnect()
}

describe('law S1: Origin, before the upgrade', () => {
  const allowed = ['https://shop.example']
  const refused = [
    'null',
    'https://shop.example.evil.example',
    'https://evil.example',
    'http://shop.example',
    'https://shop.example:8443',
    'https://shop.example.',
    'https://SHOP.example.evil',
    '',
  ]
  test.each(allowed)('%s may connect', async origin => {
    await expect(server.connect({ headers: { origin } })).resolves.toBeDefined()
  })
  test.each(refused)('%s may not', async origin => {
    await expect(server.connect({ headers: { origin } })).rejects.toThrow()
  })
  test('the address the browser itself connects to may, and no Origin is no browser', async () => {
    await expect(server.connect({ headers: { origin: server.url } })).resolves.toBeDefined()
    await expect(server.connect()).resolves.toBeDefined()
  })
})

describe('the handshake', () => {
  const cases: [string, object, 'visitor' | 'agent', string][] = [
    ['an old protocol', { protocol: 0 }, 'visitor', 'CLIENT_TOO_OLD'],
    ['a bad token', { token: 'x.y.z' }, 'visitor', 'UNAUTHORIZED'],
    ['a token of another type', { token: 42 }, 'visitor', 'VALIDATION_ERROR'],
    ['no token for people who answer', {}, 'agent', 'UNAUTHORIZED'],
  ]
  test.each(cases)('with %s is refused with a code', async (_name, auth, namespace, expected) => {
    const error = await server.connect({ namespace, auth: auth as never }).catch(thrown => thrown)
    expect(error.data).toMatchObject({ code: expected, message: expect.any(String) })
  })

  test('with a visitor token does not open the desk', async () => {
    const { token } = await server.connect()
    const error = await server.connect({ namespace: 'agent', token }).catch(thrown => thrown)
    expect(error.data.code).toBe('FORBIDDEN')
  })

  test('greets with the session, its token and what this server can do', async () => {
    const { ready } = await server.connect()
    expect(ready).toMatchObject({
      session: { role: 'visitor', user: null },
      protocol: 1,
      features: { languages: ['zh', 'en'], voice: { stt: false, tts: false } },
    })
    expect(Date.parse(ready.expires_at)).toBeGreaterThan(Date.now())
  })
})

describe('what must not bring the process down', () => {
  test('a plain GET with transport=websocket', async () => {
    await fetch(`${server.url}/socket.io/?EIO=4&transport=websocket`).catch(() => {})
    await fetch(`${server.url}/socket.io/?EIO=4&transport=polling`).catch(() => {})
    await alive()
  })

  test('eleven attachments, a broken packet, a message too long', async () => {
    const client = await server.connect()
    const closed = new Promise(resolve => client.socket.once('disconnect', resolve))
    client.socket.emit('message:send', { parts: Array.from({ length: 11 }, () => Buffer.from('x')) })
    await closed
    const url = `${server.url.replace('http', 'ws')}/socket.io/?EIO=4&transport=websocket`
    for (const packet of [
      '4',
      '42["x"',
      '451-["x",{"_placeholder":true,"num":9}]',
      '40{',
      `42["x","${'y'.repeat(2_000_000)}"]`,
    ]) {
      const raw = new WebSocket(url)
      await new Promise(resolve => raw.once('message', resolve))
      raw.send('40/visitor,')
      raw.send(packet.replace(/^42/, '42/visitor,'))
      await new Promise(resolve => {
        raw.once('close', resolve)
        raw.once('message', () => raw.close())
      })
    }
    await alive()
  })

  test('frames that break RFC 6455: bad UTF-8, a fragmented control frame, an unknown one', async () => {
    const frames = [
      Buffer.from([0x81, 0x82, 0, 0, 0, 0, 0xff, 0xfe]),
      Buffer.from([0x09, 0x80, 0, 0, 0, 0]),
      Buffer.from([0xf1, 0x80, 0, 0, 0, 0]),
    ]
    for (const frame of frames) {
      const socket = await upgrade()
      socket.write(frame)
      await new Promise(resolve => socket.once('close', resolve))
    }
    await alive()
  })

  test('an unmasked frame: uWS waits for its mask, and reads what follows as one', async () => {
    const socket = await upgrade()
    socket.write(Buffer.from([0x81, 0x02, 0x34, 0x30]))
    socket.end(Buffer.from([0x81, 0x02, 0x34, 0x30]))
    await new Promise(resolve => socket.once('close', resolve))
    await alive()
  })

  test('a client that aborts during the handshake', async () => {
    for (let index = 0; index < 20; index++) {
      const socket = connectTcp(Number(new URL(server.url).port), '127.0.0.1')
      await new Promise(resolve => socket.once('connect', resolve))
      socket.write(
        'GET /socket.io/?EIO=4&transport=websocket HTTP/1.1\r\nHost: x\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n',
      )
      socket.write('Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: AAAAAAAAAAAAAAAAAAAAAA==\r\n\r\n')
      socket.destroy()
    }
    await alive()
  })

  async function upgrade(): Promise<Socket> {
    const socket = connectTcp(Number(new URL(server.url).port), '127.0.0.1')
    socket.write(
      'GET /socket.io/?EIO=4&transport=websocket HTTP/1.1\r\nHost: x\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n',
    )
    socket.write('Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: AAAAAAAAAAAAAAAAAAAAAA==\r\n\r\n')
    await new Promise(resolve => socket.once('data', resolve))
    return socket
  }
})

/** The traps of the libraries, on a bare socket.io over our socket servers. One at a time: uWS patches the process. */
const bare = process.env.SOCKET_SERVER === 'node' ? createNodeServer : createUwsServer
describe('a bare socket.io on our socket server', () => {
  let io: Server
  let port: number
  let close: () => Promise<void>
  beforeAll(async () => {
    io = new Server({ transports: ['websocket'], serveClient: false, maxHttpBufferSize: 1_000_000 })
    const listening = bare({ io, fetch: async () => new Response('ok'), tls: null, basePath: '' })
    port = await listening.listen(0, '127.0.0.1')
    close = listening.close
    io.of('/visitor').on('connection', socket => {
      socket.emit('session:ready', { token: '' })
      socket.on('later', async (first: Buffer, second: Buffer, answer: (echo: unknown) => void) => {
        await new Promise(resolve => setImmediate(resolve))
        answer([Buffer.from(first), Buffer.from(second)])
      })
    })
  })
  afterAll(() => close())

  test('binary read after an await is whole, each of several attachments', async () => {
    const { socket } = await connect(`http://127.0.0.1:${port}`)
    const parts = [Buffer.alloc(1000, 1), Buffer.alloc(70_000, 2)]
    const echo = await new Promise<Buffer[]>(resolve => socket.emit('later', ...parts, resolve))
    expect(echo.map(part => Buffer.from(part).equals(parts[part.length === 1000 ? 0 : 1]!))).toEqual([
      true,
      true,
    ])
    socket.disconnect()
  })

  test.each(['single emits', 'room broadcasts'])(
    'law D5: a reader too slow for %s is closed, never left with a hole',
    async kind => {
      const raw = new WebSocket(`ws://127.0.0.1:${port}/socket.io/?EIO=4&transport=websocket`)
      const frames: string[] = []
      raw.on('message', data => frames.push(String(data)))
      raw.once('open', () => {})
      await new Promise(resolve => raw.once('message', resolve))
      const connected = new Promise<import('socket.io').Socket>(resolve =>
        io.of('/visitor').once('connection', resolve),
      )
      raw.send('40/visitor,')
      const socket = await connected
      await socket.join('room')
      const left = new Promise(resolve => socket.once('disconnect', resolve))
      raw.pause()
      const text = 'x'.repeat(100_000)
      // Far past the limit and what the kernel holds for a reader that reads nothing.
      const rounds = (maxBackpressureBytes * 8) / text.length
      for (let index = 0; index < rounds && socket.connected; index++) {
        if (kind === 'single emits') socket.emit('text', index, text)
        else io.of('/visitor').to('room').emit('text', index, text)
        if (index % 10 === 0) await new Promise(resolve => setImmediate(resolve))
      }
      await left
      raw.resume()
      await new Promise(resolve => raw.once('close', resolve))
      const numbers = frames
        .flatMap(frame => /^42\/visitor,\["text",(\d+)/.exec(frame)?.[1] ?? [])
        .map(Number)
      expect(numbers).toEqual(numbers.map((_, index) => index))
      expect(numbers.length).toBeLessThan(rounds)
    },
  )
})
