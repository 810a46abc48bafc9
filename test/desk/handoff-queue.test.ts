import { beforeAll, describe, expect, test } from 'vitest'
import { becomes, key, notices, people, quick, say } from '../fixtures/handoff.ts'
import { code, startServer, type TestClient, type TestServer } from '../fixtures/harness.ts'
import { hire } from '../fixtures/staff.ts'

let server: TestServer
beforeAll(async () => {
  server = await startServer({}, { handoff: quick })
})

const { agent, visitor, waiting, served } = people(() => server)

describe('who is there', () => {
  test('connecting is being online, tabs count once, and everybody of the desk hears of it', async () => {
    const lead = await agent('Lead', 'admin')
    const ann = await agent()
    const seen = await lead.client.until('presence:changed', event => event.agent.id === ann.id)
    expect(seen.agent).toMatchObject({ name: 'Ann', presence: 'online', active_count: 0 })
    const { features } = (await server.connect()).ready
    expect(features.handoff.online_agents).toBeGreaterThanOrEqual(2)
    const tab = await server.connect({ namespace: 'agent', token: ann.token })
    await ann.client.ask('presence:set', { presence: 'away', capacity: 5 })
    await lead.client.until(
      'presence:changed',
      ({ agent: { id, presence, capacity } }) => id === ann.id && presence === 'away' && capacity === 5,
    )
    ann.client.socket.disconnect()
    const { agents } = await lead.client.ask('presence:list', {})
    expect(agents.filter(entry => entry.id === ann.id)).toMatchObject([{ presence: 'away' }])
    tab.socket.disconnect()
    await lead.client.until(
      'presence:changed',
      event => event.agent.id === ann.id && event.agent.presence === 'offline',
    )
  })

  test('law O2: an agent who vanishes gives the conversation back in front, and the visitor is told', async () => {
    const [ann, bob] = [await agent('Ann'), await agent('Bob')]
    const { client, handoff } = await served(ann.client)
    const early = await waiting()
    ann.client.socket.disconnect()
    await client.until('handoff:changed', event => event.epoch === 3)
    expect(notices(client).at(-1)).toContain('colleague lost the connection')
    const { items } = await bob.client.ask('queue:list', { page_size: 100 })
    const places = items.map(item => item.id)
    expect(places.indexOf(handoff.id)).toBeLessThan(places.indexOf(early.handoff.id))
    expect(items.find(item => item.id === handoff.id)).toMatchObject({ priority: 'urgent', agent: null })
  })

  test('one who took it over HTTP was never on the desk: nothing is lost by that', async () => {
    const { token, id: agentId } = await hire(server, 'Curl')
    const { handoff } = await waiting()
    await server.http('POST', `/admin/handoff/${handoff.id}/accept`, {}, token)
    const ann = await agent()
    await lostMeanwhile(ann.client)
    const { items } = await ann.client.ask('queue:list', { status: 'active', page_size: 100 })
    expect(items.find(item => item.id === handoff.id)).toMatchObject({ agent: { id: agentId } })
  })

  /** A whole round of duty: somebody else was found lost. */
  async function lostMeanwhile(desk: TestClient) {
    const eve = await agent('Eve')
    eve.client.socket.disconnect()
    await desk.until(
      'presence:changed',
      event => event.agent.id === eve.id && event.agent.presence === 'offline',
    )
  }
})

describe('places in the queue', () => {
  test('every visitor who moves is told, and only they; the desk hears what changed', async () => {
    const ann = await agent()
    const queueLength = (await ann.client.ask('queue:list', {})).pagination.total
    const [one, two, three] = [await waiting(), await waiting(), await waiting()]
    expect([one, two, three].map(entry => entry.handoff.queue_position)).toEqual(
      [1, 2, 3].map(n => n + queueLength),
    )
    await one.client.ask('handoff:cancel', { conversation_id: one.id })
    for (const [index, entry] of [two, three].entries()) {
      const moved = await entry.client.until(
        'handoff:moved',
        event => event.queue_position === index + 1 + queueLength,
      )
      expect(moved).toMatchObject({ conversation_id: entry.id, handoff_id: entry.handoff.id })
      const { handoff } = await entry.client.ask('handoff:get', { conversation_id: entry.id })
      expect(handoff!.queue_position).toBe(index + 1 + queueLength)
    }
    const changed = await ann.client.until('queue:changed', ({ handoffs }) =>
      handoffs.some(entry => entry.id === one.handoff.id && entry.status === 'cancelled'),
    )
    expect(changed.pending).toBe(queueLength + 2)
    expect(two.client.received.some(({ event }) => event === 'queue:changed')).toBe(false)
  })

  test('a closed conversation leaves the queue; nobody is asked for in it', async () => {
    const { client, id } = await waiting()
    await client.ask('conversation:update', { conversation_id: id, status: 'closed' })
    const { mode, handoff } = await becomes(client, 'cancelled')
    expect([mode, handoff.queue_position]).toEqual(['ai', null])
    expect(code(await client.call('handoff:request', { conversation_id: id, key: key() }))).toBe('CONFLICT')
  })

  test('a deleted conversation leaves the queue, and its figures without words', async () => {
    const ann = await agent()
    const { client, id, handoff } = await waiting()
    await client.ask('conversation:delete', { conversation_id: id })
    await ann.client.until('queue:changed', ({ handoffs }) =>
      handoffs.some(entry => entry.id === handoff.id && entry.status === 'cancelled'),
    )
    expect(code(await ann.client.call('handoff:accept', { handoff_id: handoff.id, key: key() }))).toBe(
      'NOT_FOUND',
    )
  })

  test('law S4: in a list, numbers and addresses are for who serves it and for administrators', async () => {
    const [ann, ben, lead] = [await agent(), await agent('Ben'), await agent('Lea', 'admin')]
    const { client, id } = await visitor()
    await say(client, id, 'My phone is 13812345678')
    const { handoff } = await client.ask('handoff:request', {
      conversation_id: id,
      key: key(),
      reason: 'Write to anna@example.com',
    })
    const masked = { reason: 'Write to [email]', preview: 'My phone is [phone number]' }
    const whole = { reason: 'Write to anna@example.com', preview: 'My phone is 13812345678' }
    const listed = async ({ client }: typeof ann, status: 'pending' | 'active') =>
      (await client.ask('queue:list', { status })).items.find(item => item.id === handoff.id)
    expect(await listed(ann, 'pending')).toMatchObject(masked)
    expect(await listed(lead, 'pending')).toMatchObject(whole)
    const { handoffs } = await ann.client.until('queue:changed', event =>
      event.handoffs.some(entry => entry.id === handoff.id),
    )
    expect(handoffs.find(entry => entry.id === handoff.id)).toMatchObject({ reason: masked.reason })
    await ann.client.ask('conversation:open', { conversation_id: id })
    await ann.client.ask('handoff:accept', { handoff_id: handoff.id, key: key() })
    expect(await listed(ann, 'active')).toMatchObject(whole)
    expect(await listed(ben, 'active')).toMatchObject(masked)
    const opened = await ben.client.ask('conversation:open', { conversation_id: id })
    expect(opened.handoff).toMatchObject({ reason: whole.reason })
  })
})
