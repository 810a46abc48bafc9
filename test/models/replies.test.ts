import pino from 'pino'
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import type { Message } from '#protocol'
import { createOpenAIModel } from '../../server/providers/openai.ts'
import { type ModelServer, type Script, startModelServer } from '../fixtures/fakes/model-server.ts'
import { startServer, type TestClient, type TestServer } from '../fixtures/harness.ts'

let host: ModelServer
let server: TestServer
const log: Record<string, unknown>[] = []

beforeAll(async () => {
  host = await startModelServer()
  const chat = createOpenAIModel({
    baseUrl: `${host.url}/v1`,
    apiKey: 'test-key-0123456789',
    model: 'test-model',
  })
  const lines = { write: (line: string) => void log.push(JSON.parse(line)) }
  server = await startServer(
    {},
    {
      models: { chat },
      log: pino({ level: 'info' }, lines),
      timings: { firstTextMs: 2000, silenceMs: 2000 },
    },
  )
})
afterAll(() => host.close())
beforeEach(() => void log.splice(0))

async function ask(client: TestClient, script: Script, language: 'en' | 'zh' = 'en') {
  host.script(script)
  const opening = { new: true, key: crypto.randomUUID(), language } as const
  const { conversation } = await client.ask('conversation:open', opening)
  const sent = { conversation_id: conversation.id, key: 'q', content: 'What is your return policy?' }
  const { message } = await client.ask('message:send', sent)
  const { message: answer } = await client.until(
    'message:updated',
    event => event.message.in_reply_to === message.id && event.message.status !== 'streaming',
  )
  return { conversation, answer }
}

/** As staff and as the visitor read it again. */
async function stored(client: TestClient, conversationId: string) {
  const staff = await server.connect({ namespace: 'agent', token: await server.signIn() })
  const read = async (by: TestClient): Promise<Message> =>
    (await by.ask('conversation:open', { conversation_id: conversationId })).messages.at(-1)!
  return { forVisitor: await read(client), forStaff: await read(staff) }
}

const health = async () => (await server.http('GET', '/system/health')).reply as any

describe('D1: reasoning', () => {
  test('is not streamed, stored, or sent in the next prompt', async () => {
    const client = await server.connect()
    const { conversation, answer } = await ask(client, {
      reasoning: ['secret'],
      pieces: ['<th', 'ink>secret</think>', '\nThirty', ' days.'],
    })
    expect(answer).toMatchObject({ content: 'Thirty days.', status: 'complete' })
    host.script({ pieces: ['Yes.'] })
    await client.ask('message:send', { conversation_id: conversation.id, key: 'r', content: 'Sure?' })
    await client.until('message:updated', event => event.message.content === 'Yes.')
    expect(JSON.stringify(client.received)).not.toContain('secret')
    expect(JSON.stringify(host.requests.at(-1))).not.toContain('secret')
  })

  test('that was streamed before its end showed it is taken back: readers begin anew', async () => {
    const client = await server.connect()
    let at = 0
    const shown = Promise.withResolvers<void>()
    client.socket.once('reply:delta', () => shown.resolve())
    const pieces = ['I wonder', '</think>', 'Thirty days.']
    const { answer, conversation } = await ask(client, {
      pieces,
      gate: async () => (at++ > 0 ? shown.promise : undefined),
    })
    expect(answer).toMatchObject({ content: 'Thirty days.', status: 'complete' })
    const updates = client.received
      .filter(({ event }) => event === 'message:updated')
      .map(({ payload }) => payload.message)
    expect(updates.map(({ content, status }) => [content, status])).toEqual([
      ['', 'streaming'],
      ['Thirty days.', 'complete'],
    ])
    expect((await stored(client, conversation.id)).forVisitor.content).toBe('Thirty days.')
    // From then on its text is held back, until it writes one without reasoning.
    await ask(client, { pieces: ['Plain.'] })
  })
})

describe('D2: what is cut is said to be cut', () => {
  test.each([
    ['length', 'en', 'The answer was cut off before its end.'],
    ['content_filter', 'zh', '回答在结束前被截断了。'],
  ] as const)('%s, in %s', async (reason, language, sentence) => {
    const client = await server.connect()
    const usage = { prompt_tokens: 9, completion_tokens: 4 }
    const { answer, conversation } = await ask(
      client,
      { pieces: ['Returns are accepted within'], reason, usage },
      language,
    )
    expect(answer).toMatchObject({
      status: 'failed',
      content: 'Returns are accepted within',
      error: { code: 'AI_API_ERROR', message: sentence },
    })
    const { forStaff } = await stored(client, conversation.id)
    expect(forStaff.error).toMatchObject({ reason: expect.stringContaining(reason) })
    expect(forStaff.usage).toMatchObject({ total_tokens: 13 })
  })

  test('over HTTP too', async () => {
    host.script({ pieces: ['Half an'], reason: 'length' })
    const { reply } = (await server.http('POST', '/chat', { message: 'Hello?' })) as any
    expect(reply.data).toMatchObject({ answer: 'Half an', error: { code: 'AI_API_ERROR' } })
  })
})

const leak = 'Incorrect key sk-abc123def456 for organization org-Xyz at http://10.0.0.5:8000'
const leaked = /sk-abc|org-Xyz|10\.0\.0\.5|127\.0\.0\.1|Incorrect|scripted/

describe('A7: a visitor is told one sentence, staff the reason', () => {
  const events: [string, string][] = [
    ['in the stream', `data: {"error":{"message":"${leak}"}}\n\n`],
    ['as an event', `event: error\ndata: {"message":"${leak}"}\n\n`],
  ]
  test.each(events)('of an error %s', async (_name, body) => {
    const client = await server.connect()
    const begun = 'data: {"choices":[{"delta":{"content":"Begun"}}]}\n\n'
    const { answer, conversation } = await ask(client, { raw: [begun, body] })
    expect(answer).toMatchObject({
      status: 'failed',
      content: 'Begun',
      error: { code: 'AI_SERVICE_ERROR', message: 'The assistant is not available at the moment.' },
    })
    const { forVisitor, forStaff } = await stored(client, conversation.id)
    expect(JSON.stringify([client.received, forVisitor])).not.toMatch(leaked)
    expect(forStaff.error!.reason).toMatch(/Incorrect key … for organization …/)
    expect(JSON.stringify(log)).not.toMatch(/sk-abc|org-Xyz/)
  })

  test('over HTTP and its stream', async () => {
    const chat = createFailing()
    for (const path of ['/chat', '/chat/messages']) {
      host.script(chat)
      const { reply } = await server.http('POST', path, { message: 'Hello?' })
      expect(JSON.stringify(reply)).not.toMatch(leaked)
    }
    host.script(chat)
    const response = await fetch(`${server.url}/api/v1/chat/stream`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ message: 'Hello?' }),
    })
    expect(await response.text()).not.toMatch(leaked)
  })

  function createFailing(): Script {
    return {
      raw: [
        'data: {"choices":[{"delta":{"content":"Begun"}}]}\n\n',
        `data: {"error":{"message":"${leak}"}}\n\n`,
      ],
    }
  }

  test('of a draft and a translation staff are told the reason, without keys', async () => {
    const client = await server.connect()
    const { conversation } = await ask(client, { pieces: ['Thirty days.'] })
    const staff = await server.connect({ namespace: 'agent', token: await server.signIn() })
    await staff.ask('conversation:open', { conversation_id: conversation.id })
    const requested = { conversation_id: conversation.id, content: 'Hallo', language: 'en' } as const
    host.script({ status: 401, body: JSON.stringify({ error: { message: leak } }) })
    const refused = await staff.call('text:translate', requested)
    expect(refused).toMatchObject({ success: false, error: { code: 'AI_SERVICE_ERROR' } })
    expect(JSON.stringify(refused)).toMatch(/answered 401: Incorrect key …/)
    expect(JSON.stringify(refused)).not.toMatch(/sk-abc|org-Xyz/)
  })
})

describe('D6: a fallback says why', () => {
  const causes: [string, Script, Record<string, unknown>][] = [
    ['a wrong key', { status: 403, body: JSON.stringify({ error: { message: leak } }) }, { status: 403 }],
    ['a wrong path', { status: 404, body: '<html>Not found</html>' }, { status: 404 }],
    ['a web page', { raw: ['<html>'] }, { reason: expect.stringContaining('web page') }],
    ['blanks alone', { pieces: [' ', '\n\n'] }, { reason: expect.stringContaining('empty answer') }],
  ]
  test.each(causes)(
    '%s: one line, and health is not ok until a call succeeds',
    async (_name, script, says) => {
      const client = await server.connect()
      await ask(client, { pieces: ['Fine.'] })
      expect((await health()).data).toMatchObject({ status: 'ok', model: { ok: true } })
      log.splice(0)
      expect((await ask(client, script)).answer).toMatchObject({
        degraded: true,
        status: 'complete',
        error: null,
      })
      expect((await ask(client, script)).answer).toMatchObject({ degraded: true })
      const warned = log.filter(({ level }) => level === 40)
      expect(warned).toMatchObject([says])
      expect(JSON.stringify(warned)).not.toMatch(/sk-abc|org-Xyz|return policy/)
      expect((await health()).data).toMatchObject({ status: 'degraded', model: { ok: false } })
      await server.app.checkModel()
      expect((await health()).data.model.ok).toBe(false)
      await ask(client, { pieces: ['Fine.'] })
      expect((await health()).data).toMatchObject({ status: 'ok', model: { ok: true } })
    },
  )
})
