import { afterAll, beforeAll, describe, expect, onTestFinished, test } from 'vitest'
import { createOpenAIModel } from '../../server/providers/openai.ts'
import { type ModelServer, startModelServer } from '../fixtures/fakes/model-server.ts'
import { startServer, type TestServer } from '../fixtures/harness.ts'
import { History } from './history.ts'
import { openPlainTab } from './plain-tab.ts'
import { type FaultProxy, startProxy } from './proxy.ts'
import { createRandom } from './random.ts'
import { readRecord } from './record.ts'
import { openSdkTab } from './sdk-tab.ts'
import type { Tab } from './tab.ts'
import { until } from './wait.ts'

let host: ModelServer
let model: FaultProxy
let server: TestServer
beforeAll(async () => {
  host = await startModelServer()
  model = await startProxy({ target: () => Number(new URL(host.url).port) })
  const chat = createOpenAIModel({
    baseUrl: `http://127.0.0.1:${model.port}/v1`,
    apiKey: 'test',
    model: 'test-model',
  })
  server = await startServer(
    {},
    {
      models: { chat },
      // Longer than any reader here takes to come back: the model waits for them.
      timings: { firstTextMs: 3000, silenceMs: 6000 },
    },
  )
})
afterAll(async () => {
  await model.close()
  await host.close()
})

const kinds = { sdk: openSdkTab, plain: openPlainTab }

/** A visitor's tab on a wire of its own. */
async function openTab(kind: keyof typeof kinds, joins?: { token: string; conversationId: string }) {
  const line = await startProxy({ target: () => Number(new URL(server.url).port) })
  const history = new History()
  const options = {
    name: kind,
    url: `http://127.0.0.1:${line.port}`,
    history,
    leak: () => null,
    random: createRandom(1),
    nodes: 1,
    joins,
  }
  const tab = await kinds[kind](options)
  onTestFinished(async () => {
    tab.close()
    await line.close()
  })
  return { tab, line, history }
}

function read(tab: Tab) {
  return readRecord(server.url, { token: tab.token(), conversationId: tab.conversationId() })
}

/** Whether a tab shows an answer so far. White space at its end waits for what follows. */
const shows = (tab: Tab, text: string) => answerIn(tab)?.content.trimEnd() === text.trimEnd()
const answerIn = (tab: Tab) => tab.view().messages.find(({ role }) => role === 'assistant')

/** Sockets of visitors as the server counts them. */
async function connections(): Promise<number> {
  const metrics = await (await fetch(`${server.url}/metrics`)).text()
  return Number(/^parley_connections\{namespace="visitor"\} (\d+)/m.exec(metrics)?.[1])
}

/** Lets the model say one piece at a time. */
function doorkeeper() {
  let allowed = 0
  let requested = 0
  const waiting = new Map<number, () => void>()
  return {
    gate: () =>
      new Promise<void>(resolve => {
        if (requested++ < allowed) resolve()
        else waiting.set(requested - 1, resolve)
      }),
    open() {
      waiting.get(allowed)?.()
      allowed++
    },
  }
}

describe('the wire of a visitor', () => {
  const pieces = Array.from({ length: 24 }, (_, index) => `${index}é词👩‍👧 `)

  for (const kind of ['sdk', 'plain'] as const) {
    test(`law R2: ${kind}: cut at every token of an answer, the text is the same to the letter`, async () => {
      const latch = doorkeeper()
      host.script({ pieces, gate: latch.gate })
      const { tab, line, history } = await openTab(kind)
      const witness = await openTab('plain', { token: tab.token(), conversationId: tab.conversationId() })
      await tab.ask('A story')
      for (let count = 1; count <= pieces.length; count++) {
        latch.open()
        const sent = pieces.slice(0, count).join('')
        // Odd tokens are seen before the cut, even ones come while the wire is down.
        if (count % 2 === 1)
          await until('the token', () => {
            tab.hurry()
            return shows(tab, sent)
          })
        line.resetAll()
        await until('the token at another reader', () => shows(witness.tab, sent))
      }
      await until('the end', () => {
        tab.hurry()
        return answerIn(tab)?.status === 'complete'
      })
      expect(answerIn(tab)!.content).toBe(pieces.join(''))
      const { messages, events } = await read(tab)
      expect(tab.view()).toMatchObject({ messages, seq: events.length })
      expect([...history.violations, ...history.takenBack]).toEqual([])
    }, 60_000)

    test(`law R2: ${kind}: byte by byte, and through a stall in the middle, nothing is lost`, async () => {
      const { tab, line, history } = await openTab(kind)
      line.change({ sliced: true })
      host.script({ pieces })
      await tab.ask('A story')
      line.change({ stalled: true })
      await until('the answer to be stored', async () => (await read(tab)).messages[1]?.status === 'complete')
      line.heal()
      await until('the answer to arrive', () => answerIn(tab)?.status === 'complete')
      expect(answerIn(tab)!.content).toBe(pieces.join(''))
      expect(history.violations).toEqual([])
    })
  }

  test('law D5: a reader that stops reading is let go, and catches up', async () => {
    host.always({ pieces: ['Yes.'] })
    const slow = await openTab('plain')
    const quick = await openTab('plain', {
      token: slow.tab.token(),
      conversationId: slow.tab.conversationId(),
    })
    slow.line.change({ stalled: true })
    const before = await connections()
    for (let count = 0; (await connections()) === before && count < 4000; count += 50)
      await Promise.all(Array.from({ length: 50 }, () => quick.tab.ask('x'.repeat(8000))))
    expect(await connections()).toBe(before - 1)
    slow.line.heal()
    await until('the reader to catch up', () => slow.tab.view().seq === quick.tab.view().seq, 20_000)
    expect(slow.tab.view().messages.slice(-20)).toEqual(quick.tab.view().messages.slice(-20))
  }, 120_000)
})

describe('the wire to the model', () => {
  const faults: [
    string,
    (proxy: FaultProxy) => void,
    { text: boolean; status: string; degraded: boolean },
  ][] = [
    ['refuses', proxy => proxy.refuse(), { text: false, status: 'complete', degraded: true }],
    [
      'is silent',
      proxy => proxy.change({ stalled: true }),
      { text: false, status: 'complete', degraded: true },
    ],
    ['is reset midway', proxy => proxy.resetAll(), { text: true, status: 'failed', degraded: false }],
    ['falls silent midway', proxy => proxy.abandonAll(), { text: true, status: 'failed', degraded: false }],
    [
      'ends midway',
      proxy => {
        for (const wire of proxy.wires) wire.endTowardsNear()
      },
      { text: true, status: 'failed', degraded: false },
    ],
  ]
  test.each(faults)('law R5: it %s', async (_name, strike, { text, status, degraded }) => {
    onTestFinished(() => model.heal())
    const { tab, history } = await openTab('plain')
    const latch = doorkeeper()
    host.always({ pieces: ['Again.'] })
    if (text) host.script({ pieces: ['Once ', 'upon a time'], gate: latch.gate })
    else strike(model)
    latch.open()
    await tab.ask('A story')
    if (text) {
      await until('the first words', () => shows(tab, 'Once'))
      strike(model)
    }
    await until('the end', () => answerIn(tab)?.status !== 'streaming' && answerIn(tab) !== undefined)
    expect(answerIn(tab)).toMatchObject({
      status,
      degraded,
      ...(text && { content: expect.stringMatching(/^Once ?$/) }),
    })
    expect(answerIn(tab)!.error?.code).toBe(status === 'failed' ? 'AI_SERVICE_ERROR' : undefined)
    model.heal()
    await tab.ask('Once more')
    await until('the next answer', () => tab.view().messages.at(-1)?.content === 'Again.')
    expect(history.violations).toEqual([])
  })
})

test('law D4: what an opening says of the conversation is as new as the events it brings', async () => {
  const writer = await server.connect()
  const { conversation } = await writer.ask('conversation:open', {})
  const conversation_id = conversation.id
  const reader = await server.connect({ token: writer.token })
  let last = 0
  for (let round = 0; round < 200; round++) {
    const writing = Array.from({ length: 4 }, (_, index) =>
      writer.ask('conversation:update', { conversation_id, title: `${round}.${index}` }),
    )
    const opened = await reader.ask('conversation:open', { conversation_id, since_seq: last })
    const newest = opened.events.findLast(({ event }) => event === 'conversation:updated')
    if (newest) expect(opened.conversation.title).toBe((newest.payload as any).conversation.title)
    last = opened.seq
    await Promise.all(writing)
  }
}, 120_000)
