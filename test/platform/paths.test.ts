import { once } from 'node:events'
import { connect } from 'node:net'
import { beforeAll, describe, expect, test } from 'vitest'
import { startServer, type TestServer } from '../fixtures/harness.ts'

let server: TestServer
beforeAll(async () => {
  server = await startServer()
})

/** The status of what is answered to `target` exactly as it stands: fetch would tidy it. */
async function statusOf(target: string, headers = ['Connection: close'], method = 'GET'): Promise<number> {
  const socket = connect(Number(new URL(server.url).port), '127.0.0.1')
  socket.on('error', () => {})
  socket.write(
    [`${method} ${target} HTTP/1.1`, 'Host: chat.example', ...headers, '', ''].join('\r\n'),
    'latin1',
  )
  const [head] = await once(socket, 'data')
  socket.destroy()
  return Number(/^HTTP\/1\.1 (\d+)/.exec(String(head))?.[1])
}

const upgrade = [
  'Connection: Upgrade',
  'Upgrade: websocket',
  'Sec-WebSocket-Version: 13',
  'Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==',
]

const disguised = [
  '/x/../metrics',
  '/./metrics',
  '//metrics',
  '/metrics/',
  '/metrics/.',
  '/%6detrics',
  '/%6Detrics',
  '/%256detrics',
  '/x%2f..%2fmetrics',
  '/x/%2e%2e/metrics',
  '/x/%2E./metrics',
  '/metrics;x',
  '/;/metrics',
  '/metrics%3bx',
  '/metrics%00',
  '/metrics#x',
  '/x/..\\metrics',
  '/x%5c..%5cmetrics',
  '/metrics\xe4',
  '/m%FFtrics',
  '/metrics%',
  '/api/v1/../../metrics',
  '/api//v1/system/health',
  '/api/v1/system/health/',
  '/products/a/../../metrics',
]

describe('H8: a path is written in one way', () => {
  test.each(disguised)('%s is refused before anything is looked up', async target => {
    expect(await statusOf(target)).toBe(400)
  })

  test.each([
    'http://chat.example/metrics',
    'https://x/metrics',
    '*',
    'metrics',
    '\\metrics',
    'chat.example:80',
  ])('the target %s, which is no path, is refused', async target => {
    expect(await statusOf(target)).toBeGreaterThanOrEqual(400)
  })

  test('a method in another case is refused, as a rule for GET would not see it', async () => {
    expect(await statusOf('/metrics', undefined, 'get')).toBe(400)
  })

  test.each(['/socket.io/../socket.io/', '//socket.io/', '/socket.io//', '/%73ocket.io/', '/socket.io/.'])(
    'an upgrade at %s is refused',
    async target => {
      expect(await statusOf(`${target}?EIO=4&transport=websocket`, upgrade)).toBe(400)
    },
  )

  test.each([
    ['/metrics', 200],
    ['/', 200],
    ['/console', 200],
    ['/console/', 308],
    ['/products/%E5%8F%B0%E7%81%AF-7', 200],
    ['/products/a%20b(c)', 200],
    ['/api/v1/system/health?x=/../metrics;y//z', 200],
    ['/nowhere', 404],
  ])('%s is in its normal form', async (target, status) => {
    expect(await statusOf(target)).toBe(status)
  })

  test('a socket is opened where it is', async () => {
    expect(await statusOf('/socket.io/?EIO=4&transport=websocket', upgrade)).toBe(101)
  })
})

describe('G1: a proxy that does not pass the upgrade on', () => {
  test('is told which lines it lacks', async () => {
    const response = await fetch(`${server.url}/socket.io/?EIO=4&transport=websocket`)
    expect(response.status).toBe(426)
    expect(await response.text()).toContain('proxy_http_version 1.1;')
  })
})
