import { beforeAll, describe, expect, test } from 'vitest'
import { key, people, quick, say } from '../fixtures/handoff.ts'
import { startServer, type TestServer } from '../fixtures/harness.ts'

const elsewhere = /already waiting for a person in another/
const crowded = /many requests for a person from your network/

describe('H10: places in the queue', () => {
  let server: TestServer
  const { agent } = people(() => server)
  let desk: Awaited<ReturnType<typeof agent>>['client']
  beforeAll(async () => {
    server = await startServer({ rateLimits: true, trustedProxies: ['127.0.0.1'] }, { handoff: quick })
    desk = (await agent('Ann')).client
  }, 60_000)

  let networks = 0
  const network = () => ({ 'x-forwarded-for': `203.0.113.${++networks}` })

  /** A visitor with so many conversations. */
  async function visitor(conversations: number, language: 'en' | 'zh' = 'en') {
    const client = await server.connect({ headers: network() })
    const ids = []
    for (let i = 0; i < conversations; i++) {
      const { conversation } = await client.ask('conversation:open', { new: true, key: key(), language })
      ids.push(conversation.id)
    }
    return { client, ids }
  }

  type Client = Awaited<ReturnType<typeof visitor>>['client']
  const attempt = (client: Client, conversation_id: string) =>
    client.call('handoff:request', { conversation_id, key: key() })
  const request = (client: Client, conversation_id: string) =>
    client.ask('handoff:request', { conversation_id, key: key() })
  const sentence = (client: Client, conversation_id: string) =>
    client
      .until(
        'message:created',
        ({ message }) => message.conversation_id === conversation_id && message.role === 'system',
      )
      .then(({ message }) => message.content)

  async function waitingIn(ids: string[]): Promise<number> {
    const { items } = await desk.ask('queue:list', { page_size: 100 })
    return items.filter(item => ids.includes(item.conversation_id)).length
  }
  test('one visitor who asks in 51 conversations at once waits in one of them', async () => {
    const { client, ids } = await visitor(51)
    const replies = await Promise.all(ids.map(id => attempt(client, id)))
    const entered = replies.flatMap(reply => (reply.success ? reply.data.handoff : []))
    expect(entered).toHaveLength(1)
    const [{ id, conversation_id }] = entered as [(typeof entered)[number]]
    for (const reply of replies)
      if (!reply.success)
        expect(reply.error).toMatchObject({ code: 'CONFLICT', details: { handoff: { id, conversation_id } } })
    expect(await waitingIn(ids)).toBe(1)
  })

  test('asked for in a message: the visitor is told where they wait, in their language', async () => {
    const { client, ids } = await visitor(2)
    await request(client, ids[0]!)
    await say(client, ids[1]!, 'I want to talk to a human')
    expect(await sentence(client, ids[1]!)).toMatch(elsewhere)
    const { conversation } = await client.ask('conversation:open', { conversation_id: ids[1]! })
    expect(conversation).toMatchObject({ mode: 'ai' })

    const other = await visitor(2, 'zh')
    await say(other.client, other.ids[0]!, '转人工')
    await other.client.until('handoff:changed', event => event.handoff.status === 'pending')
    await say(other.client, other.ids[1]!, '我要找人工客服')
    expect(await sentence(other.client, other.ids[1]!)).toContain('您已在另一个对话中排队')
    expect(await waitingIn([...ids, ...other.ids])).toBe(2)
  })

  test('asking again where one waits is the same place; who has left, or is served, may ask elsewhere', async () => {
    const { client, ids } = await visitor(3)
    const [first, second, third] = ids as [string, string, string]
    const { handoff } = await request(client, first)
    expect((await request(client, first)).handoff.id).toBe(handoff.id)
    await client.ask('handoff:cancel', { conversation_id: first })
    const { handoff: next } = await request(client, second)
    expect(await attempt(client, first)).toMatchObject({ error: { code: 'CONFLICT' } })
    await desk.ask('handoff:accept', { handoff_id: next.id, key: key() })
    await request(client, third)
  })

  test('a network has a bound, over all its visitors and both ways to ask; another is not touched by it', async () => {
    const headers = network()
    const ask = async () => {
      const response = await fetch(`${server.url}/api/v1/chat`, {
        method: 'POST',
        headers: { ...headers, 'content-type': 'application/json' },
        body: JSON.stringify({ message: 'I want to talk to a human' }),
      })
      const { data } = (await response.json()) as { data: { answer: string; session_id: string } }
      return data
    }
    const answers = await Promise.all(Array.from({ length: 30 }, ask))
    const turnedAway = answers.filter(({ answer }) => crowded.test(answer))
    expect(turnedAway).toHaveLength(10)
    expect(await waitingIn(answers.map(({ session_id }) => session_id))).toBe(20)

    const client = await server.connect({ headers })
    const { conversation } = await client.ask('conversation:open', { new: true, key: key() })
    expect(await attempt(client, conversation.id)).toMatchObject({
      error: { code: 'RATE_LIMITED', details: { retry_after_ms: expect.any(Number) } },
    })

    const other = await visitor(1)
    await request(other.client, other.ids[0]!)
  })
})
