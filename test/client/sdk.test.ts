import { createConnection, createServer, type Socket } from 'node:net'
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest'
import {
  type Client,
  type ConversationState,
  type ConversationStore,
  createClient,
  createMemoryStorage,
  ParleyError,
} from '../../client/sdk/index.ts'
import { createOpenAIModel } from '../../server/providers/openai.ts'
import { type ModelServer, startModelServer } from '../fixtures/fakes/model-server.ts'
import { startServer, type TestServer } from '../fixtures/harness.ts'

let host: ModelServer
let server: TestServer
let line: Awaited<ReturnType<typeof startLine>>
const clients: Client[] = []

beforeAll(async () => {
  host = await startModelServer()
  const chat = createOpenAIModel({ baseUrl: `${host.url}/v1`, apiKey: 'test', model: 'test-model' })
  server = await startServer({}, { models: { chat } })
  line = await startLine(server.url)
})
afterEach(() => {
  for (const client of clients.splice(0)) client.disconnect()
  line.mend()
})
afterAll(() => {
  line.close()
  return host.close()
})

/** A wire to the server that can be cut. */
async function startLine(url: string) {
  const pairs = new Set<Socket>()
  let isDown = false
  const proxy = createServer(near => {
    const far = createConnection(Number(new URL(url).port), '127.0.0.1')
    for (const [one, other] of [
      [near, far],
      [far, near],
    ] as const) {
      pairs.add(one)
      one.on('error', () => {})
      one.on('close', () => {
        pairs.delete(one)
        other.destroy()
      })
      one.pipe(other)
    }
    if (isDown) near.destroy()
  })
  await new Promise<void>(resolve => proxy.listen(0, '127.0.0.1', resolve))
  const cut = () => {
    for (const socket of pairs) socket.destroy()
  }
  return {
    url: `http://127.0.0.1:${(proxy.address() as { port: number }).port}`,
    cut,
    down() {
      isDown = true
      cut()
    },
    mend() {
      isDown = false
    },
    close() {
      cut()
      proxy.close()
    },
  }
}

function visitor(storage = createMemoryStorage()): Client<'visitor'> {
  const client = createClient({ url: line.url, namespace: 'visitor', storage })
  clients.push(client as unknown as Client)
  client.connect()
  return client
}

function until(
  conversation: ConversationStore,
  fits: (state: ConversationState) => boolean,
): Promise<ConversationState> {
  return new Promise(resolve => {
    const leave = conversation.subscribe(check)
    function check(state: ConversationState) {
      if (!fits(state)) return
      leave()
      resolve(state)
    }
    check(conversation.get())
  })
}

const answers = ({ messages }: ConversationState) => messages.filter(({ role }) => role === 'assistant')
const isAnswered = (state: ConversationState) =>
  answers(state).length > 0 && answers(state).every(({ status }) => status === 'complete')

describe('the client', () => {
  test('law R2: an answer cut at every few tokens is byte-identical to the stored one', async () => {
    const pieces = Array.from({ length: 40 }, (_, index) => `词${index} 👩‍👧 `)
    const gate = () => new Promise<void>(resolve => setTimeout(resolve, 40))
    host.script({ pieces, gate })
    const client = visitor()
    const conversation = client.conversation()
    conversation.send('Tell me a story')
    const shown: string[] = []
    let length = 0
    conversation.subscribe(state => {
      const { content = '', status } = answers(state)[0] ?? {}
      shown.push(content)
      if (status !== 'streaming' || content.length < length + 30) return
      length = content.length
      line.cut()
    })
    const state = await until(conversation, isAnswered)
    expect(answers(state)[0]?.content).toBe(pieces.join(''))
    expect(length).toBeGreaterThan(100)
    expect(shown.filter(text => !pieces.join('').startsWith(text))).toEqual([])
    const fresh = client.conversation({ id: state.conversation?.id })
    await fresh.open()
    expect(fresh.get().messages).toEqual(state.messages)
    expect(fresh.get().seq).toBe(state.seq)
  })

  test('law D2: what was said without a connection is kept over a reload and sent once, in order', async () => {
    const storage = createMemoryStorage()
    const first = visitor(storage)
    const conversation = first.conversation({ slot: 'own' })
    await conversation.open()
    const { id } = conversation.get().conversation!
    line.down()
    await expect.poll(() => first.state.status).toBe('reconnecting')
    for (const content of ['one', 'two', 'three']) conversation.send(content)
    expect(conversation.get().outgoing.map(({ status }) => status)).toEqual(['pending', 'pending', 'pending'])
    first.disconnect()
    conversation.close()
    line.mend()
    const later = visitor(storage).conversation({ id, slot: 'own' })
    await later.open()
    const state = await until(later, ({ outgoing }) => outgoing.length === 0)
    expect(state.messages.filter(({ role }) => role === 'user').map(({ content }) => content)).toEqual([
      'one',
      'two',
      'three',
    ])
  })

  test('law D2: a send whose acknowledgement was lost is not said twice', async () => {
    const client = visitor()
    const conversation = client.conversation()
    await conversation.open()
    for (let turn = 0; turn < 5; turn++) {
      conversation.send(`turn ${turn}`)
      setTimeout(line.cut, turn)
      await until(conversation, ({ outgoing }) => outgoing.length === 0)
    }
    const fresh = client.conversation({ id: conversation.get().conversation?.id })
    await fresh.open()
    const sent = fresh.get().messages.filter(({ role }) => role === 'user')
    expect(sent.map(({ content }) => content)).toEqual([0, 1, 2, 3, 4].map(turn => `turn ${turn}`))
  })

  test('a message that can never be accepted is marked as failed with the reason, and is not lost', async () => {
    const conversation = visitor().conversation()
    conversation.send('x'.repeat(9000))
    conversation.send('fine')
    const state = await until(
      conversation,
      ({ messages, outgoing }) => messages.length > 0 && outgoing.length === 1,
    )
    expect(state.outgoing).toMatchObject([{ status: 'failed', error: { code: 'VALIDATION_ERROR' } }])
    conversation.discard(state.outgoing[0]!.key)
    expect(conversation.get().outgoing).toEqual([])
  })

  test('a token that is no good is dropped: the visitor comes back as a stranger and begins anew', async () => {
    const storage = createMemoryStorage()
    const first = visitor(storage)
    const before = first.conversation()
    await before.open()
    first.disconnect()
    const place = `parley:${new URL(line.url).host}:visitor:token`
    storage.setItem(place, JSON.stringify(`${JSON.parse(storage.getItem(place)!)}x`))
    const client = visitor(storage)
    const conversation = client.conversation({ id: before.get().conversation?.id, startOver: true })
    conversation.send('Hello again')
    const state = await until(conversation, isAnswered)
    expect(state.conversation?.id).not.toBe(before.get().conversation?.id)
  })

  test('a call fails with its code; one given up, or without an answer in time, says so', async () => {
    const client = visitor()
    const unknown = { conversation_id: crypto.randomUUID() }
    await expect(client.call('conversation:open', unknown)).rejects.toMatchObject({
      name: 'ParleyError',
      code: 'CONVERSATION_NOT_FOUND',
      retryable: false,
    })
    await expect(
      client.call('conversation:open', {}, { signal: AbortSignal.abort() }),
    ).rejects.toBeInstanceOf(ParleyError)
    line.down()
    await expect.poll(() => client.state.status).toBe('reconnecting')
    await expect(client.call('conversation:open', {}, { timeout: 50 })).rejects.toMatchObject({
      code: 'TIMEOUT',
      retryable: true,
    })
  })
})
