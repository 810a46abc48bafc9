import { connect } from 'node:net'
import { beforeAll, describe, expect, test } from 'vitest'
import type { Bus, BusParts } from '../../server/realtime/bus.ts'
import { createLimits, openMax } from '../../server/transport/limits.ts'
import { createProxies } from '../../server/transport/proxies.ts'
import { code, startServer, type TestServer } from '../fixtures/harness.ts'

let server: TestServer
beforeAll(async () => {
  server = await startServer({ publicUrl: 'https://chat.example', trustedProxies: ['127.0.0.1'] })
})

const ask = (path: string, headers: Record<string, string> = {}, method = 'GET') =>
  fetch(server.url + path, {
    method,
    headers,
    redirect: 'manual',
    body: method === 'POST' ? '{}' : undefined,
  })
const secure = { 'x-forwarded-proto': 'https' }

describe('behind a proxy, with an https address', () => {
  test.each(['/', '/console?x=1', '/api/v1/system/health'])(
    'GET %s in the clear is told the other address',
    async path => {
      const response = await ask(path)
      expect([response.status, response.headers.get('location')]).toEqual([
        308,
        `https://chat.example${path}`,
      ])
    },
  )

  test('anything that brings something along in the clear is refused', async () => {
    const response = await ask('/api/v1/auth/login', {}, 'POST')
    expect([response.status, code((await response.json()) as any)]).toEqual([403, 'FORBIDDEN'])
    const error = await server.connect().catch(thrown => thrown)
    expect(error.data).toMatchObject({ code: 'FORBIDDEN', message: 'Connect over https.' })
  })

  test('what came encrypted to the proxy is served, with HSTS; probes are served either way', async () => {
    const response = await ask('/api/v1/system/health', secure)
    expect(response.status).toBe(200)
    expect(response.headers.get('strict-transport-security')).toBe('max-age=31536000')
    await expect(server.connect({ headers: secure })).resolves.toBeDefined()
    for (const path of ['/healthz', '/readyz', '/metrics']) expect((await ask(path)).status).toBe(200)
  })

  test('security headers stand on every kind of answer', async () => {
    for (const path of [
      '/',
      '/console',
      '/docs',
      '/widget.js',
      '/api/v1/system/health',
      '/api/v1/nowhere',
      '/nowhere',
    ]) {
      const { headers } = await ask(path, secure)
      expect(headers.get('x-content-type-options'), path).toBe('nosniff')
    }
    for (const path of ['/', '/console', '/docs']) {
      const policy = (await ask(path, secure)).headers.get('content-security-policy')
      expect(policy, path).toMatch(/default-src 'self'/)
      expect(policy, path).toMatch(/frame-ancestors 'none'/)
      expect(policy, path).not.toMatch(/(?<!wasm-)unsafe-eval|script-src[^;]*unsafe-inline/)
    }
    const { headers } = await ask('/api/v1/system/health', secure)
    expect(headers.get('content-security-policy')).toBe("default-src 'none'; frame-ancestors 'none'")
    expect(headers.get('cache-control')).toBe('no-store')
  })
})

describe('only trusted proxies name the caller', () => {
  const trusted = createProxies({ trusted: ['10.0.0.0/8', '127.0.0.1', '2001:db8::/32'], tls: false })
  const cases: [string, string, string | null, string][] = [
    ['a stranger', '203.0.113.9', '1.2.3.4', '203.0.113.9'],
    ['a proxy', '10.1.2.3', '1.2.3.4', '1.2.3.4'],
    ['a proxy, in IPv6 spelling', '::ffff:10.1.2.3', '1.2.3.4', '1.2.3.4'],
    ['two proxies', '127.0.0.1', '1.2.3.4, 10.9.9.9', '1.2.3.4'],
    ['a caller who names another', '10.1.2.3', '6.6.6.6, 1.2.3.4', '1.2.3.4'],
    ['a caller who names a proxy', '10.1.2.3', '10.0.0.1, 1.2.3.4', '1.2.3.4'],
    ['a proxy that names nobody', '10.1.2.3', null, '10.1.2.3'],
    ['an IPv6 proxy', '2001:db8::1', '2606:4700::1', '2606:4700::1'],
  ]
  test.each(cases)('%s', (_name, address, forwarded, client) => {
    const headers: Record<string, string | null> = {
      'x-forwarded-for': forwarded,
      'x-forwarded-proto': 'https',
    }
    const found = trusted(address, name => headers[name])
    expect(found.address).toBe(client)
    expect(found.secure).toBe(address !== '203.0.113.9')
  })

  test('without any, nobody', () => {
    const none = createProxies({ trusted: [], tls: true })
    expect(none('127.0.0.1', () => '1.2.3.4')).toEqual({ address: '127.0.0.1', secure: true })
  })
})

describe('limits', () => {
  test('of several nodes are one: what one gave away the other does not have', async () => {
    const hearers: BusParts['onBusMessage'][] = []
    const bus = ({ onBusMessage }: Pick<BusParts, 'onBusMessage'>): Bus => {
      hearers.push(onBusMessage)
      return {
        up: true,
        publish(channel, message) {
          for (const other of hearers) if (other !== onBusMessage) other(channel, message)
          shared()
        },
        async subscribe() {},
        unsubscribe() {},
        close() {},
      }
    }
    let shared = () => {}
    const one = createLimits({ enabled: true, createBus: bus })
    const two = createLimits({ enabled: true, createBus: bus })
    const announced = new Promise<void>(resolve => {
      shared = resolve
    })
    for (let index = 0; index < 100; index++) expect(one.consume('message', 'mei')).toBe(0)
    await announced
    expect(two.consume('message', 'mei')).toBeGreaterThan(0)
    expect(two.consume('message', 'lin')).toBe(0)
    one.close()
    two.close()
  })

  test('count bytes, and sockets of one network; each refusal says when to come back', () => {
    const limits = createLimits({ enabled: true, createBus: null })
    expect(limits.consume('bytes', 'mei', 22_000_000)).toBe(0)
    const wait = limits.consume('bytes', 'mei', 500_000)
    expect(wait).toBeGreaterThan(400)
    expect(wait).toBeLessThanOrEqual(500)
    for (let index = 0; index < openMax; index++) limits.enter('192.0.2.1')
    expect(limits.checkOpen('192.0.2.1')).toBeGreaterThan(0)
    expect(limits.checkOpen('192.0.2.2')).toBe(0)
    limits.leave('192.0.2.1')
    expect(limits.checkOpen('192.0.2.1')).toBe(0)
    limits.close()
  })
})

describe('slow senders are cut off', () => {
  const shapes: [string, string, string][] = [
    ['headers', 'GET /healthz HTTP/1.1\r\nHost: x\r\n', 'X-A: b\r\n'],
    [
      'a body',
      'POST /api/v1/auth/login HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\nContent-Length: 100000\r\n\r\n{',
      ' ',
    ],
  ]
  test.each(shapes)(
    '%s, a little each second',
    async (_name, head, piece) => {
      const socket = connect(Number(new URL(server.url).port), '127.0.0.1', () => socket.write(head))
      const timer = setInterval(() => socket.write(piece), 1000)
      socket.on('error', () => {})
      await new Promise(resolve => socket.once('close', resolve))
      clearInterval(timer)
    },
    70_000,
  )
})
