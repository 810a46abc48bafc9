import { afterEach, beforeEach, describe, expect, onTestFinished, test } from 'vitest'
import type { OperationName, Reply } from '#protocol'
import { createRandom } from './faults/random.ts'
import { readRecord } from './faults/record.ts'
import { passed, until, within } from './faults/wait.ts'
import { startWorld, type World } from './faults/world.ts'
import { connect, type TestClient } from './harness.ts'
import { hasService } from './services.ts'

const hasPostgres = hasService(
  'PostgreSQL',
  Boolean(process.env.TEST_DATABASE_URL),
  'test/tooling/postgres.sh start 5433 /var/lib/parley, and TEST_DATABASE_URL=postgres://postgres@127.0.0.1:5433/postgres',
)
/** DESIGN.md: nothing hangs beyond 2 s. The rest is for a busy machine. */
const promptMs = 2800

describe.runIf(hasPostgres)('a PostgreSQL that goes away', () => {
  let world: World
  beforeEach(async () => {
    world = await startWorld({ nodes: 1, answers: { scripts: [] }, random: createRandom(1) })
    world.host.always({ pieces: ['Yes.'] })
  })
  afterEach(() => world?.close())

  /** A visitor with a conversation, on a connection that no fault touches. */
  async function visitor() {
    world.database!.heal()
    await world.ready(0)
    const client = await connect(world.url(0))
    onTestFinished(() => void client.socket.disconnect())
    const { conversation } = await client.ask('conversation:open', {})
    let count = 0
    return {
      client,
      id: conversation.id,
      say: (content = 'Hello', key = `k${count++}`) =>
        timed(client, 'message:send', { conversation_id: conversation.id, key, content }),
      read: () => readRecord(world.url(0), { token: client.token, conversationId: conversation.id }),
    }
  }

  async function timed(client: TestClient, operation: OperationName, input: object) {
    const started = performance.now()
    const reply: Reply<any> = await within(operation, client.call(operation, input as never), 20_000)
    return { reply, ms: performance.now() - started, at: performance.now() }
  }

  function expectRefusal({ reply, ms }: { reply: Reply<any>; ms: number }) {
    expect(reply).toMatchObject({ success: false, error: { code: 'SERVICE_UNAVAILABLE', retryable: true } })
    expect(ms).toBeLessThan(promptMs)
  }

  test('D1: a write into a stalled database is refused in time, reads in memory go on, and it heals by itself', async () => {
    const { client, id, say, read } = await visitor()
    await say()
    world.database!.change({ stalled: true })
    expectRefusal(await say('while stalled', 'stalled'))
    const seen = client.until('message:seen')
    const typing = await timed(client, 'typing:set', { conversation_id: id, typing: true })
    expect(typing.reply.success).toBe(true)
    expect(typing.ms).toBeLessThan(500)
    world.database!.heal()
    await until('a write to succeed', async () => (await say()).reply.success, 5000)
    expect((await say('while stalled', 'stalled')).reply.success).toBe(true)
    await client.ask('message:read', { conversation_id: id, seq: 1 })
    await seen
    const { messages } = await read()
    expect(messages.filter(({ key }) => key === 'stalled')).toHaveLength(1)
  })

  test('writes that wait for each other are all refused in time', async () => {
    const { say } = await visitor()
    world.database!.change({ stalled: true })
    const refused = await Promise.all(Array.from({ length: 8 }, () => say()))
    for (const outcome of refused) expectRefusal(outcome)
  }, 60_000)

  test('D6: a write that is committed after it was refused is told to whoever listens', async () => {
    const { client, id, say, read } = await visitor()
    await say()
    await client.until('message:updated')
    // Five times there and back: later than the deadline, and committed all the same.
    world.database!.change({ latencyMs: 450 })
    const title = 'Told late'
    const { reply } = await timed(client, 'conversation:update', { conversation_id: id, title })
    await passed(3000)
    world.database!.heal()
    const { events } = await read()
    const happened = events.filter(({ payload }) => payload.conversation?.title === title)
    expect(reply.success || happened.length <= 1).toBe(true)
    if (happened.length > 0)
      await client.until('conversation:updated', event => event.conversation.title === title)
  })

  test('R4: an answer whose end is committed late, or unheard, is told to whoever listens', async () => {
    const { client, id, say, read } = await visitor()
    const door = Promise.withResolvers<void>()
    let pieces = 0
    world.host.script({
      pieces: ['One ', 'two.'],
      gate: () => (pieces++ === 0 ? Promise.resolve() : door.promise),
    })
    await say('A question')
    const { message_id } = await client.until('reply:delta')
    world.database!.change({ latencyMs: 450 })
    door.resolve()
    await passed(4000)
    world.database!.heal()
    const stored = async () => (await read()).messages.find(message => message.id === message_id)!
    await until('the answer to end', async () => (await stored()).status !== 'streaming', 15_000)
    const told = await client.until('message:updated', ({ message }) => message.id === message_id)
    expect(told.message).toEqual(await stored())
    expect(id).toBe(told.conversation_id)
  }, 60_000)
})
