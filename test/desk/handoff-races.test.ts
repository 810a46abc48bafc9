import { setTimeout } from 'node:timers/promises'
import { beforeAll, expect, test } from 'vitest'
import type { EventPayload, Handoff } from '#protocol'
import { type Event, owners, type State, transitions } from '../../server/areas/desk/handoff/machine.ts'
import type { ChatModel } from '../../server/providers/model.ts'
import { createRandom } from '../faults/random.ts'
import { key, people, say, wordsAfterTakeover } from '../fixtures/handoff.ts'
import { startServer, type TestClient, type TestServer, wasNotBegun } from '../fixtures/harness.ts'

/** A model that talks until it is told to stop. */
const chatterbox: ChatModel = {
  provider: 'test',
  model: 'chatterbox',
  async answer(_request, onText, signal) {
    for (let word = 0; ; word++) {
      onText(`word${word} `)
      await setTimeout(1, undefined, { signal })
    }
  },
  check: async () => null,
}

let server: TestServer
beforeAll(async () => {
  server = await startServer({ handoffTimeoutS: 3600 }, { models: { chat: chatterbox } })
})

const { agent, visitor } = people(() => server)

test('law O1: an accept raced against a model in the middle of a sentence, 400 times: no AI word follows', async () => {
  const pairs = 8
  const rounds = 50
  const ann = await agent()
  let cut = 0
  async function race(index: number) {
    const random = createRandom(index)
    const { client, id } = await visitor()
    for (let round = 0; round < rounds; round++) {
      const { message } = await say(client, id, `Round ${round}`)
      await client.until('message:created', event => event.message.in_reply_to === message.id)
      for (let wait = random.whole(0, 11); wait > 0; wait--)
        await new Promise(resolve => setImmediate(resolve))
      const { handoff } = await client.ask('handoff:request', { conversation_id: id, key: key() })
      for (let wait = random.whole(0, 11); wait > 0; wait--)
        await new Promise(resolve => setImmediate(resolve))
      await ann.client.ask('handoff:accept', { handoff_id: handoff.id, key: key() })
      await say(ann.client, id, 'I am here')
      await ann.client.ask('handoff:complete', { handoff_id: handoff.id, key: key() })
      await client.until(
        'handoff:changed',
        event => event.handoff.id === handoff.id && event.handoff.status === 'resolved',
      )
      const ending = client.received.findLast(
        ({ event, payload }) => event === 'message:updated' && payload.message.in_reply_to === message.id,
      )!
      if (ending.payload.message.status === 'stopped') cut++
      // What is stored is what was shown, on the node that wrote it (law R1).
      const deltas = client.received.filter(
        ({ event, payload }) => event === 'reply:delta' && payload.message_id === ending.payload.message.id,
      )
      expect(deltas.map(({ payload }) => payload.text).join('')).toBe(ending.payload.message.content)
      expect(wordsAfterTakeover(client)).toEqual([])
      client.received.length = 0
    }
  }
  await Promise.all(Array.from({ length: pairs }, (_, index) => race(index + 1)))
  console.log(`raced ${pairs * rounds} accepts, ${cut} of them in the middle of an answer`)
  expect(cut).toBe(pairs * rounds)
}, 300_000)

test('laws O1, O3, D3: a thousand concurrent mixed operations leave a legal history', async () => {
  const random = createRandom(20_261_120)
  const lead = await agent('Lead', 'admin')
  const agents = await Promise.all(['Ann', 'Bob', 'Eve', 'Kim'].map(name => agent(name)))
  const visitors = await Promise.all(Array.from({ length: 12 }, () => visitor()))
  const known = new Map<string, Handoff>()
  const outcomes: Record<string, number> = {}
  const one = random.pick

  /** Stops the newest answer, whatever it has come to. */
  function stopNewest(client: TestClient) {
    const begun = client.received.findLast(
      ({ event, payload }) => event === 'message:created' && payload.message.role === 'assistant',
    )
    return client.call('reply:stop', { message_id: begun?.payload.message.id ?? key() })
  }

  async function act(): Promise<void> {
    const who = one(visitors)
    const last = known.get(who.id)
    const owner = [...agents, lead].find(({ id }) => id === last?.agent?.id)
    const desk = owner && random.chance(0.7) ? owner : one(agents)
    const handoff_id = last?.id ?? key()
    const kinds = {
      request: () => who.client.call('handoff:request', { conversation_id: who.id, key: key() }),
      cancel: () => who.client.call('handoff:cancel', { conversation_id: who.id }),
      question: () =>
        who.client.call('message:send', { conversation_id: who.id, key: key(), content: 'What?' }),
      answer: () =>
        desk.client.call('message:send', { conversation_id: who.id, key: key(), content: 'That.' }),
      accept: () => desk.client.call('handoff:accept', { handoff_id, key: key() }),
      take: () => desk.client.call('handoff:take', { conversation_id: who.id, key: key() }),
      takeAsLead: () => lead.client.call('handoff:take', { conversation_id: who.id, key: key() }),
      stop: () => stopNewest(who.client),
      complete: () => desk.client.call('handoff:complete', { handoff_id, key: key() }),
      release: () => desk.client.call('handoff:release', { handoff_id, key: key() }),
      transfer: () => desk.client.call('handoff:release', { handoff_id, key: key(), to: one(agents).id }),
    }
    const name = one(['request', 'request', 'accept', 'accept', ...Object.keys(kinds)]) as keyof typeof kinds
    const reply = await kinds[name]()
    const data = reply.success ? (reply.data as { handoff?: Handoff }) : null
    if (data?.handoff) known.set(who.id, data.handoff)
    const outcome = `${name} ${reply.success ? 'ok' : reply.error.code}`
    outcomes[outcome] = (outcomes[outcome] ?? 0) + 1
    expect(
      reply.success ||
        ['CONFLICT', 'NOT_FOUND', 'CONVERSATION_NOT_FOUND'].includes(reply.error.code) ||
        wasNotBegun(reply.error),
      outcome,
    ).toBe(true)
  }

  for (let wave = 0; wave < 25; wave++) await Promise.all(Array.from({ length: 40 }, act))
  console.log(Object.entries(outcomes).sort().join('; '))
  for (const { client, id } of visitors) {
    const { events, conversation, handoff } = await lead.client.ask('conversation:open', {
      conversation_id: id,
      since_seq: 0,
    })
    expect(events.map(event => event.seq)).toEqual(events.map((_, index) => index + 1))
    const last = checkHistory(events)
    expect(conversation).toMatchObject({ mode: last.mode, epoch: last.epoch })
    expect(conversation.agent?.id ?? null).toBe(last.agent)
    expect(handoff?.status ?? 'none').toBe(last.state)
    expect(wordsAfterTakeover(client)).toEqual([])
  }
}, 120_000)

/** Walks a conversation's events by the table: who may write when, what may follow what. */
function checkHistory(events: { event: string; payload: any }[]) {
  const now = { state: 'none' as State, mode: 'ai', epoch: 0, agent: null as string | null, handoff: '' }
  for (const { event, payload } of events) {
    if (event === 'handoff:changed') {
      const { handoff, mode, epoch } = payload as EventPayload<'handoff:changed'>
      const steps = Object.keys(transitions[now.state]).map(name => transitions[now.state][name as Event])
      expect(
        steps.map(step => ({ begin: 'pending', begin_active: 'active' })[step as string] ?? step),
      ).toContain(handoff.status)
      expect(handoff.id === now.handoff).toBe(now.state === 'pending' || now.state === 'active')
      expect([mode, epoch]).toEqual([owners[handoff.status], now.epoch + 1])
      expect(handoff.agent !== null || handoff.status !== 'active').toBe(true)
      Object.assign(now, { state: handoff.status, mode, epoch, handoff: handoff.id })
      now.agent = handoff.status === 'active' ? handoff.agent!.id : null
    }
    const role = event === 'message:created' && payload.message.role
    if (role === 'assistant') expect(now.mode).toBe('ai')
    if (role === 'agent') expect(payload.message.author.id).toBe(now.agent)
  }
  return now
}
