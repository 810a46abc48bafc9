import { afterAll, beforeAll, beforeEach, describe, expect, test, vi } from 'vitest'
import type { Message } from '#protocol'
import { answerCacheStorage } from '#storage/models/answer-cache'
import { createOpenAIModel } from '../../server/providers/openai.ts'
import { type ModelServer, startModelServer } from '../fixtures/fakes/model-server.ts'
import { startServer, type TestClient, type TestServer } from '../fixtures/harness.ts'

const question = 'How long does delivery take?'

describe('18: the answer cache', () => {
  let host: ModelServer
  let server: TestServer
  let token: string

  beforeAll(async () => {
    host = await startModelServer()
    const chat = createOpenAIModel({
      baseUrl: `${host.url}/v1`,
      apiKey: 'key-0123456789',
      model: 'test-model',
    })
    server = await startServer({ answerCacheHours: 1 }, { models: { chat } })
    token = await server.signIn()
    await replaceDocument('Delivery takes 3 working days. Returns are free within 30 days.')
  })
  afterAll(() => host.close())
  beforeEach(async () => {
    host.requests.splice(0)
    await server.app.database.sql`delete from answer_cache`
  })

  async function replaceDocument(text: string) {
    const { reply } = await server.http('GET', '/admin/docs?page_size=100', undefined, token)
    for (const { id } of (reply as any).data.items)
      await server.http('DELETE', `/admin/docs/${id}`, undefined, token)
    const form = new FormData()
    form.append('file', new Blob([`# Help\n\n${text}\n`]), 'help.md')
    const added = await server.http('POST', '/admin/docs', form, token)
    expect(added.status).toBe(200)
    await vi.waitFor(async () => {
      const { reply } = await server.http('GET', '/admin/index/status', undefined, token)
      expect((reply as any).data.status).toBe('idle')
    }, 10_000)
  }

  async function ask(
    client: TestClient,
    content: string,
    extra: Record<string, unknown> = {},
  ): Promise<Message> {
    const { conversation } = await client.ask('conversation:open', {
      new: true,
      key: crypto.randomUUID(),
      ...extra,
    })
    return askIn(client, conversation.id, content)
  }

  /** @returns the answer as staff read it */
  async function askIn(client: TestClient, conversation_id: string, content: string): Promise<Message> {
    host.always({ pieces: ['It takes 3 working', ' days [1].'] })
    const { message } = await client.ask('message:send', {
      conversation_id,
      key: crypto.randomUUID(),
      content,
    })
    const { message: answer } = await client.until(
      'message:updated',
      event => event.message.in_reply_to === message.id && event.message.status === 'complete',
    )
    const staff = await server.connect({ namespace: 'agent', token })
    const { messages } = await staff.ask('conversation:open', { conversation_id })
    return messages.find((each: Message) => each.id === answer.id)!
  }

  const isCached = (answer: Message) => answer.usage?.cached

  test('the same first question gets the same answer and references, says so, and costs nothing', async () => {
    const first = await ask(await server.connect(), question)
    expect(first).toMatchObject({ content: 'It takes 3 working days [1].', usage: { cached: false } })
    await expect.poll(() => savedCount()).toBe(1)
    const second = await ask(await server.connect(), '  how long does DELIVERY take ')
    expect(second).toMatchObject({
      content: first.content,
      usage: {
        cached: true,
        prompt_tokens: 0,
        completion_tokens: 0,
        total_tokens: 0,
        cost: first.usage!.cost && 0,
      },
    })
    expect(second.references).toEqual(first.references)
    expect(host.requests).toHaveLength(1)
  })

  async function savedCount(): Promise<number> {
    const [row] = await server.app.database.sql<
      { count: number }[]
    >`select count(*)::int as count from answer_cache`
    return row!.count
  }

  test('what it cites is read anew once it says something else', async () => {
    await ask(await server.connect(), question)
    await expect.poll(() => savedCount()).toBe(1)
    await replaceDocument('Delivery takes 3 working days, 5 at Christmas. Returns are free within 30 days.')
    expect(isCached(await ask(await server.connect(), question))).toBe(false)
    expect(host.requests).toHaveLength(2)
  })

  test('what is one person’s own is asked each time', async () => {
    const client = await server.connect()
    const { conversation } = await client.ask('conversation:open', { new: true, key: crypto.randomUUID() })
    for (const content of [question, question])
      expect(isCached(await askIn(client, conversation.id, content))).toBe(false)
    await expect.poll(() => savedCount()).toBe(1)
    for (const own of [
      'How long does delivery of order 44321 take?',
      'How long does delivery to me@shop.example take?',
      'How long does delivery take? I have diabetes',
    ])
      for (const who of [1, 2])
        expect([who, isCached(await ask(await server.connect(), own))]).toEqual([who, false])
    expect(await savedCount()).toBe(1)
  })

  test('another language and another page are other questions', async () => {
    await ask(await server.connect(), question, { language: 'en' })
    await expect.poll(() => savedCount()).toBe(1)
    for (const extra of [{ language: 'zh' }, { language: 'en', context: { product_id: 'P-1' } }])
      expect(isCached(await ask(await server.connect(), question, extra))).toBe(false)
  })

  test('an answer that rests on no source is not kept', async () => {
    const client = await server.connect()
    const { conversation } = await client.ask('conversation:open', { new: true, key: crypto.randomUUID() })
    host.always({ pieces: ['I cannot say.'] })
    await client.ask('message:send', { conversation_id: conversation.id, key: 'a', content: question })
    await client.until('message:updated', event => event.message.content === 'I cannot say.')
    expect(isCached(await ask(await server.connect(), question))).toBe(false)
  })

  test('what is too old or too many goes', async () => {
    const storage = answerCacheStorage(server.app.database)
    for (const key of ['a', 'b', 'c']) await storage.save(key, key)
    await storage.prune({ maxAgeMs: 60_000, maxRows: 2 })
    expect(await savedCount()).toBe(2)
    expect(await storage.find('c', 60_000)).toBe('c')
    expect(await storage.find('c', 0)).toBeNull()
    await storage.prune({ maxAgeMs: 0, maxRows: 2 })
    expect(await savedCount()).toBe(0)
  })
})
