import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { Message } from '#protocol'
import { parentsOf, pathTo } from '#protocol/core/branches'
import { createOpenAIModel } from '../../server/providers/openai.ts'
import { type ModelServer, startModelServer } from '../fixtures/fakes/model-server.ts'
import { key } from '../fixtures/handoff.ts'
import { code, startServer, type TestClient, type TestServer } from '../fixtures/harness.ts'

let host: ModelServer
let server: TestServer
beforeAll(async () => {
  host = await startModelServer()
  const chat = createOpenAIModel({
    baseUrl: `${host.url}/v1`,
    apiKey: 'test-key-0123456789',
    model: 'test-model',
  })
  server = await startServer({ handoffTimeoutS: 3600 }, { models: { chat } })
  host.always({ pieces: ['Hello there.'] })
})
afterAll(() => host.close())

async function begin(client: TestClient) {
  return (await client.ask('conversation:open', { new: true, key: key() })).conversation.id as string
}

const messagesOf = async (client: TestClient, conversation_id: string): Promise<Message[]> =>
  (await client.ask('conversation:open', { conversation_id })).messages

/** Says it, and waits for its answer. */
async function ask(client: TestClient, conversation_id: string, content: string, more: object = {}) {
  const { message } = await client.ask('message:send', { conversation_id, key: key(), content, ...more })
  const isAnswer = (event: { message: Message }) => event.message.in_reply_to === message.id
  return { question: message as Message, answer: await ended(client, isAnswer) }
}

/** An answer, once it is written. */
async function ended(client: TestClient, isIt: (event: { message: Message }) => boolean): Promise<Message> {
  const isEnded = (event: any) => isIt(event) && event.message.status !== 'streaming'
  return (await client.until('message:updated', isEnded)).message
}

describe('branches of a conversation', { timeout: 60_000 }, () => {
  test('law D3, law D4: a question asked otherwise is a new message, the log stays one line, and the answer knows its own branch alone', async () => {
    const ada = await server.connect()
    const id = await begin(ada)
    const first = await ask(ada, id, 'How heavy is the oak table?')
    const second = await ask(ada, id, 'And the walnut one?')
    const parent_id = first.answer.id
    const other = await ask(ada, id, 'And the glass one?', { parent_id })
    expect(other.question.branch).toEqual({ parent_id })
    const prompt = JSON.stringify(host.requests.at(-1)!.messages)
    expect(prompt).toContain('oak table')
    expect(prompt).not.toContain('walnut')
    const messages = await messagesOf(ada, id)
    expect(pathTo(messages, other.answer.id).map(({ id: each }) => each)).toEqual([
      first.question.id,
      first.answer.id,
      other.question.id,
      other.answer.id,
    ])
    expect(pathTo(messages, second.answer.id)).toHaveLength(4)
    const { events } = await ada.ask('conversation:open', { conversation_id: id, since_seq: 0 })
    expect(events.map(({ seq }: { seq: number }) => seq)).toEqual(
      events.map((_: unknown, index: number) => index + 1),
    )
    // From the beginning anew: nothing of before.
    await ask(ada, id, 'Which chair is light?', { parent_id: null })
    expect(JSON.stringify(host.requests.at(-1)!.messages)).not.toContain('table')
  })

  test('law D2: one more answer stands beside the first, by the question alone; the same key gives the same one', async () => {
    const ada = await server.connect()
    const id = await begin(ada)
    const { question, answer } = await ask(ada, id, 'Is the blue lamp bright?')
    host.script({ pieces: ['Rather ', 'bright.'] })
    const input = { message_id: answer.id, key: key() }
    const { message } = await ada.ask('reply:regenerate', input)
    expect(message).toMatchObject({ in_reply_to: question.id, branch: { parent_id: question.id } })
    expect((await ada.ask('reply:regenerate', input)).message.id).toBe(message.id)
    const again = await ended(ada, event => event.message.id === message.id)
    expect(again.content).toBe('Rather bright.')
    expect(JSON.stringify(host.requests.at(-1)!.messages)).not.toContain('Hello there.')
    const messages = await messagesOf(ada, id)
    expect(messages.map(({ role }) => role)).toEqual(['user', 'assistant', 'assistant'])
    // What follows the newest is on its branch.
    await ask(ada, id, 'How bright?')
    const prompt = JSON.stringify(host.requests.at(-1)!.messages)
    expect(prompt).toContain('Rather bright.')
    expect(prompt).not.toContain('Hello there.')
  })

  test('a branch that begins far back is read from there', async () => {
    const ada = await server.connect()
    const id = await begin(ada)
    const { answer } = await ask(ada, id, 'How heavy is the marble bust?')
    for (let count = 1; count <= 22; count++) await ask(ada, id, `What is number ${count}?`)
    await ask(ada, id, 'And who made it?', { parent_id: answer.id })
    const prompt = JSON.stringify(host.requests.at(-1)!.messages)
    expect(prompt).toContain('marble bust')
    expect(prompt).not.toContain('number 22')
  })

  test('law S2, law S6: only in the own conversation, and not while an answer is being written or a person has it', async () => {
    const [ada, ben] = [await server.connect(), await server.connect()]
    const [id, other] = [await begin(ada), await begin(ben)]
    const { answer } = await ask(ada, id, 'How heavy is the oak table?')
    const send = { conversation_id: other, key: key(), content: 'And this?', parent_id: answer.id }
    expect(code(await ben.call('message:send', send))).toBe('NOT_FOUND')
    expect(code(await ben.call('reply:regenerate', { message_id: answer.id, key: key() }))).toBe('NOT_FOUND')
    expect(await messagesOf(ben, other)).toEqual([])
    const gate = Promise.withResolvers<void>()
    host.script({ pieces: ['One', ' more.'], gate: () => gate.promise })
    const { message } = await ada.ask('reply:regenerate', { message_id: answer.id, key: key() })
    expect(code(await ada.call('reply:regenerate', { message_id: answer.id, key: key() }))).toBe('CONFLICT')
    gate.resolve()
    await ended(ada, event => event.message.id === message.id)
    await ada.ask('handoff:request', { conversation_id: id, key: key() })
    expect(code(await ada.call('reply:regenerate', { message_id: answer.id, key: key() }))).toBe('CONFLICT')
    const sent = { conversation_id: id, key: key(), content: 'Anybody there?', parent_id: null }
    expect((await ada.ask('message:send', sent)).message.branch).toBeNull()
  })
})

test('an answer that waited for one on another branch follows its question', () => {
  const row = (id: string, role: string, more: object = {}) => ({ id, role, in_reply_to: null, ...more })
  const messages = [
    row('q1', 'user'),
    row('a1', 'assistant', { in_reply_to: 'q1' }),
    row('q2', 'user', { branch: { parent_id: null } }),
    row('q3', 'user', { branch: { parent_id: 'a1' } }),
    row('a2', 'assistant', { in_reply_to: 'q2' }),
    row('a3', 'assistant', { in_reply_to: 'q3' }),
  ]
  expect(Object.fromEntries(parentsOf(messages))).toEqual({
    q1: null,
    a1: 'q1',
    q2: null,
    q3: 'a1',
    a2: 'q2',
    a3: 'q3',
  })
})
