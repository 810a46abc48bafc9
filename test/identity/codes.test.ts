import { beforeAll, describe, expect, test } from 'vitest'
import { codeCount, codeLimits } from '../../server/areas/identity/auth/codes.ts'
import { networkOf } from '../../server/net/address.ts'
import { code, converse, startServer, type TestClient, type TestServer } from '../fixtures/harness.ts'

let server: TestServer
let owner: string
beforeAll(async () => {
  server = await startServer({ adminEmail: 'owner@shop.example' })
  owner = await server.signIn()
})

/** The text of the newest mail to an address, as the owner reads it in the outbox. */
async function mailTo(recipient: string): Promise<string> {
  const { reply } = await server.http('GET', '/admin/mail?page_size=100', undefined, owner)
  const found = reply.success && reply.data.items.find((mail: any) => mail.recipient === recipient)
  const one = await server.http('GET', `/admin/mail/${found.id}`, undefined, owner)
  return one.reply.success && one.reply.data.mail.text
}

const digitsIn = (text: string) => /\b\d{6}\b/.exec(text)![0]
const wrongOf = (digits: string) => (digits === '000000' ? '000001' : '000000')

/** What was counted an hour ago no longer counts. */
const anHourLater = () => server.app.database.sql`update code_attempts set at = at - interval '61 minutes'`

async function codeFor(client: TestClient, email: string): Promise<string> {
  const { expires_in } = await client.ask('auth:send_code', { email })
  expect(expires_in).toBe(600)
  return digitsIn(await mailTo(email))
}

describe('signing in by a code', () => {
  test('upgrades the open socket, and takes the conversations along', async () => {
    const visitor = await server.connect()
    const key = crypto.randomUUID()
    const { conversation, message } = await converse(visitor, 'Before I signed in', key)
    const digits = await codeFor(visitor, 'mei@mail.example')
    const signedIn = await visitor.ask('auth:verify', { email: 'Mei@Mail.example', code: digits })
    expect(signedIn).toMatchObject({
      user: { role: 'user', email: 'mei@mail.example' },
      token_type: 'bearer',
      expires_in: 1800,
    })
    // The same socket now speaks as the user, and a repeat of what was said before is still known for one (D2).
    const repeated = await visitor.ask('message:send', {
      conversation_id: conversation.id,
      key,
      content: 'Before I signed in',
    })
    expect(repeated.message.id).toBe(message.id)
    const elsewhere = await server.connect({ token: signedIn.access_token })
    const opened = await elsewhere.ask('conversation:open', { conversation_id: conversation.id })
    expect(opened.messages.map(entry => entry.content)).toContain('Before I signed in')
    expect(elsewhere.ready.session).toMatchObject({ role: 'user', user: { email: 'mei@mail.example' } })
  })

  test('on another device finds the same account', async () => {
    const devices = [await server.connect(), await server.connect()]
    const ids = []
    for (const device of devices) {
      const digits = await codeFor(device, 'two-devices@mail.example')
      ids.push((await device.ask('auth:verify', { email: 'two-devices@mail.example', code: digits })).user.id)
    }
    expect(ids[0]).toBe(ids[1])
  })

  test('ends the visitor: other tabs with the old token are told, and it opens nothing', async () => {
    const tab = await server.connect()
    const other = await server.connect({ token: tab.token })
    const digits = await codeFor(tab, 'tabs@mail.example')
    await tab.ask('auth:verify', { email: 'tabs@mail.example', code: digits })
    expect((await other.until('session:ended')).code).toBe('UNAUTHORIZED')
    expect(tab.socket.connected).toBe(true)
    const again = await server.connect({ token: tab.token }).catch(error => error)
    expect(again.data.code).toBe('UNAUTHORIZED')
  })

  test('works over HTTP without a token, too', async () => {
    const email = 'plain@mail.example'
    expect((await server.http('POST', '/auth/send-code', { email })).reply).toMatchObject({
      data: { expires_in: 600 },
    })
    const digits = digitsIn(await mailTo(email))
    const { reply } = await server.http('POST', '/auth/verify', { email, code: digits })
    expect(reply).toMatchObject({ data: { user: { email }, refresh_token: expect.any(String) } })
  })

  test('takes the language of who asks', async () => {
    const visitor = await server.connect({ auth: { language: 'zh' } })
    await visitor.ask('auth:send_code', { email: 'zhang@mail.example' })
    expect(await mailTo('zhang@mail.example')).toContain('您的验证码')
  })
})

describe('a code', () => {
  const verify = async (client: TestClient, email: string, digits: string) =>
    code(await client.call('auth:verify', { email, code: digits }))

  test('works once', async () => {
    const visitor = await server.connect()
    const digits = await codeFor(visitor, 'once@mail.example')
    expect(await verify(visitor, 'once@mail.example', digits)).toBe('ok')
    expect(await verify(visitor, 'once@mail.example', digits)).toBe('INVALID_CODE')
  })

  test('works for ten minutes', async () => {
    const visitor = await server.connect()
    const digits = await codeFor(visitor, 'late@mail.example')
    await server.app.database
      .sql`update email_codes set expires_at = expires_at - interval '10 minutes 1 second'`
    expect(await verify(visitor, 'late@mail.example', digits)).toBe('INVALID_CODE')
  })

  test('works for the visitor who asked, the address it went to, and while it is the newest', async () => {
    const [visitor, thief] = [await server.connect(), await server.connect()]
    const first = await codeFor(visitor, 'bound@mail.example')
    expect(await verify(thief, 'bound@mail.example', first)).toBe('INVALID_CODE')
    expect(await verify(visitor, 'other@mail.example', first)).toBe('INVALID_CODE')
    const second = await codeFor(visitor, 'bound@mail.example')
    if (first !== second) expect(await verify(visitor, 'bound@mail.example', first)).toBe('INVALID_CODE')
    expect(await verify(visitor, 'bound@mail.example', second)).toBe('ok')
  })

  test('dies with five wrong tries; RATE_LIMITED says when to come back, and a new code does not lift it', async () => {
    const visitor = await server.connect()
    const email = 'guessed@mail.example'
    const digits = await codeFor(visitor, email)
    for (let index = 0; index < 5; index++)
      expect(await verify(visitor, email, wrongOf(digits))).toBe('INVALID_CODE')
    const refused = await visitor.call('auth:verify', { email, code: digits })
    expect(refused).toMatchObject({ error: { code: 'RATE_LIMITED', retryable: true } })
    const wait = !refused.success && (refused.error.details as any).retry_after_ms
    expect(wait).toBeGreaterThan(3_500_000)
    expect(wait).toBeLessThanOrEqual(3_600_000)
    const fresh = await codeFor(visitor, email)
    expect(await verify(visitor, email, fresh)).toBe('RATE_LIMITED')
    await anHourLater()
    expect(await verify(visitor, email, fresh)).toBe('ok')
  })

  test('of five wrong tries at once and the right one, no more than five count', async () => {
    const visitor = await server.connect()
    const email = 'at-once@mail.example'
    const digits = await codeFor(visitor, email)
    const tries = await Promise.all(Array.from({ length: 12 }, () => verify(visitor, email, wrongOf(digits))))
    expect(tries.filter(result => result === 'INVALID_CODE')).toHaveLength(5)
    expect(tries.filter(result => result === 'RATE_LIMITED')).toHaveLength(7)
    await anHourLater()
  })

  test('is stored as a keyed hash, and the address too', async () => {
    const visitor = await server.connect()
    const digits = await codeFor(visitor, 'hashed@mail.example')
    const rows = await server.app.database.sql`select * from email_codes`
    const attempts = await server.app.database.sql`select * from code_attempts`
    const bodies = await server.app.database.sql`select body from outbox`
    for (const stored of [rows, attempts, bodies]) {
      const text = JSON.stringify(stored, (_, value) =>
        value?.type === 'Buffer' ? Buffer.from(value.data).toString('latin1') : value,
      )
      expect(text).not.toContain(digits)
      expect(text).not.toContain('hashed@')
    }
  })

  test('the sum: guessing one takes more than a year on average, whoever tries and from wherever', () => {
    const hoursOfAYear = 365.25 * 24
    const { sends, wrong } = codeLimits
    // For one address: each of its codes of an hour may be tried `asker` times, by one visitor each.
    const perAddress = sends.address * wrong.asker
    // For any address: all wrong tries of the installation together.
    const anywhere = wrong.overall
    for (const triesAnHour of [perAddress, anywhere]) {
      const years = codeCount / triesAnHour / hoursOfAYear
      expect(years).toBeGreaterThan(1)
    }
    expect([perAddress, anywhere]).toEqual([25, 100])
  })
})

describe('sending is limited', () => {
  beforeAll(anHourLater)

  const send = async (client: TestClient, email: string) =>
    code(await client.call('auth:send_code', { email }))

  test('to five an hour for an address, whoever asks', async () => {
    const results = []
    for (let index = 0; index < 6; index++)
      results.push(await send(await server.connect(), 'many@mail.example'))
    expect(results).toEqual(['ok', 'ok', 'ok', 'ok', 'ok', 'RATE_LIMITED'])
    await anHourLater()
    expect(await send(await server.connect(), 'many@mail.example')).toBe('ok')
  })

  test('for a visitor, and for a network', async () => {
    await anHourLater()
    const one = await server.connect()
    const own = []
    for (let index = 0; index < 12; index++) own.push(await send(one, `a${index}@mail.example`))
    expect(own.filter(result => result === 'ok')).toHaveLength(codeLimits.sends.asker)
    const others = []
    for (let index = 0; index < 25; index++)
      others.push(await send(await server.connect(), `b${index}@mail.example`))
    expect(others.filter(result => result === 'ok')).toHaveLength(
      codeLimits.sends.network - codeLimits.sends.asker,
    )
    await anHourLater()
  })

  test.each([
    ['192.0.2.7', '192.0.2.7'],
    ['::ffff:192.0.2.7', '192.0.2.7'],
    ['2001:db8:1:2:3:4:5:6', '2001:db8:1:2::/64'],
    ['2001:0db8:0001:0002:ffff:ffff:ffff:ffff', '2001:db8:1:2::/64'],
    ['2001:db8::1', '2001:db8:0:0::/64'],
    ['::1', '0:0:0:0::/64'],
  ])('%s counts as %s', (address, network) => {
    expect(networkOf(address)).toBe(network)
  })
})

describe('the answer does not tell whether an address is known', () => {
  beforeAll(anHourLater)

  test('for a stranger, a user, staff and a disabled account it is the same; only mail differs', async () => {
    const password = 'a long enough password'
    for (const [username, role] of [
      ['known', 'user'],
      ['agent', 'agent'],
      ['gone', 'user'],
    ]) {
      const { reply } = await server.http(
        'POST',
        '/admin/users',
        { username, email: `${username}@mail.example`, password, role },
        owner,
      )
      if (username === 'gone')
        await server.http(
          'PUT',
          `/admin/users/${reply.success && reply.data.user.id}/status`,
          { is_active: false, reason: 'x' },
          owner,
        )
    }
    for (const [route, codeLine] of [
      ['/auth/send-code', /\b\d{6}\b/],
      ['/auth/forgot-password', /([A-Z2-9]{5}-){3}/],
    ] as const) {
      const answers = []
      const mails = []
      for (const name of ['stranger', 'known', 'agent', 'gone']) {
        const { status, reply } = await server.http('POST', route, { email: `${name}@mail.example` })
        answers.push(JSON.stringify([status, reply.success && reply.data]))
        mails.push(codeLine.test(await mailTo(`${name}@mail.example`)))
      }
      expect(new Set(answers).size).toBe(1)
      expect(mails).toEqual(
        route === '/auth/send-code' ? [true, true, false, false] : [false, true, true, false],
      )
    }
  })

  test('an account somebody made with a foreign address is the owner’s once they prove it, and the other is out', async () => {
    const email = 'victim@mail.example'
    const password = 'the thief knows this'
    const registered = await server.http('POST', '/auth/register', {
      username: 'squatter',
      email,
      password,
      confirm_password: password,
    })
    const thief = registered.reply.success && registered.reply.data
    const visitor = await server.connect()
    const digits = await codeFor(visitor, email)
    await visitor.ask('auth:verify', { email, code: digits })
    expect((await server.http('GET', '/auth/me', undefined, thief.access_token)).status).toBe(401)
    expect((await server.http('POST', '/auth/login', { email, password })).status).toBe(401)
  })
})

describe('a forgotten password', () => {
  beforeAll(anHourLater)

  test('is set anew by a mailed code, once; everybody is signed out', async () => {
    const [email, password] = ['forgetful@mail.example', 'the old long password']
    const registered = await server.http('POST', '/auth/register', {
      username: 'forgetful',
      email,
      password,
      confirm_password: password,
    })
    await server.http('POST', '/auth/forgot-password', { email })
    const long = /[A-Z2-9]{5}(-[A-Z2-9]{5}){3}/.exec(await mailTo(email))![0]
    const reset = (input: string) =>
      server.http('POST', '/auth/reset-password', { email, code: input, password: 'a brand new password' })
    expect((await reset('AAAAA-AAAAA-AAAAA-AAAAA')).reply).toMatchObject({ error: { code: 'INVALID_CODE' } })
    expect(code((await reset(long.toLowerCase())).reply)).toBe('ok')
    expect(code((await reset(long)).reply)).toBe('INVALID_CODE')
    const { access_token } = registered.reply.success && registered.reply.data
    expect((await server.http('GET', '/auth/me', undefined, access_token)).status).toBe(401)
    expect((await server.http('POST', '/auth/login', { email, password })).status).toBe(401)
    const again = await server.http('POST', '/auth/login', { email, password: 'a brand new password' })
    expect(again.status).toBe(200)
  })

  test('an invited account gets its first one the same way; an admin does not read mail that opens staff accounts', async () => {
    const invite = (username: string, role: string) =>
      server.http('POST', '/admin/users', { username, email: `${username}@mail.example`, role }, owner)
    await invite('invited', 'agent')
    const long = /[A-Z2-9]{5}(-[A-Z2-9]{5}){3}/.exec(await mailTo('invited@mail.example'))![0]
    expect((await server.http('POST', '/auth/login', { username: 'invited', password: 'x' })).status).toBe(
      401,
    )
    const password = 'chosen by the invited'
    const set = await server.http('POST', '/auth/reset-password', {
      email: 'invited@mail.example',
      code: long,
      password,
    })
    expect(code(set.reply)).toBe('ok')
    const { reply } = await server.http('POST', '/auth/login', { username: 'invited', password })
    expect(reply).toMatchObject({ data: { user: { role: 'agent' } } })

    await server.http(
      'POST',
      '/admin/users',
      { username: 'sub', email: 'sub@mail.example', role: 'admin', password },
      owner,
    )
    const sub = await server.http('POST', '/auth/login', { username: 'sub', password })
    const token = sub.reply.success && sub.reply.data.access_token
    await invite('plain-user', 'user')
    const listed = await server.http('GET', '/admin/mail?page_size=100', undefined, token)
    const items = listed.reply.success && listed.reply.data.items
    expect(items.some((mail: any) => mail.recipient === 'plain-user@mail.example')).toBe(true)
    expect(items.some((mail: any) => mail.staff)).toBe(false)
    const all = await server.http('GET', '/admin/mail?page_size=100', undefined, owner)
    const staffs = all.reply.success && all.reply.data.items.find((mail: any) => mail.staff)
    expect((await server.http('GET', `/admin/mail/${staffs.id}`, undefined, token)).status).toBe(404)
  })
})
