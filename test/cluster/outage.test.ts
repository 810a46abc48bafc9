import postgres from 'postgres'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { Reply } from '#protocol'
import { passed, until } from '../faults/wait.ts'
import { type ModelServer, startModelServer } from '../fixtures/fakes/model-server.ts'
import { key, say } from '../fixtures/handoff.ts'
import { assemble, type TestClient } from '../fixtures/harness.ts'
import { hasShared, nodeSecret, sharedNodes } from '../fixtures/nodes.ts'
import type { ServerNode } from '../fixtures/processes.ts'
import { hasService } from '../fixtures/services.ts'
import { hireOn } from '../fixtures/staff.ts'
import { mayStartPostgres, type OwnPostgres, ownPostgres } from '../tooling/own-postgres.ts'

/** Longer than any lease: of an agent's sockets 8 s, of an answer 5 s. */
const outageMs = 12_000
/** The outage, a whole lease, and a busy machine. */
const limitMs = 120_000

const hasAll =
  hasShared &&
  hasService('PostgreSQL of its own', mayStartPostgres, 'run as root, with TEST_DATABASE_URL set')

describe.runIf(hasAll)('what nodes share, away for longer than the leases', () => {
  let server: OwnPostgres
  let model: ModelServer
  let one: ServerNode
  let two: ServerNode
  const shared = sharedNodes(
    () => ({ OPENAI_BASE_URL: `${model.url}/v1`, OPENAI_API_KEY: 'test', LLM_MODEL: 'test-model' }),
    async () => {
      server = await ownPostgres()
      return { url: server.url, drop: server.remove }
    },
  )

  beforeAll(async () => {
    model = await startModelServer()
    one = await shared.start('one')
    two = await shared.start('two')
  }, limitMs)
  afterAll(() => model.close())

  async function agent(node: ServerNode, name: string): Promise<TestClient> {
    const { id, token } = await hireOn(shared.databaseUrl, nodeSecret, name)
    const client = await shared.join(node, { namespace: 'agent', token })
    await client.until(
      'presence:changed',
      event => event.agent.id === id && event.agent.presence === 'online',
    )
    return client
  }

  async function visitor(node: ServerNode) {
    const client = await shared.join(node)
    const { conversation } = await client.ask('conversation:open', { new: true, key: key() })
    return { client, id: conversation.id }
  }

  /** A visitor on the one node whom an agent on the other serves. */
  async function served(desk: TestClient) {
    const { client, id } = await visitor(one)
    const { handoff } = await client.ask('handoff:request', { conversation_id: id, key: key() })
    await desk.ask('handoff:accept', { handoff_id: handoff.id, key: key() })
    await client.until('handoff:changed', event => event.mode === 'human')
    return { client, id }
  }

  /** An answer of which half is shown; the rest comes when `finish` is called. */
  async function answering(node: ServerNode) {
    const latch = Promise.withResolvers<void>()
    let pieces = 0
    model.script({
      pieces: ['First half. ', 'Second half.'],
      gate: () => (pieces++ === 0 ? Promise.resolve() : latch.promise),
    })
    const { client, id } = await visitor(node)
    const reader = await shared.join(node === one ? two : one, { token: client.token })
    await reader.ask('conversation:open', { conversation_id: id })
    await say(client, id, 'A question')
    const { message_id } = await client.until('reply:delta')
    return { client, reader, message_id, finish: latch.resolve }
  }

  /** The talk is still the agent's, who writes on in it. */
  async function stands(desk: TestClient, conversation_id: string): Promise<void> {
    const input = { conversation_id, key: key(), content: 'I am here' }
    // Each connection of a node reaches the database again by itself, a moment later than another.
    await until('the agent to write on', async () => isThere(await desk.call('message:send', input)))
    await until('the agent to read it', async () => {
      const reply = await desk.call('conversation:open', { conversation_id })
      if (reply.success) expect(reply.data.conversation).toMatchObject({ mode: 'human' })
      return isThere(reply)
    })
  }

  function isThere(reply: Reply<unknown>): boolean {
    if (!reply.success) expect(reply.error.code).toBe('SERVICE_UNAVAILABLE')
    return reply.success
  }

  async function isWhole({ client, reader, message_id, finish }: Awaited<ReturnType<typeof answering>>) {
    finish()
    for (const each of [client, reader]) {
      const { message } = await each.until('message:updated', event => event.message.id === message_id)
      expect(message).toMatchObject({ status: 'complete', content: 'First half. Second half.' })
    }
    expect(assemble(client.received, message_id)).toBe('First half. Second half.')
  }

  const faults: [string, () => Promise<void>][] = [
    [
      'PostgreSQL frozen for 12 s',
      async () => {
        server.freeze()
        await passed(outageMs)
        server.thaw()
      },
    ],
    [
      'PostgreSQL stopped for 12 s',
      async () => {
        await server.stop()
        await passed(outageMs)
        await server.start()
      },
    ],
    [
      'Redis frozen for 12 s',
      async () => {
        shared.redisFreezes()
        await passed(outageMs)
        shared.redisThaws()
      },
    ],
    [
      'Redis stopped for 12 s',
      async () => {
        await shared.redisDies()
        await passed(outageMs)
        await shared.redisReturns()
      },
    ],
    [
      'the clock of the database set an hour ahead',
      async () => {
        // What was written an hour earlier, to all who compare.
        const sql = postgres(shared.databaseUrl, { max: 1 })
        await sql.begin(async inner => {
          await inner`update node_leases set since = since - interval '1 hour', until = until - interval '1 hour'`
          await inner`update agent_leases set until = until - interval '1 hour'`
          await inner`update duties set until = until - interval '1 hour'`
          await inner`update handoffs set accepted_at = accepted_at - interval '1 hour' where status = 'active'`
          await inner`update conversations set reply_until = reply_until - interval '1 hour' where reply_id is not null`
        })
        await sql.end()
      },
    ],
  ]

  test.each(faults)(
    'H4: %s: agents whose sockets stayed open keep their talks, who left loses them, no answer is cut',
    async (_fault, strike) => {
      const [ann, bob] = [await agent(two, 'Ann'), await agent(two, 'Bob')]
      const [active, left] = [await served(ann), await served(bob)]
      const answers = [await answering(one), await answering(two)]
      bob.socket.disconnect()
      await strike()
      // Somebody judges again: only who is gone is found gone.
      await until(
        'the one who left to be found gone',
        () =>
          left.client.received.some(
            ({ event, payload }) => event === 'handoff:changed' && payload.mode === 'queued',
          ),
        40_000,
      )
      await stands(ann, active.id)
      for (const answer of answers) await isWhole(answer)
    },
    limitMs,
  )

  test(
    'H4: a question asked just as the database goes away is answered once it is back',
    async () => {
      model.always({ pieces: ['Late, but whole.'] })
      const { client, id } = await visitor(one)
      await say(client, id, 'Hello')
      await client.until('message:updated')
      const { message } = await say(client, id, 'And now?')
      server.freeze()
      await passed(outageMs)
      server.thaw()
      const ended = await client.until('message:updated', event => event.message.in_reply_to === message.id)
      expect(ended.message).toMatchObject({ status: 'complete', content: 'Late, but whole.' })
    },
    limitMs,
  )

  test(
    'H4: a node that stood still for 12 s finds nobody gone but who is, and loses no answer that was shown',
    async () => {
      await two.end('SIGTERM')
      const ann = await agent(one, 'Ann')
      const active = await served(ann)
      const gone = await agent(one, 'Bob')
      const left = await served(gone)
      gone.socket.disconnect()
      one.pause()
      await passed(outageMs)
      one.resume()
      await until(
        'the one who left to be found gone',
        () =>
          left.client.received.some(
            ({ event, payload }) => event === 'handoff:changed' && payload.mode === 'queued',
          ),
        40_000,
      )
      await stands(ann, active.id)
    },
    limitMs,
  )
})
