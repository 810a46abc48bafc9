import { beforeAll, describe, expect, test } from 'vitest'
import { key, people, quick, say } from '../fixtures/handoff.ts'
import { code, startServer, type TestServer } from '../fixtures/harness.ts'

let server: TestServer
beforeAll(async () => {
  server = await startServer({}, { handoff: quick })
})
const { agent, visitor, waiting } = people(() => server)

describe('the queue', () => {
  test('shows the beginning of the visitor’s newest words; named handoffs whatever their status', async () => {
    const ann = await agent()
    const { client, id, handoff } = await waiting()
    const other = await waiting()
    await say(client, id, `Where is my parcel? ${'x'.repeat(500)}`)
    const { items } = await ann.client.ask('queue:list', { page_size: 100 })
    const preview = (targetId: string) => items.find(item => item.id === targetId)?.preview
    expect(preview(handoff.id)).toMatch(/^Where is my parcel\? x+$/)
    expect(preview(handoff.id)).toHaveLength(200)
    expect(preview(other.handoff.id)).toBeNull()
    await client.ask('handoff:cancel', { conversation_id: id })
    const named = await ann.client.ask('queue:list', { handoff_ids: [handoff.id, key()] })
    expect(named.items).toMatchObject([{ id: handoff.id, status: 'cancelled', conversation: { id } }])
  })
})

describe('the visitor', () => {
  test('the pages asked from in order, each once, and the other conversations with what may be opened', async () => {
    const [ann, lead] = [await agent(), await agent('Lead', 'admin')]
    const { client, id } = await visitor()
    const requested = (url: string) =>
      client.ask('message:send', { conversation_id: id, key: key(), content: `At ${url}`, context: { url } })
    for (const url of ['https://a.example/1', 'https://a.example/1', 'https://a.example/2'])
      await requested(url)
    const { conversation: now } = await client.ask('conversation:open', { new: true, key: key() })
    await client.ask('handoff:request', { conversation_id: now.id, key: key() })

    const { visitor: seen } = await ann.client.ask('visitor:get', { conversation_id: now.id })
    expect(seen).toMatchObject({
      id: expect.any(String),
      signed_in: false,
      pages: [],
      conversations: [{ id, opening: 'At https://a.example/1', readable: false, rating: null, tags: [] }],
    })
    expect(code(await ann.client.call('visitor:get', { conversation_id: id }))).toBe('CONVERSATION_NOT_FOUND')
    const { visitor: before } = await lead.client.ask('visitor:get', { conversation_id: id })
    expect(before.pages.map(page => page.url)).toEqual(['https://a.example/1', 'https://a.example/2'])
    expect(before.conversations).toMatchObject([{ id: now.id, opening: null, readable: true }])
  })

  test.each([
    [
      'Mozilla/5.0 (Linux; Android 14; Pixel 8) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/130.0.0.0 Mobile Safari/537.36',
      { browser: 'Chrome', system: 'Android', kind: 'phone' },
    ],
    [
      'Mozilla/5.0 (iPad; CPU OS 17_5 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/17.5 Mobile/15E148 Safari/604.1',
      { browser: 'Safari', system: 'iOS', kind: 'tablet' },
    ],
    [
      'Mozilla/5.0 (Windows NT 10.0; Win64; x64; rv:130.0) Gecko/20100101 Firefox/130.0',
      { browser: 'Firefox', system: 'Windows', kind: 'computer' },
    ],
    ['x'.repeat(500), null],
    ['curl', null],
  ])('the device it writes from: %$', async (agentString, device) => {
    const ann = await agent()
    const client = await server.connect({ headers: { 'user-agent': agentString } })
    const { conversation } = await client.ask('conversation:open', {})
    await client.ask('message:send', { conversation_id: conversation.id, key: key(), content: 'Hello' })
    await client.ask('handoff:request', { conversation_id: conversation.id, key: key() })
    const { visitor: seen } = await ann.client.ask('visitor:get', { conversation_id: conversation.id })
    expect(seen.device).toEqual(device)
  })
})
