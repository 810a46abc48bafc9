import { beforeAll, describe, expect, test } from 'vitest'
import { bodyBudgetBytes, createBodyBudget, smallBodyBytes } from '../../server/net/body-budget.ts'
import { code, startServer, type TestServer } from '../fixtures/harness.ts'
import { chunked, openRaw, requestHead } from '../fixtures/raw-http.ts'

let server: TestServer
let adminToken: string
beforeAll(async () => {
  server = await startServer()
  adminToken = await server.signIn()
})

const json = { 'content-type': 'application/json' }
const largeBytes = 10_800_000
const large = Buffer.alloc(largeBytes, 'x')

/** Of the node, as the figures show it. */
async function heldBytes(): Promise<number> {
  const text = await (await fetch(`${server.url}/metrics`)).text()
  return Number(/^parley_body_bytes_held (\d+)/m.exec(text)![1])
}

async function send(path: string, body: BodyInit, headers: Record<string, string> = json) {
  const response = await fetch(server.url + path, {
    method: 'POST',
    headers,
    body,
    duplex: 'half',
  } as RequestInit)
  const text = await response.text()
  return {
    status: response.status,
    reply: text.startsWith('{') ? JSON.parse(text) : null,
    headers: response.headers,
  }
}

function stream(bytes: Buffer): ReadableStream<Uint8Array> {
  return new Blob([new Uint8Array(bytes)]).stream()
}

describe('H2: what a body may have is counted while it is read', () => {
  const answers: [string, number, string | null][] = [
    ['/api/v1/auth/login', 413, 'PAYLOAD_TOO_LARGE'],
    ['/api/v1/chat', 413, 'PAYLOAD_TOO_LARGE'],
    ['/api/v1/upload', 401, 'UNAUTHORIZED'],
    ['/api/v1/admin/products', 401, 'UNAUTHORIZED'],
    ['/api/v1/conversations', 401, 'UNAUTHORIZED'],
    ['/api/v1/nowhere', 404, 'NOT_FOUND'],
    ['/nowhere', 404, null],
    ['/healthz', 404, null],
  ]
  test.each(answers)('POST %s by nobody, 10.8 MB: %i', async (path, status, expected) => {
    for (const body of [large, stream(large)]) {
      const answer = await send(path, body as BodyInit)
      expect([answer.status, answer.reply && code(answer.reply)]).toEqual([status, expected])
    }
    expect(await heldBytes()).toBe(0)
  })

  test('a route without a body takes nearly nothing, one with a body what its schema can hold', async () => {
    const asAdmin = { ...json, authorization: `Bearer ${adminToken}` }
    expect((await send('/api/v1/admin/index/rebuild', Buffer.alloc(2000, ' '), asAdmin)).status).toBe(413)
    expect((await send('/api/v1/admin/index/rebuild', '', asAdmin)).status).toBe(200)
    const { token } = await server.connect()
    const asVisitor = { ...json, authorization: `Bearer ${token}` }
    const message = {
      message: '字'.repeat(8000),
      context: { url: `https://shop.example/${'x'.repeat(2000)}` },
    }
    const escaped = JSON.stringify(message).replaceAll('字', '\\u5b57')
    expect((await send('/api/v1/chat', escaped)).status).toBe(200)
    expect((await send('/api/v1/chat', Buffer.alloc(100_000, ' '))).status).toBe(413)
    expect((await send('/api/v1/conversations', Buffer.alloc(100_000, ' '), asVisitor)).status).toBe(200)
    expect((await send('/api/v1/conversations', Buffer.alloc(300_000, ' '), asVisitor)).status).toBe(413)
  })

  test('a token that has run out is told so, whatever comes with it', async () => {
    const form = { 'content-type': 'multipart/form-data; boundary=x', authorization: 'Bearer a.b.c' }
    expect((await send('/api/v1/upload', large, form)).status).toBe(401)
  })

  test('a length that lies: more is never read as the body, less is waited for in vain', async () => {
    const extra = openRaw(
      server.url,
      `${requestHead('POST', '/api/v1/auth/login', { ...json, 'content-length': 2 })}{}{}{}`,
    )
    expect((await extra.answered).status).toBe(400)
    extra.socket.destroy()
    const less = openRaw(
      server.url,
      `${requestHead('POST', '/api/v1/auth/login', { ...json, 'content-length': 200 })}{}`,
    )
    less.socket.end()
    await less.closed
    expect(await heldBytes()).toBe(0)
  })

  // What only waits, waits at once.
  test.concurrent('a length over every limit is answered although nothing comes', async () => {
    const head = requestHead('POST', '/api/v1/auth/login', { ...json, 'content-length': 900_000_000 })
    const { answered, socket } = openRaw(server.url, head)
    expect((await answered).reply.error.code).toBe('PAYLOAD_TOO_LARGE')
    socket.destroy()
  })

  test.concurrent.each(['length', 'chunks'])(
    'a body that hardly comes, by its %s, is given up with 408',
    async kind => {
      const framing: Record<string, string | number> =
        kind === 'length' ? { 'content-length': 60_000 } : { 'transfer-encoding': 'chunked' }
      const { socket, answered } = openRaw(
        server.url,
        requestHead('POST', '/api/v1/auth/login', { ...json, ...framing }),
      )
      const piece = kind === 'length' ? ' ' : chunked(Buffer.from(' '))
      const timer = setInterval(() => socket.write(piece), 500)
      const { status, reply } = await answered
      clearInterval(timer)
      socket.destroy()
      expect([status, code(reply), reply.error.retryable]).toEqual([408, 'REQUEST_TIMEOUT', true])
    },
  )

  test('many connections hold no more than the budget; who sends a little is heard all the same', async () => {
    const visitor = await server.connect()
    const head = requestHead('POST', '/api/v1/upload', {
      'content-type': 'multipart/form-data; boundary=x',
      'content-length': 5_000_000,
      authorization: `Bearer ${visitor.token}`,
    })
    const senders = Array.from({ length: 100 }, () => openRaw(server.url, head))
    const piece = Buffer.alloc(4_000_000, 'x')
    for (const { socket } of senders) socket.write(piece)
    const refused = await Promise.race(senders.map(({ answered }) => answered))
    expect(['RATE_LIMITED', 'SERVICE_UNAVAILABLE']).toContain(code(refused.reply))
    expect(refused.reply.error.details.retry_after_ms).toBeGreaterThan(0)
    expect(await heldBytes()).toBeLessThanOrEqual(bodyBudgetBytes())
    const login = { username: 'admin', password: 'wrong' }
    expect((await server.http('POST', '/auth/login', login)).status).toBe(401)
    for (const { socket } of senders) socket.destroy()
    await Promise.all(senders.map(({ closed }) => closed))
    await expect.poll(heldBytes).toBe(0)
  })
})

describe('H2: what a body is made of', () => {
  test('a million tiny fields are not made into a million objects', async () => {
    const { token } = await server.connect()
    const field = '--x\r\nContent-Disposition: form-data; name="a"\r\n\r\n\r\n'
    const body = field.repeat(Math.floor(5_000_000 / field.length))
    const headers = { 'content-type': 'multipart/form-data; boundary=x', authorization: `Bearer ${token}` }
    const { status, reply } = await send('/api/v1/upload', `${body}--x--\r\n`, headers)
    expect([status, reply.error.message]).toEqual([400, 'The body must have at most 20 parts.'])
    const long = `--x\r\nContent-Disposition: form-data; name="a"\r\n${'A: b\r\n'.repeat(500_000)}\r\n\r\n--x--\r\n`
    expect((await send('/api/v1/upload', long, headers)).status).toBe(400)
    for (const type of [
      'multipart/form-data',
      'multipart/form-data; boundary=',
      'multipart/form-data; boundary=y',
    ])
      expect((await send('/api/v1/upload', body, { ...headers, 'content-type': type })).status).toBe(400)
  })

  test.each(['[', '{"a":', '[{"a":'])('%s, again and again', async sign => {
    const { status, reply } = await send('/api/v1/auth/login', sign.repeat(60_000 / sign.length))
    expect([status, code(reply)]).toEqual([400, 'VALIDATION_ERROR'])
    const asAdmin = { ...json, authorization: `Bearer ${adminToken}` }
    const catalogue = await send('/api/v1/admin/products', sign.repeat(1_000_000 / sign.length), asAdmin)
    expect(catalogue.status).toBe(400)
  })

  test('signs of nesting within a text are none', async () => {
    const { status } = await send('/api/v1/chat', JSON.stringify({ message: '[{"\\'.repeat(100) }))
    expect(status).toBe(200)
  })

  test.each(['gzip', 'br', 'deflate, gzip'])('%s is not unpacked', async encoding => {
    const { status, reply } = await send('/api/v1/auth/login', 'x', { ...json, 'content-encoding': encoding })
    expect([status, code(reply)]).toEqual([415, 'UNSUPPORTED_MEDIA_TYPE'])
  })
})

describe('H2: the budget', () => {
  const budget = () => createBodyBudget({ totalBytes: 1_000_000, wait: () => 0 })

  test('one network has a half of it, large bodies three quarters, and what is let go is there again', () => {
    const { open } = budget()
    const [one, two, three] = [open('a'), open('b'), open('c')]
    expect(one.reserve(300_000)).toBeUndefined()
    expect(one.reserve(100_000)).toMatchObject({ code: 'RATE_LIMITED' })
    expect(two.reserve(370_000)).toBeUndefined()
    expect(three.reserve(100_000)).toMatchObject({
      code: 'SERVICE_UNAVAILABLE',
      details: { retry_after_ms: 1000 },
    })
    expect(open('c').reserve(smallBodyBytes)).toBeUndefined()
    one.release()
    expect(three.reserve(100_000)).toBeUndefined()
  })

  test('what its account says it holds is what it holds', () => {
    const accounts = budget()
    const account = accounts.open('a')
    account.reserve(1000)
    account.release()
    account.release()
    expect(accounts.reservedBytes).toBe(0)
  })
})
