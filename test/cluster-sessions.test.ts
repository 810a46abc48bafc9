import { spawnSync } from 'node:child_process'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { adminPassword, connect, type TestClient } from './harness.ts'
import { type ServerNode, scratchFolder, startNode, startRedis } from './processes.ts'
import { freshPostgres, hasService } from './services.ts'

const redisThere = spawnSync('redis-server', ['--version']).status === 0
const available =
  hasService('Redis', redisThere, 'install redis-server') &&
  hasService(
    'PostgreSQL',
    !!process.env.TEST_DATABASE_URL,
    'set TEST_DATABASE_URL to a PostgreSQL with pgvector',
  )

describe.runIf(available)(
  'S3 on two nodes: sockets of one end by a call to the other, within a second',
  () => {
    let redis: Awaited<ReturnType<typeof startRedis>>
    let database: Awaited<ReturnType<typeof freshPostgres>>
    let folder: Awaited<ReturnType<typeof scratchFolder>>
    let nodes: ServerNode[] = []
    let owner: string
    const clients: TestClient[] = []

    beforeAll(async () => {
      redis = await startRedis()
      database = await freshPostgres()
      folder = await scratchFolder()
      const environment = {
        DATABASE_URL: database.url!,
        REDIS_URL: redis.url,
        DATA_DIR: folder.path,
        SECRET_KEY: 'a secret that all nodes of this test share',
        ADMIN_PASSWORD: adminPassword,
      }
      nodes = [await startNode('one', environment), await startNode('two', environment)]
      owner = (await login('admin', adminPassword)).access_token
    }, 60_000)
    afterAll(async () => {
      for (const client of clients) client.socket.disconnect()
      for (const program of [...nodes, redis]) program?.child.kill('SIGKILL')
      await Promise.all([...nodes, redis].map(program => program?.exited))
      await database.drop()
      await folder.remove()
    })

    async function http(method: string, path: string, body: object, token?: string) {
      const response = await fetch(`${nodes[0]!.url}/api/v1${path}`, {
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
      const client = await connect(nodes[1]!.url, { namespace: 'agent', token: access_token })
      clients.push(client)
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
        redis.child.kill('SIGKILL')
        await redis.exited
      })

      test.each(ways)('%s', async (_name, end) => {
        const agent = await agentOnTheOther()
        const since = performance.now()
        await end(agent)
        const { code } = await agent.client.until('session:ended')
        const afterMs = performance.now() - since
        expect(['UNAUTHORIZED', 'TOKEN_EXPIRED']).toContain(code)
        expect(afterMs).toBeLessThan(1000)
        const refused = await fetch(`${nodes[1]!.url}/api/v1/auth/me`, {
          headers: { authorization: `Bearer ${agent.access_token}` },
        })
        expect(refused.status).toBe(401)
      })
    })
  },
)
