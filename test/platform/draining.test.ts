import { afterAll, beforeAll, beforeEach, describe, expect, onTestFinished, test } from 'vitest'
import { fillDataFolder } from '../fixtures/embedded-template.ts'
import { type ModelServer, startModelServer } from '../fixtures/fakes/model-server.ts'
import { connect, type TestClient } from '../fixtures/harness.ts'
import { type ServerNode, scratchFolder, startNode } from '../fixtures/processes.ts'

const count = 60

describe('a node that is told to stop', () => {
  let host: ModelServer
  let node: ServerNode
  beforeAll(async () => {
    host = await startModelServer()
  })
  afterAll(() => host.close())
  beforeEach(async () => {
    const folder = await scratchFolder()
    await fillDataFolder(folder.path)
    node = await startNode('node', {
      DATA_DIR: folder.path,
      OPENAI_BASE_URL: `${host.url}/v1`,
      OPENAI_API_KEY: 'test',
      LLM_MODEL: 'test-model',
    })
    onTestFinished(async () => {
      await node.end('SIGKILL')
      await folder.remove()
    })
  })

  async function come(): Promise<TestClient> {
    const client = await connect(node.url)
    onTestFinished(() => void client.socket.disconnect())
    return client
  }

  /** A client whose answer goes on when the test says so. */
  async function reader(pieces: string[]) {
    const doors = pieces.map(() => Promise.withResolvers<void>())
    let served = 0
    host.script({ pieces, gate: () => doors[served++]!.promise })
    const client = await come()
    const { conversation } = await client.ask('conversation:open', {})
    await client.ask('message:send', { conversation_id: conversation.id, key: 'q', content: 'Tell' })
    doors[0]!.resolve()
    await client.until('reply:delta')
    return { client, say: (piece: number) => doors[piece]!.resolve() }
  }

  const left = ({ socket }: TestClient) =>
    new Promise<number>(resolve => socket.once('disconnect', () => resolve(performance.now())))

  test('tells each client another time to come back, and lets it go then, one after the other', async () => {
    const clients = await Promise.all(Array.from({ length: count }, come))
    const going = clients.map(left)
    const began = performance.now()
    const ended = node.end('SIGTERM')
    const delays = await Promise.all(
      clients.map(async client => (await client.until('server:draining')).retry_after_ms),
    )
    const sorted = delays.toSorted((a, b) => a - b)
    expect(new Set(sorted).size).toBe(count)
    expect(sorted[0]).toBeGreaterThanOrEqual(1000)
    expect(sorted.at(-1)! - sorted[0]!).toBeGreaterThan(1000)
    expect(sorted.at(-1)).toBeLessThanOrEqual(5000)
    for (const [index, at] of (await Promise.all(going)).entries())
      expect(at - began).toBeGreaterThan(delays[index]! - 50)
    await ended
    expect(node.wrongEnd()).toBe(null)
  }, 60_000)

  test('is not ready, and refuses who comes, with the time to come back; who reads an answer stays to its end', async () => {
    const { client, say } = await reader(['To the ', 'end.'])
    const gone = left(client)
    const ended = node.end('SIGTERM')
    await client.until('server:draining')
    expect((await fetch(`${node.url}/readyz`)).status).toBe(503)
    const refusal = await connect(node.url).catch(error => error)
    expect(refusal.data).toMatchObject({
      code: 'SERVICE_UNAVAILABLE',
      retryable: true,
      details: { retry_after_ms: expect.any(Number) },
    })
    say(1)
    const { message } = await client.until('message:updated')
    expect(message).toMatchObject({ status: 'complete', content: 'To the end.' })
    await gone
    await ended
    expect(node.wrongEnd()).toBe(null)
  }, 60_000)

  test('answers the requests that it has taken over HTTP', async () => {
    const gate = Promise.withResolvers<void>()
    const requested = Promise.withResolvers<void>()
    host.script({
      pieces: ['Still ', 'here.'],
      gate() {
        requested.resolve()
        return gate.promise
      },
    })
    const answered = fetch(`${node.url}/api/v1/chat`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ message: 'Hello?' }),
    })
    await requested.promise
    const ended = node.end('SIGTERM')
    await expect
      .poll(() =>
        fetch(`${node.url}/readyz`).then(
          ({ ok }) => ok,
          () => false,
        ),
      )
      .toBe(false)
    gate.resolve()
    expect(await (await answered).json()).toMatchObject({ success: true, data: { answer: 'Still here.' } })
    await ended
    expect(node.wrongEnd()).toBe(null)
  }, 60_000)
})
