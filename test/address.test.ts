import { describe, expect, test } from 'vitest'
import { callerAddress, networkList } from '../server/gateway/address.ts'
import { connect, startServer } from './harness.ts'

describe('whose call it is', () => {
  const balancers = networkList(['10.0.0.0/8', '192.0.2.7', 'fd00::/8'])
  const cases: [string, string | null, string, string][] = [
    ['10.1.2.3', '203.0.113.9', '203.0.113.9', 'a balancer speaks for who came to it'],
    ['203.0.113.9', '198.51.100.1', '203.0.113.9', 'nobody else speaks for others'],
    [
      '10.1.2.3',
      '198.51.100.1, 203.0.113.9',
      '203.0.113.9',
      'what the caller himself put in front is not believed',
    ],
    ['10.1.2.3', '198.51.100.1, 192.0.2.7', '198.51.100.1', 'a balancer behind another is passed over'],
    ['::ffff:10.1.2.3', '2001:db8::5', '2001:db8::5', 'also where the balancer’s address is written as IPv6'],
    ['fd00::1', 'nonsense', 'fd00::1', 'what is no address is nobody'],
    ['10.1.2.3', null, '10.1.2.3', 'a balancer that says nothing is taken for himself'],
  ]
  test.each(cases)('%s, forwarding %s: %s (%s)', (peer, forwarded, caller) => {
    expect(callerAddress(peer, forwarded, balancers)).toBe(caller)
  })
})

describe('the rate of connections behind a balancer', async () => {
  const server = await startServer({ rateLimits: true, trustedProxies: ['127.0.0.1'] })
  const come = (from: string) => connect(server.url, { headers: { 'x-forwarded-for': from } })

  test('is counted for each visitor, not for the balancer', async () => {
    const attempts = await Promise.allSettled(Array.from({ length: 40 }, () => come('203.0.113.9')))
    const refused = attempts.filter(({ status }) => status === 'rejected')
    expect(refused.length).toBeGreaterThan(0)
    const other = await come('203.0.113.10')
    other.socket.disconnect()
    for (const attempt of attempts) if (attempt.status === 'fulfilled') attempt.value.socket.disconnect()
  })

  test('so are sign-ins over HTTP', async () => {
    const signIn = async (from: string) => {
      const response = await fetch(`${server.url}/api/v1/auth/login`, {
        method: 'POST',
        headers: { 'content-type': 'application/json', 'x-forwarded-for': from },
        body: JSON.stringify({ username: 'nobody', password: '' }),
      })
      return response.status
    }
    const statuses = await Promise.all(Array.from({ length: 40 }, () => signIn('203.0.113.11')))
    expect(statuses).toContain(429)
    expect(await signIn('203.0.113.12')).not.toBe(429)
  })
})
