import { queryObjects } from 'node:v8'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { createOpenAIModel } from '../../server/providers/openai.ts'
import { type ModelServer, startModelServer } from '../fixtures/fakes/model-server.ts'
import { startServer, type TestClient, type TestServer } from '../fixtures/harness.ts'

let host: ModelServer
let server: TestServer
beforeAll(async () => {
  host = await startModelServer()
  const chat = createOpenAIModel({ baseUrl: `${host.url}/v1`, apiKey: 'test', model: 'test-model' })
  server = await startServer({}, { models: { chat } })
})
afterAll(() => host.close())

async function converse(client: TestClient, conversation_id: string, turns: number) {
  for (let turn = 0; turn < turns; turn++) {
    const key = crypto.randomUUID()
    const { message } = await client.ask('message:send', { conversation_id, key, content: 'Hello?' })
    await client.until('message:updated', event => event.message.in_reply_to === message.id)
    client.received.length = 0
  }
}

/** Collects garbage first. Node keeps what hangs on a signal combined of others for as long as somebody listens to it. */
const signals = () => queryObjects(AbortSignal, { format: 'count' })

test('an answer leaves nothing behind', async () => {
  const client = await server.connect()
  const { conversation } = await client.ask('conversation:open', {})
  await converse(client, conversation.id, 20)
  const before = signals()
  await converse(client, conversation.id, 100)
  expect(signals() - before).toBeLessThan(20)
}, 60_000)
