import { SignJWT } from 'jose'
import { beforeAll, describe, expect, test } from 'vitest'
import { newId } from '../../server/core/ids.ts'
import { createKeyRing } from '../../server/security/keys.ts'
import { code, startServer, type TestServer } from '../fixtures/harness.ts'

const secret = 'the secret of this installation, long enough'
const earlier = 'the secret of the year before, long enough'
const keys = createKeyRing([secret, earlier]).keysFor('access token')

let server: TestServer
let admin: string
beforeAll(async () => {
  server = await startServer({ secretKey: secret, previousSecretKeys: [earlier] })
  admin = await server.signIn()
})

const now = Math.floor(Date.now() / 1000)
const header = { alg: 'HS256', typ: 'at+jwt', kid: keys[0].id }
const claims = () => ({
  role: 'super_admin',
  sid: newId(),
  ver: 0,
  sub: newId(),
  iss: 'parley',
  aud: 'parley:access',
  iat: now,
  exp: now + 600,
})

const encode = (text: string) => Buffer.from(text).toString('base64url')

async function signText(head: string, body: string, key: Uint8Array = keys[0].bytes) {
  const { createHmac } = await import('node:crypto')
  const text = `${encode(head)}.${encode(body)}`
  return `${text}.${createHmac('sha256', key).update(text).digest('base64url')}`
}

const sign = (head: object, body: object, key?: Uint8Array) =>
  signText(JSON.stringify(head), JSON.stringify(body), key)

const tried = async (token: string) => {
  const { reply } = await server.http('GET', '/admin/users/statistics', undefined, token)
  return code(reply)
}

test('a token with our header, claims and key opens the door: what follows fails for its own reason', async () => {
  expect(await tried(await sign(header, claims()))).toBe('ok')
})

describe('tokens that must not open it', () => {
  const without = (name: string) => {
    const { [name]: _gone, ...rest } = claims() as Record<string, unknown>
    return rest
  }
  const cases: [string, () => Promise<string>][] = [
    [
      'alg none, unsigned',
      async () => `${encode('{"alg":"none","typ":"at+jwt"}')}.${encode(JSON.stringify(claims()))}.`,
    ],
    ['alg none, with our kid', () => sign({ ...header, alg: 'none' }, claims())],
    ['alg in another case', () => sign({ ...header, alg: 'hs256' }, claims())],
    [
      'another HMAC',
      () => new SignJWT(claims()).setProtectedHeader({ ...header, alg: 'HS512' }).sign(new Uint8Array(64)),
    ],
    ['RS256 named, signed as HMAC (key confusion)', () => sign({ ...header, alg: 'RS256' }, claims())],
    ['no kid', () => sign({ alg: 'HS256', typ: 'at+jwt' }, claims())],
    ['an unknown kid', () => sign({ ...header, kid: 'AAAAAAAA' }, claims())],
    [
      'a kid that is a path',
      () => sign({ ...header, kid: '../../../../dev/null' }, claims(), new Uint8Array(32)),
    ],
    ['a kid that is SQL', () => sign({ ...header, kid: "x' union select 'key" }, claims())],
    ['a kid that is no text', () => sign({ ...header, kid: ['x'] }, claims())],
    ['the kid of one key, signed by another', () => sign({ ...header, kid: keys[1]!.id }, claims())],
    [
      'a key of its own in the header',
      () => sign({ ...header, kid: undefined, jwk: { kty: 'oct', k: 'AAAA' } }, claims(), new Uint8Array(3)),
    ],
    ['an empty key', () => sign(header, claims(), new Uint8Array(0))],
    ['an unknown critical extension', () => sign({ ...header, crit: ['x'], x: 1 }, claims())],
    ['another type', () => sign({ ...header, typ: 'JWT' }, claims())],
    ['no type', () => sign({ alg: 'HS256', kid: header.kid }, claims())],
    ['another issuer', () => sign(header, { ...claims(), iss: 'parley.evil' })],
    ['another audience', () => sign(header, { ...claims(), aud: 'parley:refresh' })],
    ['run out', () => sign(header, { ...claims(), exp: now - 1 })],
    ['issued in the future', () => sign(header, { ...claims(), iat: now + 3600, exp: now + 7200 })],
    ['not yet valid', () => sign(header, { ...claims(), nbf: now + 3600 })],
    ['an end that is text', () => sign(header, { ...claims(), exp: '9999999999' })],
    ['a role that is none', () => sign(header, { ...claims(), role: 'anyone' })],
    ['a role nobody has', () => sign(header, { ...claims(), role: 'root' })],
    [
      'a claim twice',
      () => signText(JSON.stringify(header), JSON.stringify(claims()).replace('{', '{"role":"visitor",')),
    ],
    [
      'a header field twice',
      () => signText(JSON.stringify(header).replace('{', '{"alg":"none",'), JSON.stringify(claims())),
    ],
    ['white space between', () => signText(JSON.stringify(header), JSON.stringify(claims(), null, 1))],
    [
      'another byte in the signature',
      async () => (await sign(header, claims())).replace(/.$/, char => (char === 'A' ? 'E' : 'A')),
    ],
    ['a fourth part', async () => `${await sign(header, claims())}.x`],
    ...['sub', 'exp', 'iat', 'role', 'sid', 'ver', 'iss', 'aud'].map(
      (name): [string, () => Promise<string>] => [`no ${name}`, () => sign(header, without(name))],
    ),
  ]
  test.each(cases)('%s', async (_name, make) => {
    const token = await make()
    expect(await tried(token)).toMatch(/^(UNAUTHORIZED|TOKEN_EXPIRED)$/)
    const refused = await server.connect({ namespace: 'agent', token }).catch(error => error.data?.code)
    expect(refused).toMatch(/^(UNAUTHORIZED|TOKEN_EXPIRED)$/)
  })

  test('a refresh token is no access token, and the other way round', async () => {
    const { reply } = await server.http('POST', '/auth/register', {
      username: 'mixer',
      email: 'mixer@shop.example',
      password: 'a long enough password',
      confirm_password: 'a long enough password',
    })
    const { access_token, refresh_token } = reply.success && reply.data
    expect(await tried(refresh_token)).toBe('UNAUTHORIZED')
    const renewed = await server.http('POST', '/auth/refresh', { refresh_token: access_token })
    expect(code(renewed.reply)).toBe('UNAUTHORIZED')
  })
})

describe('keys change without signing anybody out', () => {
  test('a token of the earlier secret still holds, and a new one is made with the current', async () => {
    const old = await sign({ ...header, kid: keys[1]!.id }, claims(), keys[1]!.bytes)
    expect(await tried(old)).toBe('ok')
    expect(JSON.parse(Buffer.from(admin.split('.')[0]!, 'base64url').toString()).kid).toBe(keys[0].id)
  })

  test('a visitor of the earlier secret stays the same person, with a token of the current one', async () => {
    const visitor = { ...claims(), role: 'visitor' }
    const old = await sign({ ...header, kid: keys[1]!.id }, visitor, keys[1]!.bytes)
    const { token } = await server.connect({ token: old })
    const [head, body] = token.split('.').map(part => Buffer.from(part, 'base64url').toString())
    expect(JSON.parse(head!).kid).toBe(keys[0].id)
    expect(JSON.parse(body!).sub).toBe(visitor.sub)
  })
})
