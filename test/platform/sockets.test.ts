import { afterEach, beforeAll, describe, expect, test } from 'vitest'
import WebSocket from 'ws'
import { maxMessageBytes } from '../../server/transport/server.ts'
import { startServer, type TestServer } from '../fixtures/harness.ts'

/** Each test comes from a network of its own. */
let server: TestServer
beforeAll(async () => {
  server = await startServer({ rateLimits: true, trustedProxies: ['127.0.0.1'] })
})

const open: WebSocket[] = []
afterEach(() => {
  for (const socket of open.splice(0)) socket.terminate()
})

let networks = 0
const anotherNetwork = () => ({ 'x-forwarded-for': `198.51.100.${++networks}` })

/** An engine that is open, and in no namespace. */
async function openEngine(headers: Record<string, string> = anotherNetwork()) {
  const socket = new WebSocket(`${server.url.replace('http', 'ws')}/socket.io/?EIO=4&transport=websocket`, {
    headers,
  })
  open.push(socket)
  const received: string[] = []
  socket.on('message', data => received.push(String(data)))
  socket.on('error', () => {})
  const closed = new Promise<void>(resolve => socket.once('close', () => resolve()))
  await new Promise((resolve, reject) => {
    socket.once('message', resolve)
    socket.once('close', () => reject(new Error('closed')))
  })
  return { socket, received, closed }
}

async function joinVisitor(headers?: Record<string, string>) {
  const engine = await openEngine(headers)
  engine.socket.send('40/visitor,{"protocol":1}')
  await expect.poll(() => engine.received.some(text => text.includes('session:ready'))).toBe(true)
  return engine
}

async function closedFor(reason: string): Promise<number> {
  const text = await (await fetch(`${server.url}/metrics`)).text()
  return Number(new RegExp(`parley_connections_closed_total{reason="${reason}"} (\\d+)`).exec(text)?.[1] ?? 0)
}

describe('H2: before a socket is let in', () => {
  test('it may send a token and little else', async () => {
    const { socket, closed } = await openEngine()
    socket.send(`40/visitor,{"protocol":1,"token":"${'x'.repeat(20_000)}"}`)
    await closed
    expect(await closedFor('handshake')).toBe(1)
  })

  test('it may ask a few times, not for ever', async () => {
    const { socket, received, closed } = await openEngine()
    for (let index = 0; index < 20; index++) socket.send(`40/nowhere${index},`)
    await closed
    expect(received.length).toBeLessThan(15)
  })

  test('attachments that never end are held for as long as a budget allows', async () => {
    const { socket, closed } = await joinVisitor()
    socket.send('459-/visitor,["message:send",{"_placeholder":true,"num":0}]')
    for (let index = 0; index < 8; index++) socket.send(Buffer.alloc(maxMessageBytes / 4))
    await closed
    expect(await closedFor('parts')).toBe(1)
  })
})

describe('H11: a socket in no namespace', () => {
  test('is closed soon, whether it never asked, was refused, or left', async () => {
    const silent = await openEngine()
    const refused = await openEngine()
    refused.socket.send('40/agent,{"protocol":1}')
    const left = await joinVisitor()
    left.socket.send('41/visitor,')
    await Promise.all([silent.closed, refused.closed, left.closed])
  })

  test('the nameless namespace is none', async () => {
    const { socket, received } = await openEngine()
    socket.send('40')
    await expect.poll(() => received.join()).toContain('44{')
    expect(received.join()).toContain('NOT_FOUND')
  })

  test('counts for its network like any other', async () => {
    const headers = anotherNetwork()
    let answer = ''
    for (let round = 0; round < 10 && !answer.includes('RATE_LIMITED'); round++) {
      await Promise.all(Array.from({ length: 40 }, () => openEngine(headers)))
      const { socket, received } = await openEngine(headers)
      socket.send('40/visitor,{"protocol":1}')
      await expect.poll(() => received.length).toBeGreaterThan(1)
      answer = received.join()
    }
    expect(answer).toContain('RATE_LIMITED')
  })
})

describe('H3: refusing is not free', () => {
  const floods: [string, (index: number) => string][] = [
    ['unknown events', index => `42/visitor,${index}["no:such",{}]`],
    ['unknown events without an acknowledgement', () => '42/visitor,["no:such"]'],
    ['calls of another role', index => `42/visitor,${index}["people:list",{}]`],
    ['input that is none', index => `42/visitor,${index}["conversation:open",{"conversation_id":1}]`],
    ['acknowledgements nobody asked for', index => `43/visitor,${index}[]`],
    ['namespaces that are none', index => `40/nowhere${index},`],
  ]
  test.each(floods)('%s are counted, and who goes on is closed with a code', async (_name, packet) => {
    const before = await closedFor('refused')
    const headers = anotherNetwork()
    const { socket, received, closed } = await joinVisitor(headers)
    for (let index = 0; index < 600; index++) socket.send(packet(index))
    await closed
    expect(received.join()).toContain('"session:ended",{"code":"RATE_LIMITED"}')
    expect(await closedFor('refused')).toBe(before + 1)
  })

  test('its network comes back slowly; another is not kept from anything', async () => {
    const headers = anotherNetwork()
    let answer = ''
    for (let round = 0; round < 10 && !answer.includes('RATE_LIMITED'); round++) {
      const { socket, received, closed } = await openEngine(headers)
      socket.send('40/visitor,{"protocol":1}')
      await expect.poll(() => received.length).toBeGreaterThan(1)
      answer = received.join()
      for (let call = 0; call < 600; call++) socket.send('42/visitor,["no:such"]')
      await closed
    }
    expect(answer).toContain('RATE_LIMITED')
    const neighbour = await server.connect({ headers: anotherNetwork() })
    await neighbour.ask('conversation:open', {})
  })

  test('a packet that is none, and one for a namespace it is not in, close at once', async () => {
    for (const packet of ['42/visitor,["x"', '9', '42/agent,["queue:list",{}]', '4', '451-/visitor,["x"]x']) {
      const { socket, closed } = await joinVisitor()
      socket.send(packet)
      await closed
    }
  })
})
