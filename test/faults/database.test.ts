import { afterEach, beforeEach, describe, expect, onTestFinished, test } from 'vitest'
import type { OperationName, Reply } from '#protocol'
import { connect, type TestClient } from '../fixtures/harness.ts'
import { hasService } from '../fixtures/services.ts'
import { createRandom } from './random.ts'
import { readRecord } from './record.ts'
import { passed, until, withDeadline } from './wait.ts'
import { startWorld, type World } from './world.ts'

const hasPostgres = hasService(
  'PostgreSQL',
  Boolean(process.env.TEST_DATABASE_URL),
  'test/tooling/postgres.sh start 5433 /var/lib/parley, and TEST_DATABASE_URL=postgres://postgres@127.0.0.1:5433/postgres',
)
/** Nothing hangs beyond 2 s. The rest is for a busy machine. */
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
    const reply: Reply<any> = await withDeadline(operation, client.call(operation, input as never), 20_000)
    return { reply, ms: performance.now() - started, at: performance.now() }
  }

  function expectRefusal({ reply, ms }: { reply: Reply<any>; ms: number }) {
    expect(reply).toMatchObject({ success: false, error: { code: 'SERVICE_UNAVAILABLE', retryable: true } })
    expect(ms).toBeLessThan(promptMs)
  }

  test('law D1: a write into a stalled database is refused in time, reads in memory go on, and it heals by itself', async () => {
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

  test('a pool whose connections were lost in silence heals by itself', async () => {
    const visitors = await Promise.all(Array.from({ length: 8 }, () => visitor()))
    await Promise.all(visitors.flatMap(({ say, read }) => [say(), say(), read(), read()]))
    world.database!.abandonAll()
    const inOneGo = async () => {
      const outcomes = await Promise.all(visitors.map(({ say }) => say()))
      return outcomes.every(({ reply }) => reply.success)
    }
    await until('eight writes at once to succeed on new connections', inOneGo, 20_000)
    for (const { read } of visitors) await read()
  }, 60_000)

  test('law D6: a write that is committed after it was refused is told to whoever listens', async () => {
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

  test('law R4: an answer whose end is committed late, or unheard, is told to whoever listens', async () => {
    const { client, id, say, read } = await visitor()
    const gate = Promise.withResolvers<void>()
    let pieces = 0
    world.host.script({
      pieces: ['One ', 'two.'],
      gate: () => (pieces++ === 0 ? Promise.resolve() : gate.promise),
    })
    await say('A question')
    const { message_id } = await client.until('reply:delta')
    world.database!.change({ latencyMs: 450 })
    gate.resolve()
    await passed(4000)
    world.database!.heal()
    const stored = async () => (await read()).messages.find(message => message.id === message_id)!
    await until('the answer to end', async () => (await stored()).status !== 'streaming', 15_000)
    const updated = await client.until('message:updated', ({ message }) => message.id === message_id)
    expect(updated.message).toEqual(await stored())
    expect(id).toBe(updated.conversation_id)
  }, 60_000)

  test('laws D1, D2: cut hundreds of times under load: each write is answered in time, and the acknowledged are there once', async () => {
    const writers = await Promise.all(Array.from({ length: 6 }, () => visitor()))
    const cutting = new AbortController()
    const outcomes: { key: string; success: boolean; ms: number; writer: number }[] = []
    const writing = writers.map(async ({ say }, writer) => {
      for (let count = 0; !cutting.signal.aborted; count++) {
        const key = `w${writer}-${count}`
        const { reply, ms } = await say('load', key)
        if (!reply.success)
          expect(reply.error).toMatchObject({ code: 'SERVICE_UNAVAILABLE', retryable: true })
        outcomes.push({ key, success: reply.success, ms, writer })
      }
    })
    for (let cut = 0; cut < 300; cut++) {
      const before = outcomes.length
      // Cut in the middle of things: a few answers after the last cut.
      const goOn = until('writes to go on', () => outcomes.length >= before + (cut % 4), 5000)
      await Promise.race([goOn, Promise.all(writing)])
      if (cut % 3 === 0) for (const wire of [...world.database!.wires].slice(0, 1 + (cut % 5))) wire.reset()
      else world.database!.resetAll()
    }
    cutting.abort()
    await withDeadline('the writers to end', Promise.all(writing), 30_000)
    expect(world.wrongEnds()).toEqual([])
    expect(Math.max(...outcomes.map(({ ms }) => ms))).toBeLessThan(promptMs)
    for (const [writer, { read, say }] of writers.entries()) {
      await until('writes to succeed again', async () => (await say('after')).reply.success, 5000)
      const { messages } = await read()
      const count = (key: string) => messages.filter(message => message.key === key).length
      for (const { key, success, writer: by } of outcomes) {
        if (by === writer) expect([key, count(key)]).toEqual([key, success ? 1 : count(key) && 1])
      }
    }
  }, 120_000)
})
