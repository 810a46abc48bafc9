import { createHmac } from 'node:crypto'
import { Writable } from 'node:stream'
import { hash } from '@node-rs/argon2'
import { TOTP } from 'otpauth'
import pino from 'pino'
import { beforeAll, describe, expect, test } from 'vitest'
import { normalizeCode, normalizeEmail, normalizePhone } from '#protocol/core/normalize'
import { code, startServer, type TestServer } from '../fixtures/harness.ts'

let server: TestServer
let owner: string
let secret: string
const log: string[] = []

beforeAll(async () => {
  const lines = new Writable({
    write(line, _encoding, next) {
      log.push(String(line))
      next()
    },
  })
  server = await startServer({ adminEmail: 'Owner@Shop.example' }, { log: pino({ level: 'info' }, lines) })
  owner = await server.signIn()
  const { reply } = await server.http('GET', '/admin/identity-secret', undefined, owner)
  secret = reply.success && reply.data.secret
})

const inAnHour = () => new Date(Date.now() + 3_600_000).toISOString()

/** What a shop's own server does, over the bytes it has. */
function sign(person: { id: string | number; email?: string; name?: string; expires_at?: string }) {
  const { id, email, name, expires_at = inAnHour() } = person
  const text = [id, email ?? '', name ?? '', expires_at].join('\n')
  return { id, email, name, expires_at, hash: createHmac('sha256', secret).update(text).digest('hex') }
}

async function known(person: Parameters<typeof sign>[0]) {
  const { ready } = await server.connect({ auth: { identity: sign(person) } })
  return ready
}

describe('F1: the hash is over what the site sent', () => {
  test.each([
    ['capitals', 'User@Shop.Example', 'user@shop.example'],
    ['an apostrophe', "o'brien@mail.example", "o'brien@mail.example"],
    ['a domain in ASCII', 'a@xn--mnchen-3ya.de', 'a@xn--mnchen-3ya.de'],
    ['a domain in its letters', 'b@münchen.de', 'b@xn--mnchen-3ya.de'],
    ['letters in parts', 'c@mu\u0308nchen.de', 'c@xn--mnchen-3ya.de'],
    ['a tag', 'me+shop@mail.example', 'me+shop@mail.example'],
    ['a quoted local part', '"john smith"@mail.example', '"john smith"@mail.example'],
    ['blanks around', '  blank@mail.example ', 'blank@mail.example'],
    ['a local part beyond ASCII', '用户@例子.广告', '用户@xn--fsqu00a.xn--4rr70v'],
  ])('%s', async (name, email, stored) => {
    const { session, warnings } = await known({ id: `address with ${name}`, email })
    expect(session).toMatchObject({ role: 'user', user: { email: stored } })
    expect(warnings).toBeUndefined()
  })

  test.each([
    ['a number', { id: 42 }],
    ['a number as text', { id: '42' }],
    ['blanks and letters of any script', { id: ' Ж 顾客/7 ', name: '  Zoë  王 ' }],
    ['the end as PHP writes it', { id: 'php', expires_at: inAnHour().replace('Z', '+00:00') }],
    ['an empty name and address', { id: 'empty', name: '', email: '' }],
    ['a name that is long', { id: 'long', name: 'n'.repeat(400) }],
  ])('an id, name or end with %s', async (_what, person) => {
    expect((await known(person)).session.role).toBe('user')
  })

  test('42 and "42" are one customer', async () => {
    const [one, other] = [await known({ id: 42 }), await known({ id: '42' })]
    expect(other.session.user!.id).toBe(one.session.user!.id)
  })

  test('a hash in capitals is the same hash', async () => {
    const identity = sign({ id: 'capital hash' })
    const client = await server.connect({
      auth: { identity: { ...identity, hash: identity.hash.toUpperCase() } },
    })
    expect(client.ready.session.role).toBe('user')
  })

  test.each([
    'nobody',
    'a@localhost',
    'a..b@mail.example',
    `${'l'.repeat(65)}@mail.example`,
    'a@b@mail.example',
    'x'.repeat(600),
  ])('a bad address costs the address, not the chat: %s', async email => {
    const ready = await known({ id: `bad ${email.slice(0, 20)}`, email, name: 'Still there' })
    expect(ready.session).toMatchObject({ role: 'user', user: { email: null, name: 'Still there' } })
    expect(ready.warnings).toMatchObject([{ code: 'IDENTITY_EMAIL' }])
    const line = log.findLast(entry => entry.includes('IDENTITY_EMAIL'))!
    expect(line).toContain(ready.session.user!.id)
    expect(line).not.toContain(email)
  })

  test('nothing that was not signed is taken: the address in another form is another', async () => {
    const identity = sign({ id: 'strict', email: 'User@Shop.Example' })
    const attempt = server.connect({ auth: { identity: { ...identity, email: 'user@shop.example' } } })
    await expect(attempt).rejects.toMatchObject({ data: { code: 'UNAUTHORIZED' } })
  })
})

describe('F1: one grammar of addresses', () => {
  const longest = `a@${'b'.repeat(61)}.${'c'.repeat(61)}.${'d'.repeat(61)}.${'e'.repeat(61)}.de`
  test.each([
    [`${'l'.repeat(64)}@mail.example`, `${'l'.repeat(64)}@mail.example`],
    [`a@${'b'.repeat(63)}.de`, `a@${'b'.repeat(63)}.de`],
    [`a@${'b'.repeat(64)}.de`, null],
    [longest, longest],
    [`aaa${longest}`, null],
    ['"plain"@mail.example', 'plain@mail.example'],
    ['"a@b"@mail.example', '"a@b"@mail.example'],
    ['ａ＠ｍａｉｌ．ｅｘａｍｐｌｅ', 'a@mail.example'],
    ['a@mail。example', 'a@mail.example'],
    ['a@faß.de', 'a@xn--fa-hia.de'],
    ['a@1.2.3.4', null],
    ['a@[1.2.3.4]', null],
    ['a@mail.example\r\nBcc: b@mail.example', null],
    ['a@mail.example,b@mail.example', null],
    ['a@mail.example/path', null],
    ['a@user:pass@mail.example', null],
    ['a@-mail.example', null],
    ['a@xn--zzzz.de', null],
    ['', null],
    ['@', null],
  ])('%s', (text, normal) => {
    expect(normalizeEmail(text)).toBe(normal)
    if (normal) expect(normalizeEmail(normal)).toBe(normal)
  })

  test('the same account, however its address is written; and nobody else takes it', async () => {
    const password = 'a long enough password'
    const made = await server.http('POST', '/auth/register', {
      username: 'muenchen',
      email: "O'Brien@München.de",
      password,
      confirm_password: password,
    })
    expect(made.reply).toMatchObject({ data: { user: { email: "o'brien@xn--mnchen-3ya.de" } } })
    for (const email of ["o'brien@münchen.de", "O'BRIEN@XN--MNCHEN-3YA.DE", "ｏ'brien@mu\u0308nchen.de"]) {
      expect(code((await server.http('POST', '/auth/login', { email, password })).reply)).toBe('ok')
      const duplicate = { username: `twin${email.length}`, email, password, role: 'user' }
      expect(code((await server.http('POST', '/admin/users', duplicate, owner)).reply)).toBe(
        'USER_ALREADY_EXISTS',
      )
    }
  })

  test('a code that was asked for with one form is entered with another', async () => {
    const visitor = await server.connect()
    await visitor.ask('auth:send_code', { email: 'leser@bücher.example' })
    const digits = await digitsTo('leser@xn--bcher-kva.example')
    const signedIn = await visitor.ask('auth:verify', { email: 'Leser@BÜCHER.example', code: digits })
    expect(signedIn.user.email).toBe('leser@xn--bcher-kva.example')
  })
})

/** Those in the newest mail to an address, as the owner reads it in the outbox. */
async function digitsTo(recipient: string): Promise<string> {
  const { reply } = await server.http('GET', '/admin/mail?page_size=100', undefined, owner)
  const found = reply.success && reply.data.items.find((mail: any) => mail.recipient === recipient)
  const one = await server.http('GET', `/admin/mail/${found.id}`, undefined, owner)
  return /\b\d{6}\b/.exec(one.reply.success && one.reply.data.mail.text)![0]
}

const wide = (text: string) =>
  text.replace(/[!-~]/g, letter => String.fromCharCode(letter.charCodeAt(0) + 0xfee0))

describe('B19: what people type into forms is stored in one form', () => {
  test.each([
    ['+49 30 901820', '+4930901820'],
    ['＋４９（３０）９０１８－２０', '+4930901820'],
    ['\u202a+49\u00a030\u2011901820\u202c', '+4930901820'],
    ['+44 (0)20 7946 0958', '+442079460958'],
    ['(020) 7946 0958', '02079460958'],
    ['020.7946.0958', '02079460958'],
    ['tel:+86-138-1234-5678', '+8613812345678'],
    ['１３８　１２３４　５６７８', '13812345678'],
    ['٠٢٠ ٧٩٤٦ ٠٩٥٨', '02079460958'],
    ['۰۲۱-۸۸۸۸۱۲۳۴', '02188881234'],
    ['०११ २३४५ ६७८९', '01123456789'],
    ['010-12345678 转 801', '01012345678x801'],
    ['+1 555 010 9999 ext. 12', '+15550109999x12'],
    ['12345', '12345'],
    ['1234', null],
    ['call me', null],
    ['+49 30 901820 or +49 30 901821', null],
    ['1234567890123456', null],
    ['', null],
  ])('telephone number %j', (typed, stored) => {
    expect(normalizePhone(typed)).toBe(stored)
    if (stored) expect(normalizePhone(stored)).toBe(stored)
  })

  test.each([
    ['lin@mail.example\u200b', 'lin@mail.example'],
    ['\ufefflin@mail.example', 'lin@mail.example'],
    ['lin＠mail。example', 'lin@mail.example'],
    ['lin。mei@mail.example', 'lin.mei@mail.example'],
    ['lin @ mail.example', 'lin@mail.example'],
    ['lin@mail.example.', 'lin@mail.example'],
    ['mailto:lin@mail.example', 'lin@mail.example'],
    ['Lin Mei <lin@mail.example>', 'lin@mail.example'],
    ['lin@mail.example, mei@mail.example', null],
  ])('e-mail address %j', (typed, stored) => {
    expect(normalizeEmail(typed)).toBe(stored)
  })

  test.each([
    '123456',
    '１２３４５６',
    '١٢٣٤٥٦',
    '۱۲۳۴۵۶',
    '123 456',
    '123–456',
    '123.456',
    '\u2066123456\u2069',
  ])('code %j', typed => expect(normalizeCode(typed)).toBe('123456'))

  test('an address that is left is stored as it is dialled and mailed to', async () => {
    const visitor = await server.connect()
    const { conversation } = await visitor.ask('conversation:open', {})
    await visitor.ask('handoff:request', { conversation_id: conversation.id, key: crypto.randomUUID() })
    const { contact } = await visitor.ask('handoff:contact', {
      conversation_id: conversation.id,
      email: ' Lin＠Mail。example',
      phone: '（020）７９４６　０９５８',
    })
    expect(contact).toMatchObject({ email: 'Lin@mail.example', phone: '02079460958' })
    const wrong = await visitor.call('handoff:contact', {
      conversation_id: conversation.id,
      phone: 'call me',
    })
    expect(wrong).toMatchObject({ error: { code: 'VALIDATION_ERROR', details: [{ field: 'phone' }] } })
  })
})

describe('F2: what is typed is compared in one form', () => {
  const composed = 'Pässwörter für José'
  const parts = composed.normalize('NFD')
  const login = (body: object) => server.http('POST', '/auth/login', body)

  async function register(username: string, password: string) {
    const { reply } = await server.http('POST', '/auth/register', {
      username,
      email: `${crypto.randomUUID()}@mail.example`,
      password,
      confirm_password: password.normalize('NFC'),
    })
    if (!reply.success) throw new Error(reply.error.message)
    return reply.data
  }

  test.each([
    ['registered composed', 'nfc-user', composed],
    ['registered in parts', 'nfd-user', parts],
  ])('a password %s opens in every form', async (_what, username, password) => {
    await register(username, password)
    for (const form of [composed, parts, composed.replace(' ', '\u00a0'), wide('P') + composed.slice(1)])
      expect(code((await login({ username, password: form })).reply)).toBe('ok')
    expect(code((await login({ username, password: composed.replace('ä', 'a') })).reply)).toBe(
      'INVALID_CREDENTIALS',
    )
  })

  test.each([
    ['in parts', parts],
    ['full width', wide('correct-Horse')],
  ])('a hash of before, %s, holds and is made anew at the sign-in', async (what, before) => {
    const username = `old-${what.replace(' ', '-')}`
    const { user } = await register(username, 'something else entirely')
    const { sql } = server.app.database
    const old = await hash(before, { memoryCost: 19_456, timeCost: 2, parallelism: 1 })
    await sql`update people set password_hash = ${old} where id = ${user.id}`
    expect(code((await login({ username, password: before })).reply)).toBe('ok')
    const [row] = await sql`select password_hash from people where id = ${user.id}`
    expect(row!.password_hash).not.toBe(old)
    for (const form of [before, before.normalize('NFC'), before.normalize('NFD'), before.normalize('NFKC')])
      expect(code((await login({ username, password: form })).reply)).toBe('ok')
    const [again] = await sql`select password_hash from people where id = ${user.id}`
    expect(again!.password_hash).toBe(row!.password_hash)
  })

  test('a password is changed with the present one in any form, and a wrong one is refused', async () => {
    const { access_token } = await register('changer', composed)
    const change = (current_password: string) =>
      server.http('PUT', '/auth/password', { current_password, password: 'another long one' }, access_token)
    expect(code((await change('wrong')).reply)).toBe('INVALID_CREDENTIALS')
    expect(code((await change(parts)).reply)).toBe('ok')
  })

  test.each([
    ['case', 'JOSÉ.MÜLLER'],
    ['parts', 'José.Müller'.normalize('NFD')],
    ['width', `${wide('Jos')}é．Müller`],
    ['blanks', ' josé.müller '],
  ])('a user name in another %s is the same name', async (what, typed) => {
    await register('José.Müller', 'a long enough password').catch(() => {})
    expect(code((await login({ username: typed, password: 'a long enough password' })).reply)).toBe('ok')
    await expect(register(typed, 'a long enough password'), what).rejects.toThrow('already taken')
  })

  test('a code by mail is taken as input methods write it', async () => {
    for (const [index, form] of [
      (digits: string) => wide(digits),
      (digits: string) => ` ${digits.slice(0, 3)} ${digits.slice(3)} `,
      (digits: string) => `${digits.slice(0, 3)}-${digits.slice(3)}`,
      (digits: string) => wide(`${digits.slice(0, 3)}-${digits.slice(3)}`),
      (digits: string) => `${digits.slice(0, 3)}–${digits.slice(3)}\u200b`,
    ].entries()) {
      const visitor = await server.connect()
      const email = `typed-${index}@mail.example`
      await visitor.ask('auth:send_code', { email })
      const reply = await visitor.call('auth:verify', { email, code: form(await digitsTo(email)) })
      expect(code(reply)).toBe('ok')
    }
  })

  test('codes of a second factor, and recovery codes, too', async () => {
    const account = { username: 'factor', email: 'factor@shop.example', password: composed, role: 'agent' }
    await server.http('POST', '/admin/users', account, owner)
    const signIn = (otp?: string) => login({ username: 'factor', password: composed, otp })
    const { reply } = await signIn()
    const token = reply.success && reply.data.access_token
    const begun = await server.http('POST', '/auth/second-factor', {}, token)
    const factor = begun.reply.success && begun.reply.data
    const digits = (steps: number) =>
      new TOTP({ secret: factor.secret }).generate({ timestamp: Date.now() + steps * 30_000 })
    const confirmed = await server.http(
      'POST',
      '/auth/second-factor/confirm',
      { code: wide(digits(0)) },
      token,
    )
    const [recovery, other] = confirmed.reply.success && confirmed.reply.data.recovery_codes
    const now = digits(1)
    expect(code((await signIn(`${now.slice(0, 3)} ${wide(now.slice(3))}`)).reply)).toBe('ok')
    expect(code((await signIn(wide(recovery.toLowerCase()))).reply)).toBe('ok')
    expect(code((await signIn(other.replaceAll('-', ' '))).reply)).toBe('ok')
    expect(code((await signIn(other)).reply)).toBe('INVALID_CODE')
  })
})
