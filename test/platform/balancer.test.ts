import { spawnSync } from 'node:child_process'
import { afterAll, beforeAll, describe, expect, onTestFinished, test } from 'vitest'
import type { Reply, WireError } from '#protocol'
import { createClient, createMemoryStorage } from '../../client/sdk/index.ts'
import { until } from '../faults/wait.ts'
import { type ModelServer, startModelServer } from '../fixtures/fakes/model-server.ts'
import { connect, type TestClient } from '../fixtures/harness.ts'
import {
  type Program,
  type ServerNode,
  scratchFolder,
  startBalancer,
  startNode,
  startRedis,
  unusedPort,
} from '../fixtures/processes.ts'
import { freshPostgres, hasService } from '../fixtures/services.ts'

const isThere = (command: string, flag: string) => spawnSync(command, [flag]).status === 0
const available =
  hasService('HAProxy', isThere('haproxy', '-v'), 'apt-get install haproxy') &&
  hasService('Redis', isThere('redis-server', '--version'), 'install redis-server') &&
  hasService(
    'PostgreSQL',
    !!process.env.TEST_DATABASE_URL,
    'set TEST_DATABASE_URL to a PostgreSQL with pgvector',
  )

/** What compose.yaml starts, as processes of this machine. */
describe.runIf(available)('two nodes behind the balancer of compose.yaml', () => {
  let redis: Awaited<ReturnType<typeof startRedis>>
  let database: Awaited<ReturnType<typeof freshPostgres>>
  let folder: Awaited<ReturnType<typeof scratchFolder>>
  let model: ModelServer
  let balancer: Program & { url: string }
  let ports: number[]
  let nodes: ServerNode[]

  const start = (index: number) =>
    startNode(`node ${index}`, {
      PORT: String(ports[index]),
      PUBLIC_URL: `http://localhost:${ports[index]}`,
      DATABASE_URL: database.url!,
      REDIS_URL: redis.url,
      DATA_DIR: folder.path,
      SECRET_KEY: 'a secret that all nodes of this test share',
      TRUSTED_PROXIES: '127.0.0.1',
      OPENAI_BASE_URL: `${model.url}/v1`,
      OPENAI_API_KEY: 'test',
      LLM_MODEL: 'test-model',
    })

  beforeAll(async () => {
    model = await startModelServer()
    redis = await startRedis()
    database = await freshPostgres()
    folder = await scratchFolder()
    ports = [await unusedPort(), await unusedPort()]
    // At once, on an empty database: as compose starts them.
    nodes = await Promise.all([start(0), start(1)])
    balancer = await startBalancer(ports, folder.path)
    await until('both nodes to be balanced to', async () => (await landings(8)).every(count => count > 0))
  }, 60_000)
  afterAll(async () => {
    const programs = [balancer, ...(nodes ?? []), redis].filter(program => program)
    await Promise.all(programs.map(program => program.end('SIGKILL')))
    await model.close()
    await database.drop()
    await folder.remove()
  })

  /** Sockets that each node has. */
  async function connections(): Promise<number[]> {
    return Promise.all(
      nodes.map(async ({ url }) => {
        // A kept connection would be one to the process that was there before.
        const metrics = await (await fetch(`${url}/metrics`, { headers: { connection: 'close' } })).text()
        return Number(/^parley_connections\{namespace="visitor"\} (\d+)/m.exec(metrics)?.[1] ?? 0)
      }),
    )
  }

  /** Where `count` new connections land. */
  async function landings(count: number): Promise<number[]> {
    const before = await connections()
    const clients: TestClient[] = []
    for (let opened = 0; opened < count; opened++) clients.push(await connect(balancer.url))
    const after = await connections()
    for (const { socket } of clients) socket.disconnect()
    return after.map((now, index) => now - before[index]!)
  }

  async function join(options = {}): Promise<TestClient> {
    const client = await connect(balancer.url, options)
    onTestFinished(() => void client.socket.disconnect())
    return client
  }

  /** A visitor with the product's own client, and what it was shown of its connection. */
  function visitor() {
    const client = createClient({ url: balancer.url, namespace: 'visitor', storage: createMemoryStorage() })
    const statuses: string[] = []
    client.subscribe(({ status }) => statuses.push(status))
    client.connect()
    onTestFinished(client.disconnect)
    return { client, statuses, conversation: client.conversation() }
  }

  test('a visitor, the second tab and HTTP land on any node and see the same', async () => {
    const first = await join()
    const { conversation } = await first.ask('conversation:open', {})
    const tabs: TestClient[] = [first]
    for (let count = 0; count < 5; count++) {
      const tab = await join({ token: first.token })
      await tab.ask('conversation:open', { conversation_id: conversation.id })
      tabs.push(tab)
    }
    expect((await connections()).every(count => count > 0)).toBe(true)
    const { message } = await tabs[3]!.ask('message:send', {
      conversation_id: conversation.id,
      key: 'k',
      content: 'Hello?',
    })
    for (const tab of tabs)
      await tab.until('message:updated', event => event.message.in_reply_to === message.id)
    for (let count = 0; count < 4; count++) {
      const response = await fetch(`${balancer.url}/api/v1/conversations/${conversation.id}`, {
        headers: { authorization: `Bearer ${first.token}` },
      })
      expect(await response.json()).toMatchObject({ success: true, data: { seq: 3 } })
    }
    expect((await fetch(`${balancer.url}/metrics`)).status).toBe(404)
    expect((await fetch(`${balancer.url}/widget.js`)).status).toBe(200)
  }, 30_000)

  test('a node stopped by SIGTERM and replaced under load is noticed by nobody', async () => {
    model.always({
      pieces: ['Word ', 'by ', 'word.'],
      gate: () => new Promise(resolve => setTimeout(resolve, 100)),
    })
    const visitors = Array.from({ length: 12 }, visitor)
    await Promise.all(visitors.map(({ conversation }) => conversation.open()))
    expect((await connections()).every(count => count > 0)).toBe(true)
    let replaced = false
    const failures: unknown[] = []
    const talks = visitors.map(async ({ conversation }, index) => {
      let count = 0
      while (!replaced || count < 3) {
        const content = `Question ${index} ${count++}`
        conversation.send(content)
        await until(`the answer to ${content}`, () => {
          const { messages, outgoing } = conversation.get()
          // Asked so often for the same, a person is offered too.
          const last = messages.findLast(({ role }) => role !== 'system')
          return outgoing.length === 0 && last?.role === 'assistant' && last.status !== 'streaming'
        })
      }
      return count
    })
    const asking = (async () => {
      for (let count = 0; !replaced; count++) {
        const answered = await fetch(`${balancer.url}/api/v1/chat`, {
          method: 'POST',
          headers: { 'content-type': 'application/json' },
          body: JSON.stringify({ message: `Over HTTP ${count}` }),
        })
        const { success, error } = (await answered.json()) as Reply<unknown> & { error?: WireError }
        // A database too slow for this machine is told as such, and is not what is tested.
        if (!success && !error?.retryable) failures.push(error)
      }
    })()
    for (const index of [0, 1]) {
      await nodes[index]!.end('SIGTERM')
      expect(nodes[index]!.wrongEnd()).toBe(null)
      nodes[index] = await start(index)
      await until('the new node to be balanced to', async () => (await landings(4))[index]! > 0)
    }
    replaced = true
    const counts = await Promise.all(talks)
    await asking
    expect(failures).toEqual([])
    for (const [index, { conversation, statuses }] of visitors.entries()) {
      const { messages } = conversation.get()
      const sent = messages.filter(({ role }) => role === 'user').map(({ content }) => content)
      expect(sent).toEqual(Array.from({ length: counts[index]! }, (_, count) => `Question ${index} ${count}`))
      const answers = messages.filter(({ role }) => role === 'assistant')
      expect(answers.map(({ status, content }) => `${status} ${content}`)).toEqual(
        sent.map(() => 'complete Word by word.'),
      )
      expect(statuses).not.toContain('reconnecting')
    }
  }, 120_000)

  test('a node killed is noticed as a short interruption: the talk goes on at the other', async () => {
    model.always({ pieces: ['Yes.'] })
    const visitors = Array.from({ length: 8 }, visitor)
    await Promise.all(visitors.map(({ conversation }) => conversation.open()))
    const counts = await connections()
    const index = counts.indexOf(Math.max(...counts))
    await nodes[index]!.end('SIGKILL')
    for (const { conversation } of visitors) conversation.send('Are you there?')
    for (const { conversation } of visitors) {
      await until(
        'the answer',
        () => conversation.get().messages.at(-1)?.status === 'complete' && conversation.get().seq === 3,
      )
    }
    expect(visitors.filter(({ statuses }) => statuses.includes('reconnecting')).length).toBeGreaterThan(0)
    for (const { client } of visitors) expect(client.state.status).toBe('online')
    nodes[index] = await start(index)
  }, 60_000)
})
