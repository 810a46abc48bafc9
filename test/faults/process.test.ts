import { afterEach, describe, expect, onTestFinished, test } from 'vitest'
import type { Script } from '../fixtures/fakes/model-server.ts'
import { assemble, connect } from '../fixtures/harness.ts'
import { createRandom } from './random.ts'
import { readRecord } from './record.ts'
import { until, withDeadline } from './wait.ts'
import { startWorld, type World } from './world.ts'

let world: World
afterEach(() => world?.close())

/** One node whose model plays `scripts`, and a visitor whose answer has begun. */
async function midAnswer(...scripts: Script[]) {
  world = await startWorld({ nodes: 1, answers: { scripts }, random: createRandom(1) })
  const client = await connect(world.url(0))
  onTestFinished(() => void client.socket.disconnect())
  const { conversation } = await client.ask('conversation:open', {})
  const conversation_id = conversation.id
  await client.ask('message:send', { conversation_id, key: 'q', content: 'A story' })
  const { message_id } = await client.until('reply:delta')
  const read = async () => {
    const record = await readRecord(world.url(0), { token: client.token, conversationId: conversation_id })
    return { ...record, answer: record.messages.find(({ id }) => id === message_id)! }
  }
  return { client, conversation_id, message_id, read }
}

/** The first pieces come at once, the others when the door opens. */
function createGate(free: number) {
  const opened = Promise.withResolvers<void>()
  let count = 0
  return { gate: () => (count++ < free ? Promise.resolve() : opened.promise), open: opened.resolve }
}

describe('a node that dies', () => {
  test('law R4: kill -9 in the middle of an answer: within 5 s of ready it is a stored failure, and the talk goes on', async () => {
    const { client, conversation_id, message_id, read } = await midAnswer({
      pieces: ['Once ', 'upon '],
      ending: 'hang',
    })
    await until('a checkpoint', async () =>
      (await read()).snapshot.some(({ id, content }) => id === message_id && content !== ''),
    )
    const shown = assemble(client.received, message_id)
    await world.end(0, 'SIGKILL')
    await world.restart(0)
    const ready = performance.now()
    const back = await connect(world.url(0), { token: client.token })
    onTestFinished(() => void back.socket.disconnect())
    await back.ask('conversation:open', { conversation_id })
    await until('the answer to end', async () => (await read()).answer.status === 'failed', 10_000)
    expect(performance.now() - ready).toBeLessThan(5500)
    const { answer } = await read()
    expect(answer.error).toMatchObject({ code: 'AI_SERVICE_ERROR' })
    expect(shown.startsWith(answer.content)).toBe(true)
    await back.until('message:updated', ({ message }) => message.id === message_id)
    await back.ask('message:send', { conversation_id, key: 'next', content: 'Go on' })
    const next = await back.until('message:updated', ({ message }) => message.id !== message_id)
    expect(next.message).toMatchObject({ status: 'complete', degraded: false })
    expect(world.wrongEnds()).toEqual([])
  }, 60_000)

  test('law D1: kill -9 under load: what was acknowledged is there, once, and a repeat says so', async () => {
    world = await startWorld({ nodes: 1, answers: { scripts: [] }, random: createRandom(1) })
    const client = await connect(world.url(0))
    const { conversation } = await client.ask('conversation:open', {})
    const conversation_id = conversation.id
    const acknowledged = new Map<string, string>()
    for (let count = 0; count < 400; count++) {
      const key = `k${count}`
      void client.call('message:send', { conversation_id, key, content: key }).then(reply => {
        if (reply.success) acknowledged.set(key, reply.data.message.id)
      })
    }
    await until('some to be acknowledged', () => acknowledged.size > 20)
    await world.end(0, 'SIGKILL')
    await world.restart(0)
    const back = await connect(world.url(0), { token: client.token })
    onTestFinished(() => void back.socket.disconnect())
    for (let count = 0; count < 400; count++) {
      const key = `k${count}`
      const { message } = await back.ask('message:send', { conversation_id, key, content: key })
      expect(message.id).toBe(acknowledged.get(key) ?? message.id)
    }
    let before_seq: number | undefined
    const keys: (string | null)[] = []
    for (let extra = true; extra; ) {
      const page = await back.ask('conversation:history', { conversation_id, before_seq, limit: 100 })
      keys.push(...page.messages.filter(({ role }) => role === 'user').map(({ key }) => key))
      before_seq = page.messages[0]?.seq
      extra = page.has_more
    }
    expect(keys.toSorted()).toEqual(Array.from({ length: 400 }, (_, count) => `k${count}`).toSorted())
  }, 60_000)

  test('SIGTERM in the middle of an answer: clients are told, the answer ends whole, the process ends with 0', async () => {
    const { gate, open } = createGate(1)
    const { client, message_id, read } = await midAnswer({ pieces: ['Once ', 'upon ', 'a time.'], gate })
    const ending = world.end(0, 'SIGTERM')
    expect((await client.until('server:draining')).retry_after_ms).toBeGreaterThan(0)
    open()
    const { message } = await client.until('message:updated', event => event.message.id === message_id)
    expect(message).toMatchObject({ status: 'complete', content: 'Once upon a time.' })
    await withDeadline('the process to end', ending, 15_000)
    expect(world.wrongEnds()).toEqual([])
    await world.restart(0)
    expect((await read()).answer).toEqual(message)
  }, 60_000)

  test('laws R1, R4: SIGTERM while the model hangs: the next process writes the answer on from what was shown', async () => {
    const { client, conversation_id, message_id, read } = await midAnswer(
      { pieces: ['Once ', 'upon '], ending: 'hang' },
      { pieces: ['Once upon ', 'a time.'] },
    )
    await world.end(0, 'SIGTERM')
    expect(world.wrongEnds()).toEqual([])
    const shown = assemble(client.received, message_id)
    expect(shown).toBe('Once upon')
    await world.restart(0)
    const back = await connect(world.url(0), { token: client.token })
    onTestFinished(() => void back.socket.disconnect())
    await back.ask('conversation:open', { conversation_id })
    await until('the answer to end', async () => (await read()).answer.status === 'complete', 10_000)
    const { answer, events } = await read()
    expect(answer.content).toBe('Once upon a time.')
    // Nobody was told anything but how it ended.
    expect(events.filter(({ event }) => event === 'message:updated')).toHaveLength(1)
  }, 60_000)

  test('a paused process goes on where it was', async () => {
    const { gate, open } = createGate(1)
    const { client, message_id, read } = await midAnswer({ pieces: ['Once ', 'upon ', 'a time.'], gate })
    world.nodes[0]!.pause()
    open()
    const call = client.call('typing:set', {
      conversation_id: (client.received[1]!.payload as any).conversation_id,
      typing: true,
    })
    world.nodes[0]!.resume()
    expect((await call).success).toBe(true)
    const { message } = await client.until('message:updated', event => event.message.id === message_id)
    expect(message).toMatchObject({ status: 'complete', content: 'Once upon a time.' })
    expect((await read()).answer).toEqual(message)
  }, 60_000)
})
