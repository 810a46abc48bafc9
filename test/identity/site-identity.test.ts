import { createHmac } from 'node:crypto'
import { beforeAll, describe, expect, test } from 'vitest'
import { converse, startServer, type TestServer } from '../fixtures/harness.ts'

let server: TestServer
let owner: string
let secret: string
beforeAll(async () => {
  server = await startServer({ adminEmail: 'owner@shop.example' })
  owner = await server.signIn()
  const { reply } = await server.http('GET', '/admin/identity-secret', undefined, owner)
  secret = reply.success && reply.data.secret
})

interface Person {
  id: string
  email?: string
  name?: string
  expires_at?: string
}
const inAnHour = () => new Date(Date.now() + 3_600_000).toISOString()

/** What a shop's own server does. */
function sign({ id, email, name, expires_at = inAnHour() }: Person, key = secret) {
  const text = [id, email ?? '', name ?? '', expires_at].join('\n')
  return { id, email, name, expires_at, hash: createHmac('sha256', key).update(text).digest('hex') }
}
const connect = (identity: object, token?: string) => server.connect({ token, auth: { identity } })
const refused = async (identity: object) => (await connect(identity).catch(error => error)).data?.code

describe('a customer the site knows', () => {
  test('is signed in by the handshake, and the same user each time', async () => {
    const one = await connect(sign({ id: 'c-1', email: 'mei@mail.example', name: 'Mei' }))
    expect(one.ready.session).toMatchObject({
      role: 'user',
      user: { email: 'mei@mail.example', name: 'Mei' },
    })
    const two = await connect(sign({ id: 'c-1', email: 'mei@mail.example', name: 'Mei Lin' }))
    expect(two.ready.session.user).toMatchObject({ id: one.ready.session.user!.id, name: 'Mei Lin' })
    expect(Date.parse(one.ready.expires_at)).toBeGreaterThan(Date.now() + 3_500_000)
  })

  test('comes back with the token that was given, also when the word has run out meanwhile', async () => {
    const one = await connect(sign({ id: 'c-back' }))
    const again = await connect(sign({ id: 'c-back' }), one.token)
    expect(again.token).toBe(one.token)
    const later = await server.connect({ token: one.token })
    expect(later.ready.session.id).toBe(one.ready.session.id)
  })

  test('keeps what was said as a visitor', async () => {
    const visitor = await server.connect()
    const { conversation } = await converse(visitor, 'Before the shop knew me')
    const user = await connect(sign({ id: 'c-2' }), visitor.token)
    const { messages } = await user.ask('conversation:open', { conversation_id: conversation.id })
    expect(messages[0]!.content).toBe('Before the shop knew me')
    expect((await visitor.until('session:ended')).code).toBe('UNAUTHORIZED')
  })

  test('takes the place of another whose token is still in the browser', async () => {
    const first = await connect(sign({ id: 'c-shared-1' }))
    const second = await connect(sign({ id: 'c-shared-2' }), first.token)
    expect(second.ready.session.user!.id).not.toBe(first.ready.session.user!.id)
  })

  test('two connections at once make one user', async () => {
    const clients = await Promise.all(
      Array.from({ length: 6 }, () => connect(sign({ id: 'c-raced', email: 'raced@mail.example' }))),
    )
    expect(new Set(clients.map(client => client.ready.session.user!.id)).size).toBe(1)
  })

  test('never becomes staff by an address, and opens no desk', async () => {
    const { ready, token } = await connect(sign({ id: 'c-evil', email: 'owner@shop.example' }))
    expect(ready.session).toMatchObject({ role: 'user', user: { email: null } })
    const desk = await server
      .connect({ namespace: 'agent', token, auth: { identity: sign({ id: 'c-evil' }) } })
      .catch(error => error)
    expect(desk.data.code).toBe('FORBIDDEN')
  })

  test('once disabled is refused', async () => {
    const { ready } = await connect(sign({ id: 'c-off' }))
    const { id } = ready.session.user!
    await server.http('PUT', `/admin/users/${id}/status`, { is_active: false, reason: 'abuse' }, owner)
    expect(await refused(sign({ id: 'c-off' }))).toBe('FORBIDDEN')
  })
})

describe('a word that is not the site’s', () => {
  const good = () => sign({ id: 'c-9', email: 'nine@mail.example', name: 'Nine' })
  const cases: [string, () => object, string][] = [
    ['another key', () => sign({ id: 'c-9' }, 'guessed'), 'UNAUTHORIZED'],
    ['another id', () => ({ ...good(), id: 'c-8' }), 'UNAUTHORIZED'],
    ['another address', () => ({ ...good(), email: 'eight@mail.example' }), 'UNAUTHORIZED'],
    ['no address', () => ({ ...good(), email: undefined }), 'UNAUTHORIZED'],
    ['another name', () => ({ ...good(), name: 'Eight' }), 'UNAUTHORIZED'],
    ['a later end', () => ({ ...good(), expires_at: '2099-01-01T00:00:00.000Z' }), 'UNAUTHORIZED'],
    [
      'run out',
      () => sign({ id: 'c-9', expires_at: new Date(Date.now() - 1000).toISOString() }),
      'UNAUTHORIZED',
    ],
    ['no hash', () => ({ ...good(), hash: undefined }), 'VALIDATION_ERROR'],
    ['half a hash', () => ({ ...good(), hash: good().hash.slice(0, 32) }), 'VALIDATION_ERROR'],
    [
      'fields moved over their border',
      () => {
        const { hash, expires_at } = sign({ id: 'a', email: 'b@mail.example', name: 'c' })
        return { id: 'a\nb@mail.example', name: 'c', expires_at, hash }
      },
      'VALIDATION_ERROR',
    ],
  ]
  test.each(cases)('%s', async (_name, make, expected) => {
    expect(await refused(make())).toBe(expected)
  })
})

describe('the secret', () => {
  test('is read by administrators only, told in the audit log, and is sealed in the database', async () => {
    const { token } = await connect(sign({ id: 'c-nosy' }))
    expect((await server.http('GET', '/admin/identity-secret', undefined, token)).status).toBe(403)
    const log = await server.http('GET', '/admin/logs?action=identity:secret', undefined, owner)
    expect(log.reply.success && log.reply.data.items.length).toBeGreaterThan(0)
    const [row] = await server.app.database.sql`select sealed from secrets where name = 'site_identity'`
    expect(row!.sealed).not.toContain(secret)
  })

  test('after a change both hold for a day, then only the new one', async () => {
    const before = secret
    const { reply } = await server.http('POST', '/admin/identity-secret/rotate', {}, owner)
    secret = reply.success && reply.data.secret
    expect(secret).not.toBe(before)
    expect((await connect(sign({ id: 'c-1' }))).ready.session.role).toBe('user')
    expect((await connect(sign({ id: 'c-1' }, before))).ready.session.role).toBe('user')
    await server.http('POST', '/admin/identity-secret/rotate', {}, owner)
    expect(await refused(sign({ id: 'c-1' }, before))).toBe('UNAUTHORIZED')
  })
})
