import { Redis } from 'ioredis'
import { beforeAll, describe, expect, test, vi } from 'vitest'
import { until } from '../faults/wait.ts'
import { key, people, say } from '../fixtures/handoff.ts'
import { startServer, type TestClient } from '../fixtures/harness.ts'
import { hasShared, nodeSecret, sharedNodes } from '../fixtures/nodes.ts'
import type { ServerNode } from '../fixtures/processes.ts'
import { hireOn } from '../fixtures/staff.ts'

describe.runIf(hasShared)('staff on two nodes, by socket.io’s adapter for Redis', { timeout: 60_000 }, () => {
  let one: ServerNode
  let two: ServerNode
  let ann: TestClient
  let ben: TestClient
  let benToken: string
  let conversation_id: string
  const shared = sharedNodes()

  beforeAll(async () => {
    // With the adapter that uWebSockets.js has patched, and with socket.io's own.
    one = await shared.start('one', { SOCKET_SERVER: 'uws' })
    two = await shared.start('two', { SOCKET_SERVER: 'node' })
    const hired = await hireOn(shared.databaseUrl, nodeSecret, 'Ben', 'admin')
    benToken = hired.token
    ben = await atDesk(two, benToken)
    ann = await atDesk(one, (await hireOn(shared.databaseUrl, nodeSecret, 'Ann', 'admin')).token)
    const visitor = await shared.join(one)
    const { conversation } = await visitor.ask('conversation:open', { new: true, key: key() })
    await visitor.ask('handoff:request', { conversation_id: conversation.id, key: key() })
    conversation_id = conversation.id
  }, 120_000)

  async function atDesk(node: ServerNode, token: string): Promise<TestClient> {
    const client = await shared.join(node, { namespace: 'agent', token })
    await client.ask('presence:list', {})
    return client
  }

  const mention = (content: string) =>
    ann.ask('note:add', { conversation_id, key: key(), content: `@Ben ${content}` })
  const mentions = (client: TestClient) =>
    client.received.flatMap(({ event, payload }) =>
      event === 'notification:created' ? [payload.notification.text as string] : [],
    )
  const hears = (client: TestClient, words: string) =>
    client.until('notification:created', event => event.notification.text!.endsWith(words))

  /** Until what is said on the one node reaches the other. */
  async function crosses(client: TestClient, words: string): Promise<void> {
    await until('a mention to cross', async () => {
      await mention(words)
      return mentions(client).some(text => text.endsWith(words))
    })
  }

  test('what is for one of them reaches each of their sockets once, on whichever node', async () => {
    const here = await atDesk(one, benToken)
    await crosses(ben, 'are you there?')
    for (let times = 0; times < 5; times++) await mention(`look ${times}`)
    for (const client of [ben, here]) {
      await hears(client, 'look 4')
      const looks = mentions(client).filter(text => text.includes('look'))
      expect(looks).toEqual([0, 1, 2, 3, 4].map(times => `@Ben look ${times}`))
    }
    expect(mentions(ann)).toEqual([])
    here.socket.disconnect()
  })

  test('what each node reads in the database it tells its own sockets alone', async () => {
    for (let times = 0; times < 3; times++) {
      const visitor = await shared.join(times % 2 ? one : two)
      const { conversation } = await visitor.ask('conversation:open', { new: true, key: key() })
      const input = { conversation_id: conversation.id, key: key() }
      const { handoff } = await visitor.ask('handoff:request', input)
      for (const client of [ann, ben])
        await client.until('queue:changed', event => event.handoffs.some(({ id }) => id === handoff.id))
      await visitor.ask('handoff:cancel', { conversation_id: conversation.id })
      for (const client of [ann, ben])
        await client.until('queue:changed', event =>
          event.handoffs.some(({ id, status }) => id === handoff.id && status === 'cancelled'),
        )
    }
    for (const client of [ann, ben]) {
      const notices = client.received
        .filter(({ event }) => event === 'queue:changed' || event === 'presence:changed')
        .map(({ payload }) => JSON.stringify(payload))
      expect(notices.filter((payload, at) => payload === notices[at - 1])).toEqual([])
    }
  })

  test('law D6: no event of a conversation passes the adapter, past its order', async () => {
    const listener = new Redis(shared.redisUrl)
    const passed: string[] = []
    listener.on('pmessageBuffer', (_pattern, _channel, message: Buffer) => passed.push(String(message)))
    await listener.psubscribe('parley*')
    const visitor = await shared.join(two)
    const { conversation } = await visitor.ask('conversation:open', { new: true, key: key() })
    const id = conversation.id
    const { message } = await say(visitor, id, 'What is there?')
    await visitor.until('message:updated', event => event.message.in_reply_to === message.id)
    const { handoff } = await visitor.ask('handoff:request', { conversation_id: id, key: key() })
    await ann.ask('conversation:open', { conversation_id: id })
    await ann.ask('handoff:accept', { handoff_id: handoff.id, key: key() })
    await visitor.until('handoff:changed', event => event.mode === 'human')
    await mention('after all')
    await until('the mention to pass', async () => passed.some(text => text.includes('after all')))
    const names = /message:|reply:|handoff:|note:|typing:|conversation:/
    expect(passed.filter(text => names.test(text))).toEqual([])
    listener.disconnect()
  })

  test('while Redis is away nothing throws, waits or is kept; a node that starts meanwhile joins when it is back', async () => {
    await shared.redisDies()
    const here = await atDesk(one, benToken)
    for (let times = 0; times < 50; times++) await mention(`alone ${times}`)
    await hears(here, 'alone 49')
    const three = await shared.start('three')
    const there = await atDesk(three, benToken)
    await shared.redisReturns()
    for (const client of [ben, there]) await crosses(client, 'together again')
    // What was said meanwhile was for whoever was there; it is in the list of all.
    expect(mentions(ben).filter(text => text.includes('alone'))).toEqual([])
    const { unread } = await ben.ask('notification:list', {})
    expect(unread).toBeGreaterThanOrEqual(50)
    for (const client of [here, there]) client.socket.disconnect()
    for (const node of [one, two, three]) expect(node.wrongEnd()).toBeNull()
    await three.end('SIGTERM')
    expect(three.wrongEnd()).toBeNull()
  })

  test('while Redis answers nothing, calls are answered and this node’s staff hear', async () => {
    const here = await atDesk(one, benToken)
    shared.redisFreezes()
    for (let times = 0; times < 20; times++) await mention(`frozen ${times}`)
    await hears(here, 'frozen 19')
    shared.redisThaws()
    await crosses(ben, 'thawed')
    here.socket.disconnect()
  })

  test('a node that stops takes nobody on another with it', async () => {
    await two.end('SIGTERM')
    expect(two.wrongEnd()).toBeNull()
    const here = await atDesk(one, benToken)
    await mention('still here')
    await hears(here, 'still here')
    expect(ann.socket.connected).toBe(true)
  })
})

describe('one node without Redis', () => {
  test('has the adapter in memory, which is asked for nothing that it does not have', async () => {
    const lines = vi.spyOn(console, 'warn')
    const server = await startServer()
    const { agent, waiting } = people(() => server)
    const ann = await agent()
    const { handoff } = await waiting()
    await ann.client.until('queue:changed', event => event.handoffs.some(({ id }) => id === handoff.id))
    expect(lines).not.toHaveBeenCalled()
    lines.mockRestore()
  })
})
