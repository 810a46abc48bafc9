import { connect } from 'node:net'
import { beforeAll, describe, expect, test } from 'vitest'
import { startServer, type TestServer } from '../fixtures/harness.ts'

let server: TestServer
beforeAll(async () => {
  server = await startServer({ allowedOrigins: ['https://shop.example'] })
})

/** Sends bytes as they are and returns everything that comes back until the connection closes, or for `quietMs`. */
function raw(text: string): Promise<string> {
  const { hostname, port } = new URL(server.url)
  return new Promise((resolve, reject) => {
    const socket = connect(Number(port), hostname, () => socket.write(text))
    let received = ''
    socket.on('data', data => {
      received += data
    })
    socket.on('close', () => resolve(received))
    socket.on('error', error =>
      (error as NodeJS.ErrnoException).code === 'ECONNRESET' ? resolve(received) : reject(error),
    )
  })
}

describe('the envelope over HTTP', () => {
  test('is the one of the socket, with the status of its code', async () => {
    const created = await server.http('POST', '/conversations', {}, (await server.connect()).token)
    expect(created).toMatchObject({
      status: 200,
      reply: { success: true, data: { seq: 0 }, request_id: expect.any(String) },
    })
    expect((await server.http('GET', '/conversations')).status).toBe(401)
    expect((await server.http('GET', '/nowhere')).reply).toMatchObject({
      success: false,
      error: { code: 'NOT_FOUND' },
    })
    const bad = await server.http(
      'GET',
      '/conversations?page=0&page_size=1000',
      undefined,
      (await server.connect()).token,
    )
    expect(bad.reply).toMatchObject({
      error: {
        code: 'VALIDATION_ERROR',
        retryable: false,
        details: [{ field: 'page' }, { field: 'page_size' }],
      },
    })
  })

  test('reads what a conversation holds by its path', async () => {
    const { token } = await server.connect()
    const { reply } = await server.http('POST', '/conversations', { language: 'zh' }, token)
    const { id } = reply.success && reply.data.conversation
    expect((await server.http('PUT', `/conversations/${id}`, { title: 'T' }, token)).reply).toMatchObject({
      success: true,
    })
    expect((await server.http('GET', `/conversations/${id}`, undefined, token)).reply).toMatchObject({
      data: { conversation: { title: 'T', language: 'zh' }, seq: 1 },
    })
    const stranger = (await server.connect()).token
    expect((await server.http('GET', `/conversations/${id}`, undefined, stranger)).status).toBe(404)
    expect((await server.http('DELETE', `/conversations/${id}`, undefined, token)).reply).toMatchObject({
      data: null,
    })
  })

  test('refuses bodies that are not JSON, and types it does not know', async () => {
    const post = (body: string, type: string) =>
      fetch(`${server.url}/api/v1/auth/login`, { method: 'POST', body, headers: { 'content-type': type } })
    expect((await post('{', 'application/json')).status).toBe(400)
    expect((await post('[]', 'application/json')).status).toBe(400)
    expect((await post('a=b', 'text/plain')).status).toBe(415)
    expect((await post('{}', 'application/json')).status).toBe(400)
  })

  test('lets pages of allowed origins read answers, and no others', async () => {
    const ask = (origin: string) => fetch(`${server.url}/api/v1/system/health`, { headers: { origin } })
    expect((await ask('https://shop.example')).headers.get('access-control-allow-origin')).toBe(
      'https://shop.example',
    )
    expect((await ask('https://evil.example')).headers.get('access-control-allow-origin')).toBeNull()
    const preflight = (origin: string) =>
      fetch(`${server.url}/api/v1/chat`, { method: 'OPTIONS', headers: { origin } })
    expect((await preflight('https://shop.example')).status).toBe(204)
    expect((await preflight('https://evil.example')).status).toBe(403)
  })
})

describe('the chat route', () => {
  test('answers once, gives a visitor token, and goes on in the same session', async () => {
    const first = await server.http('POST', '/chat', { message: 'Hello', language: 'en' })
    expect(first.reply).toMatchObject({
      data: {
        answer: expect.any(String),
        references: expect.any(Array),
        token_usage: { prompt: 0, completion: 0 },
      },
    })
    const { session_id, token } = first.reply.success && first.reply.data
    const second = await server.http('POST', '/chat', { message: 'And again', session_id }, token)
    expect(second.reply).toMatchObject({ data: { session_id, token: null } })
    const foreign = await server.http('POST', '/chat', { message: 'Mine?', session_id })
    expect(foreign).toMatchObject({ status: 404, reply: { error: { code: 'CONVERSATION_NOT_FOUND' } } })
  })

  test('law D2: a repeat under its key is the same question and the same answer', async () => {
    const { token } = await server.connect()
    const body = { message: 'Hello', key: 'same' }
    const one = await server.http('POST', '/chat/messages', body, token)
    const two = await server.http('POST', '/chat/messages', body, token)
    const ids = [one, two].map(
      ({ reply }) => reply.success && [reply.data.session_id, reply.data.question.id, reply.data.message.id],
    )
    expect(ids[0]).toEqual(ids[1])
  })

  test('streams the same text as server-sent events', async () => {
    const response = await fetch(`${server.url}/api/v1/chat/stream`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ message: 'Hello there' }),
    })
    expect(response.headers.get('content-type')).toContain('text/event-stream')
    const events = (await response.text())
      .split('\n\n')
      .filter(Boolean)
      .map(block => JSON.parse(block.replace(/^data: /, '')))
    expect(events[0]).toMatchObject({ type: 'start', token: expect.any(String) })
    const text = events
      .filter(event => event.type === 'content')
      .map(event => event.content)
      .join('')
    expect(events.at(-1)).toMatchObject({ type: 'end', message: { content: text, status: 'complete' } })
    const refused = await fetch(`${server.url}/api/v1/chat/stream`, { method: 'POST' })
    expect(refused.status).toBe(400)
  })
})

describe('what request smuggling needs', () => {
  const head = 'POST /api/v1/auth/login HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\n'
  const second = 'GET /healthz HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n'
  const shapes: [string, string][] = [
    ['two lengths', `${head}Content-Length: 2\r\nContent-Length: 3\r\n\r\n{}${second}`],
    [
      'length and chunked',
      `${head}Content-Length: 2\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n${second}`,
    ],
    ['an encoding that looks like chunked', `${head}Transfer-Encoding: xchunked\r\n\r\n0\r\n\r\n${second}`],
    ['a length that is no number', `${head}Content-Length: +2\r\n\r\n{}${second}`],
  ]
  test.each(shapes)('%s: refused, and the second request is never answered', async (_name, text) => {
    const answer = await raw(text)
    expect(answer).not.toContain('200')
    expect(answer).not.toContain('"ok"')
  })
})

describe('for operators', () => {
  test('health, readiness, metrics and both documents answer', async () => {
    expect(await (await fetch(`${server.url}/healthz`)).json()).toEqual({ status: 'ok' })
    expect((await fetch(`${server.url}/readyz`)).status).toBe(200)
    expect(await (await fetch(`${server.url}/metrics`)).text()).toContain('parley_operation_seconds')
    expect((await (await fetch(`${server.url}/openapi.json`)).json()).openapi).toBe('3.1.0')
    expect((await (await fetch(`${server.url}/asyncapi.json`)).json()).asyncapi).toBe('3.0.0')
    expect((await fetch(`${server.url}/docs`)).status).toBe(200)
    expect((await fetch(`${server.url}/healthz`, { method: 'HEAD' })).status).toBe(200)
  })

  test('a body too long is refused', async () => {
    const response = await fetch(`${server.url}/api/v1/auth/login`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: 'x'.repeat(12_000_000),
    }).catch(() => null)
    if (response) expect(response.status).toBe(413)
    expect((await fetch(`${server.url}/healthz`)).status).toBe(200)
  })
})

describe('the language that a browser asks for', () => {
  test.each([
    ['zh-CN,zh;q=0.9,en;q=0.8', 'zh'],
    ['zh,en;q=0.8', 'zh'],
    ['en,zh-CN;q=0.9', 'en'],
    ['en;q=0.9', 'en'],
  ])('%s is %s on the socket as over HTTP', async (header, language) => {
    const client = await server.connect({ headers: { 'accept-language': header } })
    const { conversation } = await client.ask('conversation:open', { new: true, key: crypto.randomUUID() })
    expect(conversation.language).toBe(language)
    const response = await fetch(`${server.url}/api/v1/conversations`, {
      method: 'POST',
      headers: {
        'accept-language': header,
        'content-type': 'application/json',
        authorization: `Bearer ${client.token}`,
      },
      body: JSON.stringify({ new: true }),
    })
    expect(((await response.json()) as any).data.conversation.language).toBe(language)
  })
})
