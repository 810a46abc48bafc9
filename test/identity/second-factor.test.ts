import { TOTP } from 'otpauth'
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest'
import { factorSeconds, factorTries } from '../../storage/identity/factors.ts'
import { code, startServer, type TestServer } from '../fixtures/harness.ts'

let server: TestServer
let owner: string
beforeAll(async () => {
  // The middle of a step, for as long as these tests run: no code runs out between two lines.
  vi.useFakeTimers({ toFake: ['Date'], now: Math.floor(Date.now() / 30_000) * 30_000 + 15_000 })
  server = await startServer()
  owner = await server.signIn()
})
afterAll(() => void vi.useRealTimers())

const password = 'a long enough password'
let count = 0

async function agent() {
  const username = `agent-${++count}`
  const { reply } = await server.http(
    'POST',
    '/admin/users',
    { username, email: `${username}@shop.example`, password, role: 'agent' },
    owner,
  )
  const token = (await login(username)).reply as any
  return { id: reply.success && reply.data.user.id, username, token: token.data.access_token as string }
}

const login = (username: string, otp?: string) =>
  server.http('POST', '/auth/login', { username, password, otp })

/** The code of a seed, so many steps from now. */
const codeOf = (secret: string, steps = 0) =>
  new TOTP({ secret }).generate({ timestamp: Date.now() + steps * 30_000 })

/** Somebody with a second factor. */
async function secured() {
  const one = await agent()
  const begun = await server.http('POST', '/auth/second-factor', {}, one.token)
  const { secret, uri, svg } = begun.reply.success && begun.reply.data
  // The step before: so that the present one is left for signing in.
  const confirmed = await server.http(
    'POST',
    '/auth/second-factor/confirm',
    { code: codeOf(secret, -1) },
    one.token,
  )
  if (!confirmed.reply.success) throw new Error(confirmed.reply.error.message)
  return { ...one, secret, uri, svg, recovery: confirmed.reply.data.recovery_codes as string[] }
}

test('is asked for at a sign-in once it was confirmed, and not before', async () => {
  const one = await agent()
  await server.http('POST', '/auth/second-factor', {}, one.token)
  expect((await login(one.username)).status).toBe(200)
  const two = await secured()
  expect(two.uri).toMatch(/^otpauth:\/\/totp\/Parley:agent-\d+\?/)
  expect(two.svg).toMatch(/^<svg/)
  const refused = await login(two.username)
  expect([refused.status, refused.reply]).toMatchObject([
    401,
    { error: { code: 'INVALID_CODE', details: { second_factor: true } } },
  ])
  expect((await login(two.username, codeOf(two.secret))).status).toBe(200)
})

test('says nothing of itself to who does not know the password', async () => {
  const { username } = await secured()
  const { reply } = await server.http('POST', '/auth/login', { username, password: 'wrong' })
  expect(code(reply)).toBe('INVALID_CREDENTIALS')
})

test('a code works once, one step of the clock either way', async () => {
  const { username, secret } = await secured()
  const present = codeOf(secret)
  expect((await login(username, present)).status).toBe(200)
  expect(code((await login(username, present)).reply)).toBe('INVALID_CODE')
  expect(code((await login(username, codeOf(secret, -1))).reply)).toBe('INVALID_CODE')
  expect((await login(username, codeOf(secret, 1))).status).toBe(200)
  expect(code((await login(username, codeOf(secret, 3))).reply)).toBe('INVALID_CODE')
})

test('two sign-ins at once with one code: one of them', async () => {
  const { username, secret } = await secured()
  const present = codeOf(secret)
  const both = await Promise.all([login(username, present), login(username, present)])
  expect(both.map(({ status }) => status).sort()).toEqual([200, 401])
})

test('ten recovery codes work once each, in any case', async () => {
  const { username, recovery } = await secured()
  expect(recovery).toHaveLength(10)
  expect((await login(username, recovery[0]!.toLowerCase().replaceAll('-', ' '))).status).toBe(200)
  expect(code((await login(username, recovery[0])).reply)).toBe('INVALID_CODE')
  expect((await login(username, recovery[1])).status).toBe(200)
})

test('five wrong codes in a quarter of an hour, then RATE_LIMITED, also for the right one', async () => {
  const { username, secret } = await secured()
  for (let index = 0; index < factorTries; index++)
    expect(code((await login(username, 'AAAA-AAAA')).reply)).toBe('INVALID_CODE')
  const { reply } = await login(username, codeOf(secret))
  expect(reply).toMatchObject({
    error: { code: 'RATE_LIMITED', details: { retry_after_ms: expect.any(Number) } },
  })
  // Three codes hold at a time: guessing takes longer than a year on average.
  const years = 1_000_000 / 3 / (factorTries / factorSeconds) / (365.25 * 24 * 3600)
  expect(years).toBeGreaterThan(1)
})

describe('is taken away', () => {
  test('by its owner, with password and code; every session ends', async () => {
    const { username, secret, token } = await secured()
    const remove = (body: object) => server.http('POST', '/auth/second-factor/remove', body, token)
    expect((await remove({ password: 'wrong', code: codeOf(secret) })).status).toBe(401)
    expect((await remove({ password, code: '000000' })).status).toBe(401)
    expect((await remove({ password, code: codeOf(secret) })).status).toBe(200)
    expect((await server.http('GET', '/auth/me', undefined, token)).status).toBe(401)
    expect((await login(username)).status).toBe(200)
  })

  test('by an administrator, for who lost it: told in the log, and shown in the list before', async () => {
    const { id, username } = await secured()
    const listed = await server.http('GET', `/admin/users?search=${username}`, undefined, owner)
    expect(listed.reply.success && listed.reply.data.items[0].second_factor).toBe(true)
    const { reply } = await server.http('DELETE', `/admin/users/${id}/second-factor`, undefined, owner)
    expect(reply).toMatchObject({ data: { user: { second_factor: false } } })
    expect((await login(username)).status).toBe(200)
    const log = await server.http('GET', `/admin/logs?person_id=${id}`, undefined, owner)
    const actions = log.reply.success && log.reply.data.items.map((row: any) => row.action)
    expect(actions).toContain('auth:remove_factor')
  })
})
