import { beforeAll, describe, expect, test } from 'vitest'
import { newId } from '../../server/core/ids.ts'
import { adminPassword, code, startServer, type TestServer } from '../fixtures/harness.ts'

let server: TestServer
const clock = { ahead: 0 }
beforeAll(async () => {
  server = await startServer(
    { adminEmail: 'owner@shop.example', rateLimits: true },
    { clock: () => Date.now() + clock.ahead },
  )
})

const login = (body: object) => server.http('POST', '/auth/login', body)

describe('the administrator', () => {
  test('signs in by name or e-mail, without case, and is known by the token', async () => {
    for (const body of [
      { username: 'ADMIN' },
      { email: 'Owner@shop.example' },
      { username: 'owner@shop.example' },
    ]) {
      const { reply } = await login({ ...body, password: adminPassword })
      expect(reply).toMatchObject({
        data: { token_type: 'bearer', expires_in: 1800, user: { role: 'super_admin' } },
      })
      const token = reply.success && reply.data.access_token
      expect((await server.http('GET', '/auth/me', undefined, token)).reply).toMatchObject({
        data: { user: { username: 'admin' } },
      })
    }
  })

  test('is not told which of name and password was wrong', async () => {
    const wrong = await login({ username: 'admin', password: 'wrong' })
    const unknown = await login({ username: 'nobody', password: 'wrong' })
    for (const { status, reply } of [wrong, unknown]) {
      expect(status).toBe(401)
      expect(reply).toMatchObject({
        error: { code: 'INVALID_CREDENTIALS', message: 'User name or password is wrong.' },
      })
    }
  })

  test('renews by a refresh token, once; a second use ends the session', async () => {
    const { reply } = await login({ username: 'admin', password: adminPassword })
    const { refresh_token } = reply.success && reply.data
    const renewed = await server.http('POST', '/auth/refresh', { refresh_token })
    const next = renewed.reply.success && renewed.reply.data.refresh_token
    // Later than a lost answer is asked for again.
    await server.app.database
      .sql`update refresh_tokens set used_at = used_at - interval '11 s' where used_at is not null`
    expect((await server.http('POST', '/auth/refresh', { refresh_token })).status).toBe(401)
    expect((await server.http('POST', '/auth/refresh', { refresh_token: next })).status).toBe(401)
  })

  test('logs out: the refresh token stops working', async () => {
    const { reply } = await login({ username: 'admin', password: adminPassword })
    const { access_token, refresh_token } = reply.success && reply.data
    await server.http('POST', '/auth/logout', {}, access_token)
    expect((await server.http('POST', '/auth/refresh', { refresh_token })).status).toBe(401)
  })
})

describe('law S2: who may call what', () => {
  test('a visitor is refused what is for administrators, nobody is asked to sign in', async () => {
    const { token } = await server.connect()
    expect((await server.http('GET', '/auth/me', undefined, token)).reply).toMatchObject({
      error: { code: 'FORBIDDEN' },
    })
    expect((await server.http('GET', '/auth/me')).reply).toMatchObject({ error: { code: 'UNAUTHORIZED' } })
  })

  test('tokens that are not ours are refused', async () => {
    const { token } = await server.connect()
    const [header, payload, signature] = token.split('.') as [string, string, string]
    const encode = (value: object) => Buffer.from(JSON.stringify(value)).toString('base64url')
    const claims = JSON.parse(Buffer.from(payload, 'base64url').toString())
    const forged = [
      `${encode({ alg: 'none', typ: 'at+jwt' })}.${payload}.`,
      `${header}.${encode({ ...claims, role: 'super_admin' })}.${signature}`,
      `${encode({ alg: 'HS256' })}.${payload}.${signature}`,
      `${header}.${payload}.`,
      'not a token',
    ]
    for (const bad of forged) {
      const { status } = await server.http('GET', '/conversations', undefined, bad)
      expect(status).toBe(401)
    }
  })

  test('a token that has run out says so', async () => {
    const { reply } = await login({ username: 'admin', password: adminPassword })
    const { access_token } = reply.success && reply.data
    clock.ahead = 31 * 60_000
    const later = await server.http('GET', '/auth/me', undefined, access_token)
    clock.ahead = 0
    expect(later.reply).toMatchObject({ error: { code: 'TOKEN_EXPIRED' } })
  })
})

describe('rates', () => {
  test('a visitor may write 100 times in a burst, opening included; past that the refusal says when to come back', async () => {
    const client = await server.connect()
    const { conversation } = await client.ask('conversation:open', {})
    const send = (key: string) =>
      client.call('message:send', { conversation_id: conversation.id, key, content: key })
    const replies: Awaited<ReturnType<typeof send>>[] = []
    const refusal = () => replies.find(reply => !reply.success && reply.error.code === 'RATE_LIMITED')
    // A few at once: on a busy machine more would wait too long for the writes before them, which the rate does not count.
    while (!refusal() && replies.length < 1000)
      replies.push(...(await Promise.all(Array.from({ length: 10 }, () => send(newId())))))
    expect(replies.slice(0, 99).map(code)).not.toContain('RATE_LIMITED')
    const refused = refusal()
    expect(refused).toMatchObject({
      error: { code: 'RATE_LIMITED', retryable: true, details: { retry_after_ms: expect.any(Number) } },
    })
  })

  test('an address may sign in 30 times a minute', async () => {
    const statuses = []
    for (let index = 0; index < 40; index++) statuses.push((await login({ username: 'admin' })).status)
    expect(statuses).toContain(429)
  })
})
