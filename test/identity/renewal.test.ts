import { beforeAll, expect, test } from 'vitest'
import { ParleyError } from '../../client/sdk/index.ts'
import { repeatRenewal } from '../../client/sdk/renewal.ts'
import { code, startServer, type TestServer } from '../fixtures/harness.ts'

let server: TestServer
let owner: string
beforeAll(async () => {
  server = await startServer()
  owner = await server.signIn()
})

const password = 'a long enough password'
let count = 0

async function person() {
  const username = `renews-${++count}`
  const account = { username, email: `${username}@shop.example`, password, role: 'agent' }
  const { reply: made } = await server.http('POST', '/admin/users', account, owner)
  const { reply } = await server.http('POST', '/auth/login', { username, password })
  if (!made.success || !reply.success) throw new Error('not signed in')
  return {
    id: made.data.user.id as string,
    ...(reply.data as { access_token: string; refresh_token: string }),
  }
}

const renew = async (refresh_token: string) =>
  (await server.http('POST', '/auth/refresh', { refresh_token })).reply
const renewed = async (refresh_token: string) => {
  const reply = await renew(refresh_token)
  if (!reply.success) throw new Error(reply.error.code)
  return reply.data as { access_token: string; refresh_token: string }
}
const me = async (token: string) => code((await server.http('GET', '/auth/me', undefined, token)).reply)

/** As if the last renewals had been so much earlier. */
const pass = (id: string, seconds: number) => server.app.database.sql`
  update refresh_tokens set used_at = used_at - make_interval(secs => ${seconds}) where person_id = ${id}`

test('C2: a refresh whose answer was lost, repeated within 10 s, gives the same successor, and all tokens hold', async () => {
  const agent = await person()
  const [lost, again] = [await renewed(agent.refresh_token), await renewed(agent.refresh_token)]
  await pass(agent.id, 8)
  const repeated = await renewed(agent.refresh_token)
  expect(new Set([lost, again, repeated].map(({ refresh_token }) => refresh_token)).size).toBe(1)
  for (const { access_token } of [lost, again, repeated]) expect(await me(access_token)).toBe('ok')
  const next = await renewed(repeated.refresh_token)
  expect(next.refresh_token).not.toBe(repeated.refresh_token)
  expect(await me(next.access_token)).toBe('ok')
})

test('C2: two tabs that renew at once are given the same, over socket and HTTP', async () => {
  const agent = await person()
  const socket = await server.connect({ namespace: 'agent', token: agent.access_token })
  const { refresh_token } = agent
  const both = await Promise.all([
    socket.ask('auth:renew', { refresh_token }),
    renewed(refresh_token),
    renewed(refresh_token),
  ])
  expect(new Set(both.map(tokens => tokens.refresh_token)).size).toBe(1)
  await socket.ask('conversation:list', {})
})

test('C2: later than that it ends the session, whatever was done with the successor', async () => {
  for (const isUsed of [false, true]) {
    const agent = await person()
    const next = await renewed(agent.refresh_token)
    const { access_token } = isUsed ? await renewed(next.refresh_token) : next
    await pass(agent.id, 11)
    expect(code(await renew(agent.refresh_token))).toBe('UNAUTHORIZED')
    await expect.poll(() => me(access_token), { timeout: 15_000 }).toBe('UNAUTHORIZED')
    expect(code(await renew(next.refresh_token))).toBe('UNAUTHORIZED')
  }
})

test('C2: signing out takes the successor along, and a repeat brings nothing back', async () => {
  const agent = await person()
  const next = await renewed(agent.refresh_token)
  await server.http('POST', '/auth/logout', {}, next.access_token)
  expect(code(await renew(agent.refresh_token))).toBe('UNAUTHORIZED')
  expect(code(await renew(next.refresh_token))).toBe('UNAUTHORIZED')
})

test('C2: what the table holds does not tell the next token', async () => {
  const agent = await person()
  const { refresh_token } = await renewed(agent.refresh_token)
  const rows = await server.app.database.sql<{ hash: Buffer; successor_salt: Buffer | null }[]>`
    select hash, successor_salt from refresh_tokens where person_id = ${agent.id}`
  const stored = rows.flatMap(({ hash, successor_salt }) => [hash, successor_salt ?? []].flat() as Buffer[])
  expect(stored).toHaveLength(3)
  for (const bytes of stored) expect(bytes.toString('base64url')).not.toBe(refresh_token)
})

test('C2: a client whose answer went astray asks again and goes on with the one it should have had', async () => {
  const agent = await person()
  const answers: string[] = []
  const tokens = await repeatRenewal(async () => {
    const answer = await renewed(agent.refresh_token)
    answers.push(answer.refresh_token)
    if (answers.length === 1) throw new ParleyError('DISCONNECTED', 'lost', { retryable: true })
    return answer
  })
  expect(answers).toEqual([tokens.refresh_token, tokens.refresh_token])
  await renewed(tokens.refresh_token)
})

test('C2: what is refused for good is not asked again', async () => {
  let attempts = 0
  const refused = repeatRenewal(() => {
    attempts++
    return renewed('none of ours')
  })
  await expect(refused).rejects.toThrow('UNAUTHORIZED')
  expect(attempts).toBe(1)
})
