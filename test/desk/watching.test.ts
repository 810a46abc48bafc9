import { beforeAll, describe, expect, test } from 'vitest'
import { key, people, quick, say } from '../fixtures/handoff.ts'
import { code, startServer, type TestClient, type TestServer } from '../fixtures/harness.ts'

let server: TestServer
let lead: Awaited<ReturnType<typeof agent>>
let ann: Awaited<ReturnType<typeof agent>>
beforeAll(async () => {
  server = await startServer({ handoffTimeoutS: 3600 }, { handoff: quick })
  lead = await agent('Lea', 'admin')
  ann = await agent('Ann')
})
const { agent, visitor, served } = people(() => server)

type State = 'watching' | 'typing' | 'gone'
const watch = (client: TestClient, conversation_id: string, state: State = 'watching') =>
  client.call('presence:watch', { conversation_id, state })
const sees = (client: TestClient, name: string, state: State) =>
  client.until('presence:watching', event => event.agent.name === name && event.state === state)

describe('who looks at a conversation', () => {
  test('law S2: is told to colleagues who look at it too, costs the visitor nothing and is stored nowhere', async () => {
    const { client, id } = await served(ann.client)
    await lead.client.ask('conversation:open', { conversation_id: id })
    const before = await lead.client.ask('conversation:open', { conversation_id: id })
    const received = client.received.length
    expect(code(await watch(lead.client, id))).toBe('ok')
    expect(await sees(ann.client, 'Lea', 'watching')).toEqual({
      conversation_id: id,
      agent: { id: lead.id, name: 'Lea' },
      state: 'watching',
    })
    await watch(ann.client, id, 'typing')
    await sees(lead.client, 'Ann', 'typing')
    await watch(lead.client, id, 'gone')
    await sees(ann.client, 'Lea', 'gone')
    // What comes after it has come to the visitor, and none of it.
    await say(ann.client, id, 'Here you are.')
    await client.until('message:created', event => event.message.content === 'Here you are.')
    expect(client.received.slice(received).map(({ event }) => event)).toEqual(['message:created'])
    const after = await lead.client.ask('conversation:open', { conversation_id: id })
    expect(after.seq).toBe(before.seq + 1)
    expect(after.read).toEqual(before.read)
  })

  test('whoever is cut off is gone', async () => {
    const { id } = await served(ann.client)
    const bob = await agent('Bob')
    await watch(bob.client, id)
    await sees(ann.client, 'Bob', 'watching')
    bob.client.socket.disconnect()
    await sees(ann.client, 'Bob', 'gone')
  })

  test('laws S2, S6: only what one may see; what is no state or no conversation is refused by name', async () => {
    const { client, id } = await visitor()
    expect(code(await watch(ann.client, id))).toBe('CONVERSATION_NOT_FOUND')
    expect(code(await watch(client, id))).toBe('NOT_FOUND')
    expect(code(await watch(lead.client, key()))).toBe('CONVERSATION_NOT_FOUND')
    expect(code(await watch(lead.client, id, 'staring' as State))).toBe('VALIDATION_ERROR')
  })
})
