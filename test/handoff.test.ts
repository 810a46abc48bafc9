import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { createOpenAIModel } from '../server/models/openai.ts'
import { type ModelServer, startModelServer } from './fakes/model-server.ts'
import { assemble, code, startServer, type TestClient, type TestServer } from './harness.ts'
import { hire } from './staff.ts'

let host: ModelServer
let server: TestServer
beforeAll(async () => {
  host = await startModelServer()
  const chat = createOpenAIModel({ baseUrl: `${host.url}/v1`, apiKey: 'test', model: 'test-model' })
  server = await startServer({}, { models: { chat }, handoff: { leaseS: 1, heartbeatMs: 200, dutyMs: 100 } })
})
afterAll(() => host.close())

const key = () => crypto.randomUUID()

/** An agent on the desk. */
async function agent(name = 'Ann', role: 'agent' | 'admin' = 'agent') {
  const { id, token } = await hire(server, name, role)
  const client = await server.connect({ namespace: 'agent', token })
  return { id, token, client }
}

/** A visitor in a new conversation. */
async function visitor(language: 'en' | 'zh' = 'en') {
  const client = await server.connect()
  const { conversation } = await client.ask('conversation:open', { new: true, key: key(), language })
  return { client, id: conversation.id }
}

/** A visitor who waits. */
async function waiting(language: 'en' | 'zh' = 'en') {
  const { client, id } = await visitor(language)
  const { handoff } = await client.ask('handoff:request', { conversation_id: id, key: key() })
  return { client, id, handoff }
}

const changes = (client: TestClient) =>
  client.heard.filter(entry => entry.event === 'handoff:changed').map(entry => entry.payload)

const say = (client: TestClient, conversation_id: string, content: string) =>
  client.ask('message:send', { conversation_id, key: key(), content })

describe('the way of a handoff', () => {
  test('O1: asked for, taken, answered, completed: each owner writes alone, and the visitor is told each time', async () => {
    const ann = await agent()
    const { client, id } = await visitor()
    const { handoff } = await client.ask('handoff:request', {
      conversation_id: id,
      key: key(),
      reason: 'Refund',
    })
    expect(handoff).toMatchObject({ status: 'pending', reason: 'Refund', queue_position: 1, summary: null })
    await say(client, id, 'Hello?')
    const opened = await ann.client.ask('conversation:open', { conversation_id: id })
    expect(opened).toMatchObject({
      conversation: { mode: 'queued', epoch: 1 },
      handoff: { id: handoff.id },
      notes: [],
    })
    const accepted = await ann.client.ask('handoff:accept', { handoff_id: handoff.id, key: key() })
    expect(accepted.handoff).toMatchObject({ status: 'active', agent: { id: ann.id, name: 'Ann' } })
    await client.until('handoff:changed', event => event.mode === 'human')
    await say(ann.client, id, 'Here I am.')
    await client.until('message:created', ({ message }) => message.role === 'agent')
    await say(client, id, 'Thanks')
    await ann.client.ask('handoff:complete', {
      handoff_id: handoff.id,
      key: key(),
      note: 'Paid back',
      tags: ['refund'],
    })
    const done = await client.until('handoff:changed', event => event.mode === 'ai')
    expect(done).toMatchObject({ epoch: 3, handoff: { status: 'resolved', note: null, tags: [] } })
    const { events } = await client.ask('conversation:open', { conversation_id: id, since_seq: 0 })
    expect(events.map(({ event, payload }) => (payload.message as any)?.role ?? event)).toEqual([
      'handoff:changed',
      'system',
      'user',
      'handoff:changed',
      'system',
      'agent',
      'user',
      'handoff:changed',
      'system',
    ])
    const { message } = await say(client, id, 'And now?')
    const { message: answer } = await client.until(
      'message:updated',
      event => event.message.in_reply_to === message.id,
    )
    expect(answer).toMatchObject({ role: 'assistant', status: 'complete' })
    const { messages } = host.requests.at(-1)!
    expect(messages.map(entry => entry.content).join('\n')).toContain(
      '[Ann, a person of the shop] Here I am.',
    )
  })

  test('O1: an answer being written ends in the accept’s own transaction with what was shown', async () => {
    const ann = await agent()
    const { client, id } = await visitor()
    host.script({ pieces: ['Once ', 'upon ', 'a time '], ending: 'hang' })
    const { message } = await say(client, id, 'Tell a story')
    const { message: reply } = await client.until(
      'message:created',
      event => event.message.in_reply_to === message.id,
    )
    await client.until('reply:delta', delta => delta.text.includes('time'))
    const { handoff } = await client.ask('handoff:request', { conversation_id: id, key: key() })
    expect(client.heard.some(entry => entry.event === 'message:updated')).toBe(false)
    await ann.client.ask('handoff:accept', { handoff_id: handoff.id, key: key() })
    const { seq } = await client.until('handoff:changed', event => event.mode === 'human')
    const updated = await client.until('message:updated')
    expect(updated).toMatchObject({ seq: seq - 1, message: { id: reply.id, status: 'stopped' } })
    expect(assemble(client.heard, reply.id)).toBe(updated.message.content)
  })

  test('a request is idempotent: repeated, from two tabs, under any key', async () => {
    const { client, id, handoff } = await waiting()
    const tab = await server.connect({ token: client.token })
    const again = await Promise.all(
      [client, tab, client, tab].map(each =>
        each.ask('handoff:request', { conversation_id: id, key: key() }),
      ),
    )
    expect(new Set(again.map(entry => entry.handoff.id))).toEqual(new Set([handoff.id]))
    expect(changes(client)).toHaveLength(1)
  })

  test('two accepts at once: one wins, the other is told who', async () => {
    const [ann, bob] = await Promise.all([agent('Ann'), agent('Bob')])
    const { handoff } = await waiting()
    const replies = await Promise.all(
      [ann, bob].map(({ client }) => client.call('handoff:accept', { handoff_id: handoff.id, key: key() })),
    )
    expect(replies.map(code).sort()).toEqual(['CONFLICT', 'ok'])
    const winner = replies.find(reply => reply.success)!.data!.handoff.agent!
    const loser = replies.find(reply => !reply.success)! as any
    expect(loser.error.details.handoff).toMatchObject({
      status: 'active',
      agent: { id: winner.id, name: winner.name },
    })
  })
})
