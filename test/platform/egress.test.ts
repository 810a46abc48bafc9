import type { lookup } from 'node:dns'
import { once } from 'node:events'
import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { createEgress, isPublic } from '../../server/net/egress.ts'
import { HostRefused } from '../../server/providers/model.ts'
import { createHostFetch } from '../../server/providers/stream.ts'

let inside: Server
let port: number
let requested: string[] = []
beforeAll(async () => {
  inside = createServer((request, response) => {
    requested.push(request.url!)
    if (request.url === '/away') response.writeHead(302, { location: `http://127.0.0.1:${port}/secret` })
    response.end('inside')
  }).listen(0, '127.0.0.1')
  await once(inside, 'listening')
  port = (inside.address() as AddressInfo).port
})
afterAll(() => void inside.close())

/** A resolver that answers what the test says, one answer after the other. */
function resolver(...answers: string[][]) {
  const all = [...answers]
  return ((_host: string, _options: object, done: (error: null, addresses: object[]) => void) => {
    const addresses = all.length > 1 ? all.shift()! : all[0]!
    done(
      null,
      addresses.map(address => ({ address, family: address.includes(':') ? 6 : 4 })),
    )
  }) as unknown as typeof lookup
}

async function attempt(url: string, parts: Partial<Parameters<typeof createEgress>[0]> = {}) {
  const outgoing = createEgress({ allowed: [], ...parts })
  try {
    await createHostFetch(outgoing.agentFor)(url, { signal: AbortSignal.timeout(2000) })
    return '200'
  } catch (error) {
    if (error instanceof HostRefused) return String(error.status)
    return ((error as Error).cause as { code: string }).code
  } finally {
    outgoing.close()
  }
}

describe('what is not of the public internet is refused, in every spelling', () => {
  const literal = [
    '127.0.0.1',
    '127.1',
    '127.0.1',
    '2130706433',
    '0x7f000001',
    '0x7f.0.0.1',
    '0177.0.0.1',
    '017700000001',
    '①②⑦.⓪.⓪.①',
    '127。0。0。1',
    '%31%32%37.0.0.1',
    '0',
    '0.0.0.0',
    '10.0.0.1',
    '100.64.0.1',
    '169.254.169.254',
    '172.16.0.1',
    '172.31.255.255',
    '192.168.0.1',
    '192.0.2.1',
    '198.18.0.1',
    '224.0.0.1',
    '255.255.255.255',
    '[::1]',
    '[::]',
    '[0:0:0:0:0:0:0:1]',
    '[::ffff:127.0.0.1]',
    '[::ffff:7f00:1]',
    '[::127.0.0.1]',
    '[64:ff9b::7f00:1]',
    '[2002:7f00:1::]',
    '[2001:0:7f00:1::]',
    '[fc00::1]',
    '[fd12:3456::1]',
    '[fe80::1]',
    '[fec0::1]',
    '[ff02::1]',
    '[2001:db8::1]',
    '[100::1]',
  ]
  test.each(literal)('http://%s/', async host => {
    expect(await attempt(`http://${host}:${port}/`)).toBe('OUTGOING_REFUSED')
  })

  test.each(['localhost', 'LOCALHOST', 'localhost.'])('the name %s, by what it means', async host => {
    // Not every system knows the name with a dot.
    expect(await attempt(`http://${host}:${port}/`)).toMatch(/OUTGOING_REFUSED|ENOTFOUND/)
  })

  test.each([
    'ftp://example.com/',
    'file:///etc/passwd',
    'gopher://127.0.0.1/',
    'http://user:pass@example.com/',
  ])('%s', async url => {
    expect(await attempt(url)).toBe('OUTGOING_REFUSED')
  })

  test('public addresses are not', () => {
    for (const address of ['1.1.1.1', '8.8.8.8', '172.32.0.1', '100.128.0.1', '2606:4700:4700::1111'])
      expect(isPublic(address), address).toBe(true)
    expect(isPublic('nonsense')).toBe(false)
  })
  test('nothing of this reached the server inside', () => {
    expect(requested).toEqual([])
  })
})

describe('a name', () => {
  test('is refused when any of its addresses is inside', async () => {
    const mixed = resolver(['1.1.1.1', '127.0.0.1'])
    expect(await attempt(`http://mixed.example:${port}/`, { lookup: mixed })).toBe('OUTGOING_REFUSED')
    const six = resolver(['::ffff:127.0.0.1'])
    expect(await attempt(`http://six.example:${port}/`, { lookup: six })).toBe('OUTGOING_REFUSED')
    expect(await attempt(`http://none.example:${port}/`, { lookup: resolver([]) })).toBe('OUTGOING_REFUSED')
  })

  test('is looked up for the connection itself: one that means another address by then is refused (rebinding)', async () => {
    const rebinding = resolver(['192.0.43.8'], ['127.0.0.1'])
    const first = await new Promise(resolve =>
      rebinding('rebind.example', { all: true }, (_error, addresses) => resolve(addresses)),
    )
    expect(first).toEqual([{ address: '192.0.43.8', family: 4 }])
    expect(await attempt(`http://rebind.example:${port}/`, { lookup: rebinding })).toBe('OUTGOING_REFUSED')
    expect(requested).toEqual([])
  })
})

describe('what the operator allows', () => {
  test('is called wherever it is, its port and scheme only', async () => {
    const allowed = [`http://127.0.0.1:${port}`]
    expect(await attempt(`http://127.0.0.1:${port}/`, { allowed })).toBe('200')
    expect(await attempt(`http://127.0.0.1:${port + 1}/`, { allowed })).toBe('OUTGOING_REFUSED')
    expect(await attempt(`https://127.0.0.1:${port}/`, { allowed })).toBe('OUTGOING_REFUSED')
  })

  test('does not lead elsewhere: a redirect is an answer, not a way', async () => {
    requested = []
    expect(await attempt(`http://127.0.0.1:${port}/away`, { allowed: [`http://127.0.0.1:${port}`] })).toBe(
      '302',
    )
    expect(requested).toEqual(['/away'])
  })

  test('does not fill the memory', async () => {
    const outgoing = createEgress({ allowed: [`http://127.0.0.1:${port}`] })
    const hostFetch = createHostFetch(outgoing.agentFor)
    const response = await hostFetch(`http://127.0.0.1:${port}/`, { signal: AbortSignal.timeout(2000) })
    await expect(response.text(1)).rejects.toThrow('without end')
    outgoing.close()
  })
})

test('no other file of the server connects to addresses that may be somebody else’s', async () => {
  const { readdirSync, readFileSync } = await import('node:fs')
  const callers = readdirSync('server', { recursive: true, encoding: 'utf8' })
    .filter(name => name.endsWith('.ts'))
    .filter(name =>
      /from 'node:(https?|tls)'|(connect|createConnection|Socket)\b[^}]*} from 'node:net'|(await|return|=) fetch\(/.test(
        readFileSync(`server/${name}`, 'utf8').replaceAll(/^import type .*$|^\s*(\*|\/\/|\/\*).*$/gm, ''),
      ),
    )
  // Besides the guard and those who use it: listeners, what reads certificates, and commands that ask this very server.
  expect(callers.sort()).toEqual([
    'commands/channel.ts',
    'commands/check-config.ts',
    'commands/healthcheck.ts',
    'net/certificates.ts',
    'net/egress.ts',
    'providers/stream.ts',
    'transport/node.ts',
    'transport/operator-port.ts',
    'transport/uws.ts',
  ])
})
