import fc from 'fast-check'
import { afterAll, beforeAll, expect, test } from 'vitest'
import {
  type Client,
  type ConversationState,
  type ConversationStore,
  createClient,
  createMemoryStorage,
  ParleyError,
} from '../../client/sdk/index.ts'
import { createOpenAIModel } from '../../server/providers/openai.ts'
import { until } from '../faults/wait.ts'
import { type ModelServer, startModelServer } from '../fixtures/fakes/model-server.ts'
import { startServer, type TestServer } from '../fixtures/harness.ts'

let host: ModelServer
let server: TestServer
let adminToken: string
beforeAll(async () => {
  host = await startModelServer()
  const chat = createOpenAIModel({ baseUrl: `${host.url}/v1`, apiKey: 'test', model: 'test-model' })
  server = await startServer({}, { models: { chat } })
  adminToken = await server.signIn()
})
afterAll(() => host.close())

type Audience = 'visitor' | 'agent'

interface Reader {
  audience: Audience
  client: Client
  store: ConversationStore
}

/** What may happen to a conversation and to those who read it. `hurried` is not waited for. */
const step = fc.record({
  hurried: fc.boolean(),
  act: fc.oneof(
    {
      weight: 6,
      arbitrary: fc.record({ kind: fc.constant('say' as const), content: fc.string({ minLength: 1 }) }),
    },
    {
      weight: 1,
      arbitrary: fc.record({
        kind: fc.constant('say much' as const),
        count: fc.integer({ min: 20, max: 40 }),
      }),
    },
    { weight: 2, arbitrary: fc.record({ kind: fc.constant('stop' as const) }) },
    {
      weight: 3,
      arbitrary: fc.record({
        kind: fc.constant('rate' as const),
        nth: fc.nat(20),
        rating: fc.constantFrom(-1 as const, 1 as const),
      }),
    },
    {
      weight: 4,
      arbitrary: fc.record({
        kind: fc.constant('update' as const),
        by: fc.constantFrom<Audience>('visitor', 'agent'),
        fields: fc.record(
          {
            title: fc.string({ minLength: 1, maxLength: 20 }),
            language: fc.constantFrom('zh' as const, 'en' as const),
            status: fc.constantFrom('open' as const, 'closed' as const),
            metadata: fc.dictionary(fc.constantFrom('a', 'b'), fc.integer()),
          },
          { requiredKeys: [] },
        ),
      }),
    },
    { weight: 2, arbitrary: fc.record({ kind: fc.constant('read' as const), nth: fc.nat(10) }) },
    {
      weight: 3,
      arbitrary: fc.record({
        kind: fc.constant('join' as const),
        audience: fc.constantFrom<Audience>('visitor', 'agent'),
      }),
    },
    { weight: 3, arbitrary: fc.record({ kind: fc.constant('leave' as const), nth: fc.nat(10) }) },
    { weight: 3, arbitrary: fc.record({ kind: fc.constant('return' as const), nth: fc.nat(10) }) },
  ),
})
type Act = typeof step extends fc.Arbitrary<infer Step extends { act: unknown }> ? Step['act'] : never

const script = fc.record(
  {
    pieces: fc.array(fc.string({ unit: 'grapheme', minLength: 1 }), { minLength: 1, maxLength: 12 }),
    ending: fc.constantFrom('reset' as const, 'garbage' as const, 'early_end' as const),
    gate: fc.constantFrom(
      () => new Promise<void>(resolve => setImmediate(resolve)),
      () => new Promise<void>(resolve => setTimeout(resolve, 5)),
    ),
  },
  { requiredKeys: ['pieces'] },
)

/** One conversation, the visitor and the administrator who act in it, and readers that come and go. */
async function startTalk() {
  const readers: Reader[] = []
  const everybody: Client[] = []

  function connect(audience: Audience, token?: string): Client {
    const options = { url: server.url, namespace: audience, storage: createMemoryStorage(), token }
    const client = createClient(options) as unknown as Client
    client.connect()
    everybody.push(client)
    return client
  }
  const visitor = connect('visitor')
  const { conversation } = await visitor.call('conversation:open', { new: true, key: crypto.randomUUID() })
  const { token } = visitor.state.session!
  const { id } = conversation
  const actors = { visitor, agent: connect('agent', adminToken) }

  async function join(audience: Audience): Promise<Reader> {
    const client = connect(audience, audience === 'visitor' ? token : adminToken)
    const store = client.conversation({ id })
    await store.open()
    return { audience, client, store }
  }

  async function messages() {
    return (await visitor.call('conversation:history', { conversation_id: id, limit: 100 })).messages
  }

  async function perform(act: Act): Promise<unknown> {
    const nth = 'nth' in act ? readers[act.nth % readers.length] : undefined
    const send = (content: string) =>
      visitor.call('message:send', { conversation_id: id, key: crypto.randomUUID(), content })
    switch (act.kind) {
      case 'say':
        return send(act.content)
      case 'say much':
        return Promise.all(Array.from({ length: act.count }, (_, count) => send(`Number ${count}`)))
      case 'stop': {
        const writing = (await messages()).find(({ status }) => status === 'streaming')
        return writing && visitor.call('reply:stop', { message_id: writing.id })
      }
      case 'rate': {
        const answers = (await messages()).filter(({ role }) => role === 'assistant')
        const answer = answers[act.nth % answers.length]
        return answer && visitor.call('message:feedback', { message_id: answer.id, rating: act.rating })
      }
      case 'update':
        return actors[act.by].call('conversation:update', { conversation_id: id, ...act.fields })
      case 'read':
        return nth?.client.call('message:read', { conversation_id: id, seq: nth.store.get().seq })
      case 'join':
        return void readers.push(await join(act.audience))
      case 'leave':
        return nth?.client.disconnect()
      case 'return':
        return nth?.client.connect()
    }
  }

  return {
    id,
    actors,
    readers,
    join,
    perform,
    /** Everybody is there, nothing is being written, and all are where the log ends. */
    async settle(all: Reader[]) {
      for (const { client } of all) client.connect()
      await until('all readers to be at the end', async () => {
        if ((await messages()).some(({ status }) => status === 'streaming')) return false
        const { seq } = await visitor.call('conversation:open', { conversation_id: id, since_seq: 0 })
        return all.every(({ store }) => store.get().seq === seq)
      })
    },
    close: () => {
      for (const client of everybody) client.disconnect()
    },
  }
}

async function readOlder({ store }: Reader) {
  while (store.get().hasMore) await store.loadOlder(100)
}

/** Everything a person is shown. */
function shownTo({ store }: Reader) {
  const { conversation, messages, handoff, read, seq, progress }: ConversationState = store.get()
  return { conversation, messages, handoff, read, seq, progress }
}

/** What a lawful server may refuse in a random history. */
const lawful = new Set(['CONFLICT', 'VALIDATION_ERROR', 'ABORTED'])

test('law D4: whoever joined at any time, by a snapshot or by seq, ends with what a fresh reader is given', async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.array(script, { maxLength: 8 }),
      fc.array(step, { minLength: 5, maxLength: 40 }),
      async (scripts, steps) => {
        host.script(...scripts)
        const talk = await startTalk()
        const refused: unknown[] = []
        const hurried: Promise<unknown>[] = []
        try {
          for (const { act, hurried: isHurried } of steps) {
            const done = talk.perform(act).catch(error => {
              if (!(error instanceof ParleyError && (error.retryable || lawful.has(error.code))))
                refused.push([act, error])
            })
            if (isHurried) hurried.push(done)
            else await done
          }
          await Promise.all(hurried)
          await talk.settle(talk.readers)
          expect(refused).toEqual([])
          const fresh = { visitor: await talk.join('visitor'), agent: await talk.join('agent') }
          const all = [...talk.readers, fresh.visitor, fresh.agent]
          for (const reader of all) await readOlder(reader)
          // Something may have been said of its own accord since.
          await talk.settle(all)
          for (const reader of talk.readers) expect(shownTo(reader)).toEqual(shownTo(fresh[reader.audience]))
        } finally {
          talk.close()
        }
      },
    ),
    { numRuns: 30, endOnFailure: true },
  )
}, 300_000)
