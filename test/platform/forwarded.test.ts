import { beforeAll, describe, expect, test } from 'vitest'
import { networkOf } from '../../server/net/address.ts'
import { createProxies } from '../../server/transport/proxies.ts'
import { startServer, type TestServer } from '../fixtures/harness.ts'

const clientOf = createProxies({ trusted: ['10.0.0.0/8', 'fd00::/8'], tls: false })
const proxy = '10.1.2.3'

function addressFrom(headers: Record<string, string>): string {
  return clientOf(proxy, name => headers[name]).address
}

describe('A12: the address as proxies write it', () => {
  const written: [string, string][] = [
    ['203.0.113.9', '203.0.113.9'],
    ['203.0.113.9:51234', '203.0.113.9'],
    ['"203.0.113.9:51234"', '203.0.113.9'],
    ['2001:db8::1', '2001:db8::1'],
    ['[2001:db8::1]', '2001:db8::1'],
    ['[2001:db8::1]:51234', '2001:db8::1'],
    ['"[2001:db8::1]:51234"', '2001:db8::1'],
    ['2001:0DB8:0:0::0001', '2001:db8::1'],
    ['fe80::1%eth0', 'fe80::1'],
    ['[fe80::1%25eth0]:80', 'fe80::1'],
    ['::ffff:203.0.113.9', '203.0.113.9'],
    ['::FFFF:cb00:7109', '203.0.113.9'],
    ['[::ffff:203.0.113.9]:80', '203.0.113.9'],
    ['  203.0.113.9  ', '203.0.113.9'],
    ['203.0.113.9,', '203.0.113.9'],
    [', ,203.0.113.9, ,', '203.0.113.9'],
    ['6.6.6.6, 203.0.113.9:80, 10.0.0.7:9000', '203.0.113.9'],
  ]
  test.each(written)('X-Forwarded-For %s is %s', (header, address) => {
    expect(addressFrom({ 'x-forwarded-for': header })).toBe(address)
  })

  const nothing = [
    'unknown',
    '_hidden',
    'UNKNOWN',
    'localhost',
    'shop.example',
    '203.0.113.9:http',
    '203.0.113.999',
    '0203.0.113.9',
    '3405803785',
    '0xcb007109',
    '203.0.113.9/24',
    '203.0.113.9 10',
    '[203.0.113.9]',
    '[2001:db8::1',
    '2001:db8::1]',
    '"203.0.113.9',
    "'203.0.113.9'",
    'for=203.0.113.9',
    'http://203.0.113.9',
    '203.0.113.9;x',
    ' ',
    ',',
    '٢٠٣.0.113.9',
    '203.0.113.9\u00a0x',
  ]
  test.each(nothing)('%j is no address: the proxy’s own', header => {
    expect(addressFrom({ 'x-forwarded-for': header })).toBe(proxy)
    expect(addressFrom({ 'x-forwarded-for': `6.6.6.6, ${header}` })).toMatch(/^(10\.1\.2\.3|6\.6\.6\.6)$/)
    expect(addressFrom({ 'x-real-ip': header })).toBe(proxy)
  })

  test('what stands left of something that is no address is not believed; the nearest proxy is', () => {
    expect(addressFrom({ 'x-forwarded-for': '203.0.113.9, unknown' })).toBe(proxy)
    expect(addressFrom({ 'x-forwarded-for': '203.0.113.9, unknown, 10.0.0.7' })).toBe('10.0.0.7')
  })

  const rfc7239: [string, string][] = [
    ['for=203.0.113.9', '203.0.113.9'],
    ['For="[2001:db8:cafe::17]:4711"', '2001:db8:cafe::17'],
    ['for=203.0.113.9;proto=https;by=10.0.0.7', '203.0.113.9'],
    ['by=10.0.0.7 ; FOR=203.0.113.9', '203.0.113.9'],
    ['for=6.6.6.6, for="203.0.113.9:80"', '203.0.113.9'],
    ['for="6.6.6.6, for=7.7.7.7";host="a,b;c", for=203.0.113.9', '203.0.113.9'],
    ['for=203.0.113.9, for=10.0.0.7', '203.0.113.9'],
    ['for=unknown', proxy],
    ['for=_gazonk', proxy],
    ['proto=https', proxy],
    ['for="203.0.113.9', proxy],
    ['for="', proxy],
  ]
  test.each(rfc7239)('Forwarded %s is %s', (forwarded, address) => {
    expect(addressFrom({ forwarded })).toBe(address)
  })

  test('X-Real-IP alone, and within a chain of proxies', () => {
    expect(addressFrom({ 'x-real-ip': '203.0.113.9' })).toBe('203.0.113.9')
    const chain = { 'x-forwarded-for': '203.0.113.9, 10.0.0.7', 'x-real-ip': '10.0.0.7' }
    expect(addressFrom(chain)).toBe('203.0.113.9')
  })

  test('headers that contradict each other name nobody: one of them came from the caller', () => {
    const honest = {
      'x-forwarded-for': '203.0.113.9',
      forwarded: 'for=203.0.113.9',
      'x-real-ip': '203.0.113.9',
    }
    expect(addressFrom(honest)).toBe('203.0.113.9')
    for (const header of ['x-forwarded-for', 'x-real-ip', 'forwarded']) {
      const invented = { ...honest, [header]: header === 'forwarded' ? 'for=6.6.6.6' : '6.6.6.6' }
      expect(addressFrom(invented)).toBe(proxy)
    }
  })

  test('the scheme, also as RFC 7239 writes it', () => {
    const secure = (headers: Record<string, string>) => clientOf(proxy, name => headers[name]).secure
    expect(secure({ forwarded: 'for=203.0.113.9;proto=https' })).toBe(true)
    expect(secure({ forwarded: 'for=6.6.6.6;proto=https, for=203.0.113.9;proto=http' })).toBe(false)
    expect(secure({ forwarded: 'proto=https', 'x-forwarded-proto': 'http' })).toBe(false)
  })

  test.each([
    ['2001:db8::1', '2001:db8:0:0::/64'],
    ['2001:DB8:0:0:ffff::1%eth0', '2001:db8:0:0::/64'],
    ['64:ff9b::203.0.113.9', '64:ff9b:0:0::/64'],
    ['::ffff:cb00:7109', '203.0.113.9'],
  ])('%s counts as %s', (address, network) => {
    expect(networkOf(address)).toBe(network)
  })
})

describe('A12: limits and the audit see one value', () => {
  let server: TestServer
  beforeAll(async () => {
    server = await startServer({ trustedProxies: ['127.0.0.1'], rateLimits: true })
  })

  const spellings = [
    '203.0.113.9',
    '"203.0.113.9:1"',
    '203.0.113.9:2',
    '::ffff:203.0.113.9',
    '[::ffff:cb00:7109]:3',
  ]

  test('however it is written, over HTTP', async () => {
    const statuses: number[] = []
    for (let index = 0; index < 35; index++) {
      const response = await fetch(`${server.url}/api/v1/auth/login`, {
        method: 'POST',
        headers: {
          'content-type': 'application/json',
          'x-forwarded-for': spellings[index % spellings.length]!,
        },
        body: JSON.stringify({ username: 'admin', password: 'wrong' }),
      })
      statuses.push(response.status)
    }
    expect(statuses.filter(status => status === 429).length).toBeGreaterThanOrEqual(1)
    const rows = await server.app.database.sql<{ address: string }[]>`
      select distinct address from audit where scope = 'session'`
    expect(rows.map(row => row.address)).toEqual(['203.0.113.9'])
  })

  async function connectAs(forwardedFor: string | string[]): Promise<string> {
    const headers = { 'x-forwarded-for': forwardedFor } as Record<string, string>
    return server.connect({ headers }).then(
      () => 'ok',
      error => error.data.code,
    )
  }

  test('however it is written, on the socket', async () => {
    const codes: string[] = []
    for (let index = 0; index < 25; index++) codes.push(await connectAs(spellings[index % spellings.length]!))
    expect(codes).toContain('RATE_LIMITED')
  })

  test('in several headers of one name, as HAProxy adds its own', async () => {
    for (let index = 0; index < 25; index++)
      expect(await connectAs([`198.51.100.${index}`, '127.0.0.1'])).toBe('ok')
  })
})
