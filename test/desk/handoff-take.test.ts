import { setTimeout } from 'node:timers/promises'
import { beforeAll, describe, expect, test } from 'vitest'
import type { SettingsChange } from '#protocol/desk/service'
import type { ChatModel } from '../../server/providers/model.ts'
import { createRandom } from '../faults/random.ts'
import { becomes, key, notices, people, quick, say, wordsAfterTakeover } from '../fixtures/handoff.ts'
import { assemble, code, startServer, type TestClient, type TestServer } from '../fixtures/harness.ts'

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
let lead: Awaited<ReturnType<typeof agent>>
beforeAll(async () => {
  server = await startServer({ handoffTimeoutS: 3600 }, { models: { chat: chatterbox }, handoff: quick })
  lead = await agent('Lea', 'admin')
})
const { agent, visitor, waiting, served } = people(() => server)

const configure = (settings: SettingsChange) => lead.client.ask('handoff:configure', settings)
const takeOver = (desk: TestClient, conversation_id: string, note?: string) =>
  desk.call('handoff:take', { conversation_id, key: key(), note })
const presentOf = async (id: string) => {
  const { handoff, conversation } = await lead.client.ask('conversation:open', { conversation_id: id })
  return { handoff, conversation }
}

/** A visitor to whom the AI is speaking. */
async function listening() {
  const { client, id } = await visitor()
  const { message } = await say(client, id, 'Tell me everything')
  const { message: reply } = await client.until(
    'message:created',
    event => event.message.in_reply_to === message.id,
  )
  await client.until('reply:delta')
  return { client, id, reply }
}

describe('taking over what the AI answers', () => {
  test('laws O1, O3: at once, without being asked: the sentence ends where it is, the visitor is told, and the agent writes', async () => {
    const { client, id, reply } = await listening()
    const result = await lead.client.ask('handoff:take', {
      conversation_id: id,
      key: key(),
      note: 'Big cart',
    })
    expect(result.handoff).toMatchObject({
      status: 'active',
      cause: 'takeover',
      agent: { id: lead.id },
      note: 'Big cart',
    })
    const changed = await client.until('handoff:changed')
    const ended = await client.until('message:updated')
    expect(ended).toMatchObject({ seq: changed.seq - 1, message: { id: reply.id, status: 'stopped' } })
    expect(assemble(client.received, reply.id)).toBe(ended.message.content)
    expect(changed).toMatchObject({
      mode: 'human',
      epoch: 1,
      handoff: { note: null, agent: { name: 'Lea' } },
    })
    expect(notices(client)).toEqual(['Lea has joined the conversation.'])
    await say(lead.client, id, 'I am here.')
    await say(client, id, 'Good.')
    expect(wordsAfterTakeover(client)).toEqual([])
    const { notes } = await lead.client.ask('conversation:open', { conversation_id: id })
    expect(notes).toMatchObject([{ content: 'Big cart' }])
    const { reply: log } = await server.http('GET', '/admin/logs?scope=handoff', undefined, lead.token)
    const rows = (log as any).data.items
    expect(rows.find((row: any) => row.subject === result.handoff.id)).toMatchObject({
      action: 'handoff:take',
      actor_id: lead.id,
      before: null,
      after: { status: 'active', agent_id: lead.id },
    })
    await lead.client.ask('handoff:complete', { handoff_id: result.handoff.id, key: key() })
    expect((await presentOf(id)).conversation.mode).toBe('ai')
  })

  test('law O3: every state: what waits is taken as it is, what has ended begins anew, what somebody has is theirs', async () => {
    const ann = await agent('Ann')
    const queued = await waiting()
    const first = await ann.client.ask('handoff:take', { conversation_id: queued.id, key: key() })
    expect(first.handoff).toMatchObject({ id: queued.handoff.id, status: 'active', cause: 'request' })
    const refused = await takeOver(lead.client, queued.id)
    expect(refused).toMatchObject({
      error: { code: 'CONFLICT', details: { handoff: { status: 'active', agent: { name: 'Ann' } } } },
    })
    // What is one's own already is no mistake.
    const again = await ann.client.ask('handoff:take', { conversation_id: queued.id, key: key() })
    expect(again.handoff.id).toBe(first.handoff.id)
    await queued.client.ask('handoff:cancel', { conversation_id: queued.id })
    const second = await ann.client.ask('handoff:take', { conversation_id: queued.id, key: key() })
    expect(second.handoff).toMatchObject({ status: 'active', cause: 'takeover' })
    expect(second.handoff.id).not.toBe(first.handoff.id)
    await queued.client.ask('conversation:update', { conversation_id: queued.id, status: 'closed' })
    const before = await presentOf(queued.id)
    expect(before.handoff!.status).toBe('resolved')
    expect(await takeOver(ann.client, queued.id)).toMatchObject({
      error: { code: 'CONFLICT', details: { status: 'closed', handoff: { id: second.handoff.id } } },
    })
    expect(await presentOf(queued.id)).toEqual(before)
    for (const status of ['cancelled', 'timeout'] as const) {
      await configure({ wait_limit_s: status === 'timeout' ? 1 : null })
      const { client, id } = await waiting()
      if (status === 'cancelled') await client.ask('handoff:cancel', { conversation_id: id })
      await becomes(client, status)
      await configure({ wait_limit_s: null })
      expect((await ann.client.ask('handoff:take', { conversation_id: id, key: key() })).handoff.status).toBe(
        'active',
      )
    }
  })

  test('law D2: the same key gives the first result, whatever came after; another note with it is refused', async () => {
    const { client, id } = await listening()
    const input = { conversation_id: id, key: key(), note: 'Mine' }
    const { handoff } = await lead.client.ask('handoff:take', input)
    await client.ask('handoff:cancel', { conversation_id: id })
    expect((await lead.client.ask('handoff:take', input)).handoff).toEqual(handoff)
    expect((await presentOf(id)).conversation.mode).toBe('ai')
    expect(code(await lead.client.call('handoff:take', { ...input, note: 'Other' }))).toBe('CONFLICT')
  })

  test('law S6: what is gone or never was, and what is no id, is refused by name', async () => {
    const { client, id } = await visitor()
    await client.ask('conversation:delete', { conversation_id: id })
    expect(code(await takeOver(lead.client, id))).toBe('CONVERSATION_NOT_FOUND')
    expect(code(await takeOver(lead.client, key()))).toBe('CONVERSATION_NOT_FOUND')
    expect(code(await takeOver(lead.client, 'x'))).toBe('VALIDATION_ERROR')
    expect(code(await client.call('handoff:take', { conversation_id: id, key: key() }))).toBe('NOT_FOUND')
  })

  test('over HTTP; and the figures count nobody as having waited', async () => {
    const before = await lead.client.ask('handoff:statistics', { days: 1 })
    const { id } = await listening()
    const { reply } = await server.http('POST', '/admin/handoff/take', { conversation_id: id }, lead.token)
    expect((reply as any).data.handoff).toMatchObject({ status: 'active', cause: 'takeover' })
    await say(lead.client, id, 'Here.')
    await lead.client.ask('handoff:complete', { handoff_id: (reply as any).data.handoff.id, key: key() })
    const after = await lead.client.ask('handoff:statistics', { days: 1 })
    expect(after.taken_over).toBe(before.taken_over + 1)
    for (const name of ['wait', 'first_response', 'resolution'] as const)
      expect(after[name].count, name).toBe(before[name].count)
    expect(after.requests).toBe(before.requests)
    expect(after.handed_over).toBe(before.handed_over + 1)
  })
})

describe('law O1b: who sees what is a setting', () => {
  test('law O1b: own, team, handed over, all; a lead sees everything; what is not seen is not there', async () => {
    const [ann, bob, cay] = [await agent('Ann'), await agent('Bob'), await agent('Cay')]
    const { team } = await lead.client.ask('team:save', { name: key(), members: [ann.id, bob.id] })
    const talks = {
      ai: (await visitor()).id,
      waiting: (await waiting()).id,
      mine: (await served(ann.client)).id,
      colleague: (await served(bob.client)).id,
      stranger: (await served(cay.client)).id,
      left: '',
    }
    const left = await served(ann.client)
    talks.left = left.id
    await ann.client.ask('handoff:complete', { handoff_id: left.handoff.id, key: key() })
    async function seenBy({ client, token }: typeof ann) {
      const { items } = await client.ask('conversation:list', { page_size: 100 })
      const names = Object.entries(talks).filter(([, id]) => items.some(item => item.id === id))
      const { items: active } = await client.ask('queue:list', { status: 'active', page_size: 100 })
      for (const [name, id] of Object.entries({ mine: talks.mine, stranger: talks.stranger }))
        expect(
          active.some(item => item.conversation_id === id),
          name,
        ).toBe(names.some(([listed]) => listed === name))
      for (const [name, id] of Object.entries(talks)) {
        const opened = code(await client.call('conversation:open', { conversation_id: id }))
        const isListed = names.some(([listed]) => listed === name)
        expect(opened, name).toBe(isListed ? 'ok' : 'CONVERSATION_NOT_FOUND')
        const { status } = await server.http('GET', `/conversations/${id}/messages`, undefined, token)
        expect(status, name).toBe(isListed ? 200 : 404)
      }
      return names.map(([name]) => name)
    }
    const expected = {
      own: ['waiting', 'mine', 'left'],
      team: ['waiting', 'mine', 'colleague', 'left'],
      handed_over: ['waiting', 'mine', 'colleague', 'stranger', 'left'],
      all: Object.keys(talks),
    }
    for (const [visibility, names] of Object.entries(expected)) {
      await configure({ visibility: visibility as 'own' })
      expect(await seenBy(ann), visibility).toEqual(names)
      expect(await seenBy(lead), visibility).toEqual(Object.keys(talks))
    }
    await configure({ visibility: 'own', leads: [ann.id] })
    expect(await seenBy(ann)).toEqual(Object.keys(talks))
    await configure({ visibility: 'handed_over', leads: [] })
    expect(code(await takeOver(ann.client, talks.ai))).toBe('CONVERSATION_NOT_FOUND')
    await configure({ visibility: 'all' })
    expect(code(await takeOver(ann.client, talks.ai))).toBe('ok')
    await configure({ visibility: 'handed_over' })
    await lead.client.ask('team:delete', { team_id: team.id })
  })
})

describe('races', () => {
  test('law O1: a takeover raced against a model in the middle of a sentence, 240 times: no AI word follows', async () => {
    async function race(seed: number) {
      const random = createRandom(seed)
      const { client, id } = await visitor()
      for (let round = 0; round < 40; round++) {
        const { message } = await say(client, id, `Round ${round}`)
        await client.until('message:created', event => event.message.in_reply_to === message.id)
        for (let wait = random.whole(0, 11); wait > 0; wait--)
          await new Promise(resolve => setImmediate(resolve))
        const { handoff } = await lead.client.ask('handoff:take', { conversation_id: id, key: key() })
        await say(lead.client, id, 'I am here')
        await lead.client.ask('handoff:complete', { handoff_id: handoff.id, key: key() })
        await client.until(
          'handoff:changed',
          event => event.handoff.id === handoff.id && event.handoff.status === 'resolved',
        )
        const { payload } = client.received.findLast(
          ({ event, payload }) => event === 'message:updated' && payload.message.in_reply_to === message.id,
        )!
        expect(payload.message.status).toBe('stopped')
        expect(assemble(client.received, payload.message.id)).toBe(payload.message.content)
        expect(wordsAfterTakeover(client)).toEqual([])
        client.received.length = 0
      }
    }
    await Promise.all(Array.from({ length: 6 }, (_, index) => race(index + 1)))
  }, 120_000)

  test('laws O1, O3: by many at once, with a request, a close and a stop between: one has it, and the others are told who', async () => {
    const desks = [lead, ...(await Promise.all(['Ann', 'Bob', 'Eve'].map(name => agent(name, 'admin'))))]
    const random = createRandom(7)
    for (let round = 0; round < 30; round++) {
      const { client, id, reply } = await listening()
      const others = [
        () => client.call('handoff:request', { conversation_id: id, key: key() }),
        () => client.call('reply:stop', { message_id: reply.id }),
        () => client.call('message:send', { conversation_id: id, key: key(), content: 'And?' }),
        () => client.call('conversation:update', { conversation_id: id, status: 'closed' }),
      ]
      const [replies] = await Promise.all([
        Promise.all(desks.map(desk => takeOver(desk.client, id))),
        random.pick(others)(),
      ])
      const { handoff, conversation } = await presentOf(id)
      const winners = replies.filter(each => each.success)
      expect(winners.length).toBeLessThanOrEqual(1)
      for (const each of replies) if (!each.success) expect(each.error.code).toBe('CONFLICT')
      if (conversation.status === 'open') {
        expect(winners).toHaveLength(1)
        expect(conversation).toMatchObject({ mode: 'human', agent: { id: handoff!.agent!.id } })
        for (const each of replies)
          if (!each.success) expect(each.error.details).toMatchObject({ handoff: { id: handoff!.id } })
      } else await client.call('reply:stop', { message_id: reply.id })
      await client.until('message:updated', event => event.message.id === reply.id)
      expect(wordsAfterTakeover(client)).toEqual([])
    }
  }, 120_000)
})
