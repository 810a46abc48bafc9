import { beforeAll, describe, expect, test } from 'vitest'
import { adminPassword } from '../fixtures/harness.ts'
import { hasShared, sharedNodes } from '../fixtures/nodes.ts'
import type { ServerNode } from '../fixtures/processes.ts'

describe.runIf(hasShared)(
  'S3 on two nodes: sockets of one end by a call to the other, within a second',
  () => {
    let one: ServerNode
    let two: ServerNode
    let owner: string
    const { start, join, redisDies } = sharedNodes(() => ({ ADMIN_PASSWORD: adminPassword }))

    beforeAll(async () => {
      one = await start('one')
      two = await start('two')
      owner = (await login('admin', adminPassword)).access_token
    }, 60_000)

    async function http(method: string, path: string, body: object, token?: string) {
      const response = await fetch(`${one.url}/api/v1${path}`, {
        method,
        headers: { 'content-type': 'application/json', ...(token && { authorization: `Bearer ${token}` }) },
        body: JSON.stringify(body),
      })
      return ((await response.json()) as { data: any }).data
    }
    const login = (username: string, password: string) => http('POST', '/auth/login', { username, password })

    let count = 0
    async function agentOnTheOther() {
      const username = `agent-${++count}`
      const password = 'a long enough password'
      const { user } = await http(
        'POST',
        '/admin/users',
        { username, email: `${username}@shop.example`, password, role: 'agent' },
        owner,
      )
      const { access_token } = await login(username, password)
      const client = await join(two, { namespace: 'agent', token: access_token })
      return { id: user.id as string, access_token: access_token as string, client }
    }

    const ways: [string, (agent: { id: string; access_token: string }) => Promise<unknown>][] = [
      ['logging out', ({ access_token }) => http('POST', '/auth/logout', {}, access_token)],
      [
        'being disabled',
        ({ id }) => http('PUT', `/admin/users/${id}/status`, { is_active: false, reason: 'left' }, owner),
      ],
      ['a changed role', ({ id }) => http('PUT', `/admin/users/${id}`, { role: 'user' }, owner)],
    ]

    describe.each(['with Redis', 'while Redis is away'])('%s', state => {
      beforeAll(async () => {
        if (state === 'with Redis') return
        await redisDies()
      })

      test.each(ways)('%s', async (_name, end) => {
        const agent = await agentOnTheOther()
        const since = performance.now()
        await end(agent)
        const { code } = await agent.client.until('session:ended')
        const afterMs = performance.now() - since
        expect(['UNAUTHORIZED', 'TOKEN_EXPIRED']).toContain(code)
        expect(afterMs).toBeLessThan(1000)
        const refused = await fetch(`${two.url}/api/v1/auth/me`, {
          headers: { authorization: `Bearer ${agent.access_token}` },
        })
        expect(refused.status).toBe(401)
      })
    })
  },
)
