import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { type ModelServer, startModelServer } from '../fixtures/fakes/model-server.ts'
import { assemble, type TestClient } from '../fixtures/harness.ts'
import { hasShared, sharedNodes } from '../fixtures/nodes.ts'
import type { ServerNode } from '../fixtures/processes.ts'

describe.runIf(hasShared)('two nodes behind any balancer', () => {
  let model: ModelServer
  let one: ServerNode
  let two: ServerNode
  const { start, join, redisDies, redisReturns } = sharedNodes(() => ({
    OPENAI_BASE_URL: `${model.url}/v1`,
    OPENAI_API_KEY: 'test',
    LLM_MODEL: 'test-model',
    LOG_LEVEL: 'debug',
  }))

  beforeAll(async () => {
    model = await startModelServer()
    one = await start('one')
    two = await start('two')
  }, 60_000)
  afterAll(() => model.close())

  /** A visitor on the first node, the second tab on the other, both in one conversation. */
  async function tabs() {
    const here = await join(one)
    const there = await join(two, { token: here.token })
    const { conversation } = await here.ask('conversation:open', { new: true, key: crypto.randomUUID() })
    await there.ask('conversation:open', { conversation_id: conversation.id })
    return { here, there, id: conversation.id }
  }

  /** Until the node says that it hears the others over Redis. */
  async function receivesOthers({ url }: ServerNode): Promise<void> {
    for (;;) {
      const metrics = await (await fetch(`${url}/metrics`)).text()
      if (/^parley_redis_up 1$/m.test(metrics)) return
    }
  }

  const say = (client: TestClient, conversation_id: string, content: string) =>
    client.ask('message:send', { conversation_id, key: crypto.randomUUID(), content })

  /** Words that come when the test says so. */
  function gate() {
    const waiting: (() => void)[] = []
    return {
      wait: () => new Promise<void>(resolve => void waiting.push(resolve)),
      async open() {
        while (waiting.length === 0) await new Promise(resolve => setImmediate(resolve))
        waiting.shift()!()
      },
    }
  }

  test('laws D3, D6: a tab on each node sees every event once, in order, with the same words', async () => {
    const { here, there, id } = await tabs()
    for (const [index, client] of [here, there, here, there].entries()) {
      const { message } = await say(client, id, `Question ${index}`)
      for (const reader of [here, there])
        await reader.until('message:updated', event => event.message.in_reply_to === message.id)
    }
    for (const reader of [here, there]) {
      const seqs = reader.received
        .filter(entry => entry.payload.seq && entry.event !== 'message:seen')
        .map(entry => entry.payload.seq)
      // A person may have been offered since: one event more.
      expect(seqs.length).toBeGreaterThanOrEqual(12)
      expect(seqs).toEqual(seqs.map((_, index) => index + 1))
      for (const { event, payload } of reader.received.filter(entry => entry.event === 'message:updated')) {
        expect(event && assemble(reader.received, payload.message.id)).toBe(payload.message.content)
      }
    }
  })

  test('law R2: an answer is rejoined on the node that does not write it, at any offset, and goes on from there', async () => {
    const { here, id } = await tabs()
    const latch = gate()
    model.script({ pieces: ['Eins ', 'zwei ', 'drei ', 'vier.'], gate: latch.wait })
    const { message } = await say(here, id, 'Count')
    const { message: reply } = await here.until(
      'message:created',
      event => event.message.in_reply_to === message.id,
    )
    await latch.open()
    await latch.open()
    await here.until('reply:delta', delta => delta.message_id === reply.id && delta.text.includes('zwei'))
    const later = await join(two, { token: here.token })
    const joined = await later.ask('reply:rejoin', { message_id: reply.id, offset: 2 })
    expect(joined).toMatchObject({ offset: 2, status: 'streaming' })
    expect('Eins zwei'.startsWith(`Ei${joined.text}`.trimEnd())).toBe(true)
    await latch.open()
    await latch.open()
    const { message: answer } = await later.until('message:updated', event => event.message.id === reply.id)
    let text = `Ei${joined.text}`
    for (const { event, payload } of later.received) {
      if (event !== 'reply:delta' || payload.message_id !== reply.id) continue
      expect(payload.offset).toBe(text.length)
      text += payload.text
    }
    expect(text).toBe(answer.content)
  })

  test('law R4: stop on the other node ends it with everything that was shown', async () => {
    const { here, there, id } = await tabs()
    model.script({ pieces: ['A long ', 'story ', 'begins '], ending: 'hang' })
    const { message } = await say(here, id, 'Tell')
    const { message: reply } = await here.until(
      'message:created',
      event => event.message.in_reply_to === message.id,
    )
    await there.until('reply:delta', delta => delta.message_id === reply.id && delta.text.includes('begins'))
    const answered = await there.call('reply:stop', { message_id: reply.id })
    expect(answered).toMatchObject({ success: true, data: { message: { status: 'stopped' } } })
    await here.until('message:updated', event => event.message.id === reply.id)
    expect(answered).toMatchObject({ data: { message: { content: assemble(here.received, reply.id) } } })
    // The call can be followed from one node to the other.
    await one.says(new RegExp(`"request_id":"${answered.request_id}".*another node stops an answer`))
    await two.says(new RegExp(`"request_id":"${answered.request_id}".*"operation":"reply:stop"`))
  })

  test('law D6: while Redis is away both nodes go on, and read each other’s events from the database', async () => {
    const { here, there, id } = await tabs()
    await redisDies()
    const { message } = await say(here, id, 'Without Redis')
    await there.until('message:updated', event => event.message.in_reply_to === message.id)
    await redisReturns()
    await Promise.all([one, two].map(receivesOthers))
    const { message: after } = await say(there, id, 'With Redis again')
    await here.until('message:updated', event => event.message.in_reply_to === after.id)
    for (const reader of [here, there]) {
      const seqs = reader.received.filter(entry => entry.payload.seq).map(entry => entry.payload.seq)
      expect(seqs).toEqual(seqs.map((_, index) => index + 1))
    }
  })

  test('law R4: an answer whose node is killed ends as a visible failure within 5 s, and the conversation goes on', async () => {
    const { here, there, id } = await tabs()
    model.script({ pieces: ['Half an ', 'answer '], ending: 'hang' })
    const { message } = await say(here, id, 'Tell')
    const { message: reply } = await there.until(
      'message:created',
      event => event.message.in_reply_to === message.id,
    )
    await there.until('reply:delta', delta => delta.message_id === reply.id)
    one.child.kill('SIGKILL')
    await one.exited
    const { message: failed } = await there.until('message:updated', event => event.message.id === reply.id)
    expect(failed).toMatchObject({ status: 'failed', error: { code: 'AI_SERVICE_ERROR' } })
    const { message: next } = await say(there, id, 'And now?')
    await there.until('message:updated', event => event.message.in_reply_to === next.id)
    one = await start('one')
    const back = await join(one, { token: here.token })
    const { events } = await back.ask('conversation:open', { conversation_id: id, since_seq: 0 })
    expect(events.map(event => event.seq)).toEqual(events.map((_, index) => index + 1))
  }, 60_000)

  test('SIGTERM is announced, lets an answer finish, and ends the process', async () => {
    const { here, id } = await tabs()
    const latch = gate()
    model.script({ pieces: ['To the ', 'end.'], gate: latch.wait })
    const { message } = await say(here, id, 'Tell')
    await latch.open()
    await here.until('reply:delta')
    one.child.kill('SIGTERM')
    await here.until('server:draining')
    expect((await fetch(`${one.url}/readyz`)).status).toBe(503)
    await latch.open()
    const { message: answer } = await here.until(
      'message:updated',
      event => event.message.in_reply_to === message.id,
    )
    expect(answer).toMatchObject({ status: 'complete', content: 'To the end.' })
    expect(await one.exited).toBe(0)
    one = await start('one')
  }, 60_000)

  test('laws R1, R4: what a stopping node cannot finish is written on by another, from the letter where it was, or anew in other words', async () => {
    const shown = 'Half an answer '
    const requested = [await tabs(), await tabs()]
    const readers = await Promise.all(
      requested.map(async ({ here, there, id }) => {
        model.script({ pieces: ['Half an ', 'answer '], ending: 'hang' })
        const { message } = await say(here, id, 'Tell')
        const { message: reply } = await there.until(
          'message:created',
          event => event.message.in_reply_to === message.id,
        )
        await there.until(
          'reply:delta',
          delta => delta.message_id === reply.id && delta.text.includes('answer'),
        )
        return { there, id, reply }
      }),
    )
    // Whichever of the two gets which.
    model.script({ pieces: [shown, 'goes on.'] }, { pieces: ['Some', 'thing else.'] })
    one.child.kill('SIGTERM')
    const ends = await Promise.all(
      readers.map(async ({ there, id, reply }) => {
        const { message } = await there.until(
          'message:updated',
          event => event.message.id === reply.id && event.message.status !== 'streaming',
        )
        const deliveries = there.received.filter(
          ({ payload }) => payload.message_id === reply.id || payload.message?.id === reply.id,
        )
        const { messages } = await there.ask('conversation:open', { conversation_id: id })
        expect(messages.at(-1)).toMatchObject({ id: reply.id, status: 'complete', content: message.content })
        return { content: message.content, deliveries, reply }
      }),
    )
    expect(await one.exited).toBe(0)
    const [anew, goneOn] = ends.toSorted((a, b) => b.content.localeCompare(a.content))
    expect(goneOn!.content).toBe('Half an answer goes on.')
    expect(assemble(goneOn!.deliveries, goneOn!.reply.id)).toBe(goneOn!.content)
    expect(anew!.content).toBe('Something else.')
    const begins = anew!.deliveries.findIndex(({ event }) => event === 'message:updated')
    expect(anew!.deliveries[begins]!.payload.message).toMatchObject({ status: 'streaming', content: '' })
    expect(assemble(anew!.deliveries.slice(0, begins), anew!.reply.id)).toBe(shown.trimEnd())
    expect(assemble(anew!.deliveries.slice(begins), anew!.reply.id)).toBe(anew!.content)
    one = await start('one')
  }, 60_000)
})
