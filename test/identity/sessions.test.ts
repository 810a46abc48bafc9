import { beforeAll, describe, expect, test } from 'vitest'
import { idleMs } from '../../server/transport/sessions.ts'
import { sessionSeconds } from '../../storage/identity/sessions.ts'
import { code, startServer, type TestClient, type TestServer } from '../fixtures/harness.ts'

let server: TestServer
let owner: string
const clock = { ahead: 0 }
beforeAll(async () => {
  server = await startServer({}, { clock: () => Date.now() + clock.ahead })
  owner = await server.signIn()
})

const password = 'a long enough password'
let count = 0

/** Somebody signed in, with the tokens of the protocol. */
async function person(role = 'agent') {
  const username = `person-${++count}`
  const made = await server.http(
    'POST',
    '/admin/users',
    { username, email: `${username}@shop.example`, password, role },
    owner,
  )
  const { id } = made.reply.success && made.reply.data.user
  return { id, username, ...(await login(username)) }
}

async function login(username: string, secret = password) {
  const { reply } = await server.http('POST', '/auth/login', { username, password: secret })
  if (!reply.success) throw new Error(reply.error.code)
  return reply.data as { access_token: string; refresh_token: string; user: any }
}

const me = async (token: string) => code((await server.http('GET', '/auth/me', undefined, token)).reply)
const renew = (refresh_token: string) => server.http('POST', '/auth/refresh', { refresh_token })

/** The code a socket is ended with, and after how many ms. */
async function ended(client: TestClient, since = performance.now()) {
  const { code } = await client.until('session:ended')
  if (client.socket.connected) await new Promise(resolve => client.socket.once('disconnect', resolve))
  return { code, afterMs: performance.now() - since }
}

describe('registering', () => {
  const fields = (username: string) => ({
    username,
    email: `${username}@mail.example`,
    password,
    confirm_password: password,
  })

  test('signs in, with the answer of a login', async () => {
    const { status, reply } = await server.http('POST', '/auth/register', fields('newcomer'))
    expect([status, reply]).toMatchObject([
      200,
      { data: { user: { role: 'user', username: 'newcomer' }, token_type: 'bearer', expires_in: 1800 } },
    ])
    expect((await login('newcomer')).user.email).toBe('newcomer@mail.example')
  })

  test('refuses a name that is taken, and passwords that differ', async () => {
    await server.http('POST', '/auth/register', fields('twice'))
    expect((await server.http('POST', '/auth/register', fields('Twice'))).status).toBe(409)
    const { reply } = await server.http('POST', '/auth/register', {
      ...fields('differs'),
      confirm_password: 'another long password',
    })
    expect(reply).toMatchObject({
      error: { code: 'VALIDATION_ERROR', details: [{ field: 'confirm_password' }] },
    })
  })

  test('two at once for one name make one account', async () => {
    const both = await Promise.all([1, 2].map(() => server.http('POST', '/auth/register', fields('raced'))))
    expect(both.map(({ status }) => status).sort()).toEqual([200, 409])
  })
})

describe('law S3: what ends a session ends its open sockets and its tokens', () => {
  test('logging out: this session, no other', async () => {
    const agent = await person()
    const other = await login(agent.username)
    const here = await server.connect({ namespace: 'agent', token: agent.access_token })
    const there = await server.connect({ namespace: 'agent', token: other.access_token })
    const visiting = await server.connect({ token: agent.access_token })
    await server.http('POST', '/auth/logout', {}, agent.access_token)
    expect((await ended(here)).code).toBe('UNAUTHORIZED')
    expect((await ended(visiting)).code).toBe('UNAUTHORIZED')
    expect(await me(agent.access_token)).toBe('UNAUTHORIZED')
    expect((await renew(agent.refresh_token)).status).toBe(401)
    expect(there.socket.connected).toBe(true)
    expect(await me(other.access_token)).toBe('ok')
  })

  test('being disabled: everywhere, and signing in again is refused', async () => {
    const agent = await person()
    const socket = await server.connect({ namespace: 'agent', token: agent.access_token })
    const since = performance.now()
    await server.http(
      'PUT',
      `/admin/users/${agent.id}/status`,
      { is_active: false, reason: 'left the shop' },
      owner,
    )
    expect((await ended(socket, since)).afterMs).toBeLessThan(1000)
    expect(await me(agent.access_token)).toBe('TOKEN_EXPIRED')
    expect((await renew(agent.refresh_token)).status).toBe(401)
    await expect(login(agent.username)).rejects.toThrow('INVALID_CREDENTIALS')
    await server.http('PUT', `/admin/users/${agent.id}/status`, { is_active: true }, owner)
    expect(await me((await login(agent.username)).access_token)).toBe('ok')
    expect(await me(agent.access_token)).toBe('TOKEN_EXPIRED')
  })

  test('a changed role: the old token ends, renewing gives one of the new role', async () => {
    const agent = await person()
    const socket = await server.connect({ namespace: 'agent', token: agent.access_token })
    await server.http('PUT', `/admin/users/${agent.id}`, { role: 'user' }, owner)
    expect((await ended(socket)).code).toBe('TOKEN_EXPIRED')
    const { reply } = await renew(agent.refresh_token)
    const { access_token } = reply.success && reply.data
    expect(await me(access_token)).toBe('ok')
    const refused = await server.connect({ namespace: 'agent', token: access_token }).catch(error => error)
    expect(refused.data.code).toBe('FORBIDDEN')
  })

  test('a new password: every other session, with a new one for who changed it', async () => {
    const agent = await person()
    const thief = await login(agent.username)
    const socket = await server.connect({ namespace: 'agent', token: thief.access_token })
    const change = (current_password: string) =>
      server.http(
        'PUT',
        '/auth/password',
        { current_password, password: 'another long password' },
        agent.access_token,
      )
    expect((await change('wrong')).status).toBe(401)
    const { reply } = await change(password)
    expect((await ended(socket)).code).toBe('TOKEN_EXPIRED')
    expect((await renew(thief.refresh_token)).status).toBe(401)
    expect(await me(reply.success && reply.data.access_token)).toBe('ok')
    await expect(login(agent.username)).rejects.toThrow('INVALID_CREDENTIALS')
    await login(agent.username, 'another long password')
  })

  test('a refresh token used twice: somebody has a copy, and the sockets of that session go too', async () => {
    const agent = await person()
    const socket = await server.connect({ namespace: 'agent', token: agent.access_token })
    await renew(agent.refresh_token)
    await server.app.database.sql`
      update refresh_tokens set used_at = used_at - interval '11 s' where person_id = ${agent.id}`
    await renew(agent.refresh_token)
    expect((await ended(socket)).code).toBe('UNAUTHORIZED')
    const { reply } = await server.http('GET', `/admin/logs?person_id=${agent.id}`, undefined, owner)
    expect(reply.success && reply.data.items[0].action).toBe('auth:renew_reused')
  })
})

describe('limits of an open socket', () => {
  test('ends with its token, unless it is renewed on it', async () => {
    const [lapsing, renewing] = [await person(), await person()]
    const one = await server.connect({ namespace: 'agent', token: lapsing.access_token })
    const two = await server.connect({ namespace: 'agent', token: renewing.access_token })
    clock.ahead = 20 * 60_000
    await two.ask('auth:renew', { refresh_token: renewing.refresh_token })
    clock.ahead = 31 * 60_000
    expect((await ended(one)).code).toBe('TOKEN_EXPIRED')
    expect(two.socket.connected).toBe(true)
    await two.ask('conversation:list', {})
    clock.ahead = 0
  })

  test('idle: renewing alone does not keep a desk open', async () => {
    const busy = await person()
    const away = await person()
    const sockets = [busy, away].map(({ access_token }) =>
      server.connect({ namespace: 'agent', token: access_token }),
    )
    const [atWork, gone] = (await Promise.all(sockets)) as [TestClient, TestClient]
    const refresh = [busy.refresh_token, away.refresh_token]
    for (clock.ahead = 0; clock.ahead < idleMs; clock.ahead += 25 * 60_000) {
      await atWork.ask('conversation:list', {})
      for (const [index, client] of [atWork, gone].entries()) {
        if (!client.socket.connected) continue
        const renewed = await client.call('auth:renew', { refresh_token: refresh[index]! })
        if (renewed.success) refresh[index] = renewed.data.refresh_token
      }
    }
    expect((await ended(gone)).code).toBe('UNAUTHORIZED')
    expect(atWork.socket.connected).toBe(true)
    clock.ahead = 0
  })

  test('absolute: no renewal reaches beyond it, and the last token ends with it', async () => {
    const agent = await person()
    const { sql } = server.app.database
    await sql`
      update refresh_tokens set signed_in_at = now() - make_interval(secs => ${sessionSeconds - 60})
      where person_id = ${agent.id}`
    const { reply } = await renew(agent.refresh_token)
    const tokens = reply.success && reply.data
    expect(tokens.expires_in).toBeLessThanOrEqual(60)
    const socket = await server.connect({ namespace: 'agent', token: tokens.access_token })
    expect(Date.parse(socket.ready.expires_at) - Date.now()).toBeLessThanOrEqual(60_000)
    await sql`
      update refresh_tokens set signed_in_at = now() - make_interval(secs => ${sessionSeconds + 1})
      where person_id = ${agent.id}`
    expect(code((await renew(tokens.refresh_token)).reply)).toBe('TOKEN_EXPIRED')
  })
})

test('law S5: sign-ins and failures are told, without what was typed', async () => {
  const agent = await person()
  await login(agent.username, 'a wrong secret 123').catch(() => {})
  const { reply } = await server.http(
    'GET',
    `/admin/logs?person_id=${agent.id}&scope=session`,
    undefined,
    owner,
  )
  const rows = reply.success && reply.data.items
  expect(rows.map((row: any) => row.action)).toEqual(['auth:login_failed', 'auth:login'])
  // The names are those of the accounts, read with the log.
  const stored = rows.map(({ actor_name: _, subject_name: __, ...row }: any) => row)
  expect(JSON.stringify(stored)).not.toMatch(/wrong secret|person-\d/)
  expect(rows[0]).toMatchObject({
    actor_role: 'anyone',
    actor_name: null,
    subject_name: agent.username,
    address: expect.any(String),
  })
})
