import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { Hours, Settings } from '#protocol/desk/service'
import { createOpenAIModel } from '../../server/providers/openai.ts'
import { type ModelServer, startModelServer } from '../fixtures/fakes/model-server.ts'
import { becomes, key, notices, people, quick, say } from '../fixtures/handoff.ts'
import { startServer, type TestServer } from '../fixtures/harness.ts'
import { hire } from '../fixtures/staff.ts'

let host: ModelServer
let server: TestServer
let lead: Awaited<ReturnType<typeof agent>>
beforeAll(async () => {
  host = await startModelServer()
  const chat = createOpenAIModel({ baseUrl: `${host.url}/v1`, apiKey: 'test', model: 'test-model' })
  server = await startServer({ handoffTimeoutS: 3600 }, { models: { chat }, handoff: quick, settings: {} })
  lead = await agent('Lead', 'admin')
})
afterAll(() => host.close())

const { agent, visitor, waiting, served, everybodyLeaves } = people(() => server)
const configure = (settings: Partial<Settings>) => lead.client.ask('handoff:configure', settings)

/** Until nothing waits and nothing is served: what those who left had comes back to the queue a moment later. */
async function queueIsEmpty(): Promise<void> {
  const list = async (status: 'active' | 'pending') =>
    (await lead.client.ask('queue:list', { status, page_size: 100 })).items
  // In the order in which one that is lost moves, so that none is missed between the two.
  while (true) {
    const items = [...(await list('active')), ...(await list('pending'))]
    if (items.length === 0) return
    for (const { id } of items) {
      // Somebody else still has it, or its time has run out meanwhile.
      const { success } = await lead.client.call('handoff:accept', { handoff_id: id, key: key() })
      if (success) await lead.client.ask('handoff:complete', { handoff_id: id, key: key() })
    }
  }
}

const never: Hours = {
  time_zone: 'Asia/Shanghai',
  weekdays: Array.from({ length: 7 }, () => []),
  holidays: [],
}

describe('what happens by itself', () => {
  test('law O2: nobody comes in time: back to the AI, the visitor told, and what was asked meanwhile is answered', async () => {
    await configure({ wait_limit_s: 1 })
    const { client, id } = await waiting('zh')
    const { message } = await say(client, id, '多久能到？')
    const { handoff, mode } = await becomes(client, 'timeout')
    expect([mode, handoff.ended_at === null]).toEqual(['ai', false])
    expect(notices(client).at(-1)).toContain('暂时没有客服能够接手')
    const { message: answer } = await client.until(
      'message:updated',
      event => event.message.in_reply_to === message.id,
    )
    expect(answer).toMatchObject({ role: 'assistant', status: 'complete' })
    await configure({ wait_limit_s: null })
  })

  test('an agent who falls silent loses the conversation to the queue; one who answers keeps it', async () => {
    await configure({ silence_s: 1 })
    const [ann, bob] = [await agent('Ann'), await agent('Bob')]
    const left = await served(ann.client)
    const active = await served(bob.client)
    await say(bob.client, active.id, 'Here.')
    await left.client.until('handoff:changed', event => event.epoch === 3)
    expect(notices(left.client).at(-1)).toContain('Sorry that you had to wait')
    expect(
      left.client.received.findLast(({ event }) => event === 'handoff:changed')!.payload.handoff.status,
    ).toBe('pending')
    // Answered: looked at again and again, and only a new question that waits counts.
    const { message } = await say(active.client, active.id, 'And?')
    const lost = await active.client.until('handoff:changed', event => event.epoch === 3)
    expect(Date.parse(lost.handoff.queued_at) - Date.parse(message.created_at)).toBeGreaterThanOrEqual(1000)
    await configure({ silence_s: 300 })
  })

  test('staff are warned once of each threshold that is passed', async () => {
    await configure({
      sla: { first_response_s: 1, next_response_s: 1, resolution_s: 1, only_in_hours: false },
    })
    const ann = await agent()
    const { client, id, handoff } = await waiting()
    for (const clock of ['first_response', 'resolution'] as const)
      await ann.client.until('sla:passed', event => event.handoff.id === handoff.id && event.clock === clock)
    await ann.client.ask('handoff:accept', { handoff_id: handoff.id, key: key() })
    await say(ann.client, id, 'Hello')
    await say(client, id, 'Where is my parcel?')
    const next = await ann.client.until(
      'sla:passed',
      event => event.handoff.id === handoff.id && event.clock === 'next_response',
    )
    expect(next.handoff.status).toBe('active')
    const warned = ann.client.received.filter(
      ({ event, payload }) => event === 'sla:passed' && payload.handoff.id === handoff.id,
    )
    expect(warned.map(({ payload }) => payload.clock).sort()).toEqual([
      'first_response',
      'next_response',
      'resolution',
    ])
    await configure({
      sla: { first_response_s: null, next_response_s: null, resolution_s: null, only_in_hours: true },
    })
  })

  test('outside hours it is said at once, with the next opening, and an address can be left', async () => {
    const tomorrow = new Date(Date.now() + 48 * 3_600_000).toISOString().slice(0, 10)
    await configure({
      hours: { ...never, holidays: [{ date: tomorrow, intervals: [{ from: '09:30', to: '18:00' }] }] },
    })
    const { client, id, handoff } = await waiting('zh')
    expect(handoff.status).toBe('pending')
    await client.until('message:created')
    expect(notices(client)[0]).toMatch(/现在不在服务时间，.*09:30恢复服务/)
    const { contact } = await client.ask('handoff:contact', {
      conversation_id: id,
      email: 'kunde@example.com',
      message: '退款',
    })
    await configure({ notify_email: 'desk@shop.example' })
    const again = await client.ask('handoff:contact', { conversation_id: id, phone: '+49 30 123456' })
    expect(again.contact).toMatchObject({ id: contact.id, email: null, phone: '+4930123456' })
    await configure({ notify_email: null })
    const mails = await server.http('GET', '/admin/mail', undefined, lead.token)
    expect(JSON.stringify(mails.reply)).toContain('desk@shop.example')
    const { items } = await lead.client.ask('contact:list', { done: false })
    expect(items[0]).toMatchObject({ id: contact.id, conversation_id: id })
    await lead.client.ask('contact:settle', { contact_id: contact.id, done: true })
    expect((await lead.client.ask('contact:list', { done: false })).items).toEqual([])
    await configure({ hours: null })
  })

  test('closing time is told to those who still wait', async () => {
    // Where it is about noon now: closed since this minute began, for somebody who asked before it.
    const ahead = 12 - new Date().getUTCHours()
    const time_zone = `Etc/GMT${ahead > 0 ? '-' : '+'}${Math.abs(ahead)}`
    const clock = `12:${String(new Date().getUTCMinutes()).padStart(2, '0')}`
    const weekdays = Array.from({ length: 7 }, () => [{ from: '00:00', to: clock }])
    const { client, handoff } = await waiting()
    await configure({ hours: { ...never, time_zone, weekdays } })
    await server.app.database.sql`
      update handoffs set queued_at = queued_at - interval '2 minutes', due_at = date_trunc('milliseconds', now()) where id = ${handoff.id}`
    await client.until('message:created', ({ message }) =>
      message.content.startsWith('We are closing now and open again'),
    )
    const { handoff: same } = await client.ask('handoff:get', { conversation_id: handoff.conversation_id })
    expect(same!.status).toBe('pending')
    await configure({ hours: null })
  })
})

describe('routing', () => {
  test('least loaded: the freest gets it, nobody more than the capacity, and the rest waits', async () => {
    await everybodyLeaves(lead.client)
    await queueIsEmpty()
    const [ann, bob] = [await agent('Ann'), await agent('Bob')]
    await ann.client.ask('presence:set', { presence: 'online', capacity: 2 })
    await bob.client.ask('presence:set', { presence: 'online', capacity: 1 })
    await lead.client.ask('presence:set', { presence: 'away' })
    await configure({ routing: 'least_loaded', silence_s: null })
    const visitors: Awaited<ReturnType<typeof waiting>>[] = []
    for (let count = 0; count < 4; count++) visitors.push(await waiting())
    const active = (desk: typeof ann) =>
      lead.client.until(
        'presence:changed',
        ({ agent: { id, active_count, capacity } }) => id === desk.id && active_count === capacity,
      )
    await Promise.all([active(ann), active(bob)])
    const { items } = await lead.client.ask('queue:list', { status: 'active', page_size: 100 })
    const served = items.filter(item => visitors.some(entry => entry.handoff.id === item.id))
    expect(served.map(item => item.agent!.name).sort()).toEqual(['Ann', 'Ann', 'Bob'])
    const rest = visitors.find(entry => !served.some(item => item.id === entry.handoff.id))!
    // Capacity limits assignment, not accepting.
    await bob.client.ask('handoff:accept', { handoff_id: rest.handoff.id, key: key() })
    await configure({ routing: 'manual', silence_s: 300 })
  })
})

describe('the AI hands over by decision', () => {
  test('asked directly: at once, without an answer; an old request asks for nothing again', async () => {
    const { client, id } = await visitor()
    const { message } = await say(client, id, 'I want to talk to a human!')
    const changed = await becomes(client, 'pending')
    expect(changed.handoff).toMatchObject({ cause: 'question', reason: 'I want to talk to a human!' })
    await client.until(
      'message:created',
      event => event.message.in_reply_to === message.id && event.message.role === 'system',
    )
    await client.ask('handoff:cancel', { conversation_id: id })
    const { message: next } = await say(client, id, 'What does the lamp cost?')
    await client.until('message:updated', event => event.message.in_reply_to === next.id)
    expect(client.received.filter(({ event }) => event === 'handoff:changed')).toHaveLength(2)
    const answers = client.received.filter(
      ({ event, payload }) => event === 'message:created' && payload.message.role === 'assistant',
    )
    expect(answers.map(({ payload }) => payload.message.in_reply_to)).toEqual([next.id])
    const prompt = host.requests.at(-1)!.messages.at(-1)!.content
    expect(prompt).not.toContain('talk to a human')
  })

  test('anger is offered a person once, after the answer; taking the offer is a request', async () => {
    const { client, id } = await visitor('zh')
    for (const text of ['你们太差了，我要投诉', '真的太差了'] as const) {
      const { message } = await say(client, id, text)
      await client.until('message:updated', event => event.message.in_reply_to === message.id)
    }
    await client.until('message:created', event => event.message.action === 'handoff')
    const { message: last } = await say(client, id, '垃圾')
    await client.until('message:updated', event => event.message.in_reply_to === last.id)
    await client.ask('handoff:request', { conversation_id: id, key: key() })
    const offers = client.received.filter(
      ({ event, payload }) => event === 'message:created' && payload.message.action === 'handoff',
    )
    expect(offers.map(({ payload }) => payload.message.content)).toEqual([
      '很抱歉给您带来不好的体验。需要为您转接人工吗？',
    ])
  })

  test('two answers without a source are offered a person, greetings not counted', async () => {
    const { client, id } = await visitor()
    for (const text of ['Hello', 'Do you sell moon rockets?', 'Thanks', 'Do you sell time machines?']) {
      const { message } = await say(client, id, text)
      await client.until('message:updated', event => event.message.in_reply_to === message.id)
    }
    const { message } = await client.until('message:created', event => event.message.action === 'handoff')
    expect(message.content).toContain('Would you like to talk to a person?')
  })
})

describe('how the desk is run', () => {
  test('settings are read and changed by administrators, checked, and partial', async () => {
    const ann = await agent()
    expect((await ann.client.call('handoff:settings', {})).success).toBe(false)
    const before = (await lead.client.ask('handoff:settings', {})).settings
    const { status, reply } = await server.http('PUT', '/admin/handoff/settings', { capacity: 7 }, lead.token)
    expect([status, (reply as any).data.settings]).toEqual([200, { ...before, capacity: 7 }])
    const wrong = [
      { routing: 'whoever' },
      { hours: { ...never, time_zone: 'Mars/Olympus' } },
      { hours: { ...never, weekdays: [[{ from: '18:00', to: '09:00' }], [], [], [], [], [], []] } },
      { hours: { ...never, weekdays: [] } },
      { silence_s: 0 },
      { rules: { ...before.rules, failed_turns: -1 } },
    ]
    for (const settings of wrong)
      expect((await server.http('PUT', '/admin/handoff/settings', settings, lead.token)).status).toBe(400)
    expect((await lead.client.ask('handoff:settings', {})).settings).toEqual({ ...before, capacity: 7 })
    await configure({ capacity: 3 })
  })

  test('law S5: every change of owner and of the settings has its row: who, what, from what to what', async () => {
    const ann = await agent()
    const { id, handoff } = await served(ann.client)
    await configure({ wait_limit_s: 1 })
    await ann.client.ask('handoff:release', { handoff_id: handoff.id, key: key() })
    const reader = await ann.client.ask('queue:list', { status: 'pending', page_size: 100 })
    expect(reader.items.some(item => item.conversation.id === id)).toBe(true)
    await ann.client.until('queue:changed', event =>
      event.handoffs.some(entry => entry.id === handoff.id && entry.status === 'timeout'),
    )
    const { reply } = await server.http(
      'GET',
      '/admin/logs?scope=handoff&page_size=100',
      undefined,
      lead.token,
    )
    const rows = (reply as any).data.items as any[]
    const own = rows.filter(row => row.subject === handoff.id).reverse()
    expect(
      own.map(row => [row.action, row.actor_role, row.before?.status ?? null, row.after.status]),
    ).toEqual([
      ['handoff:request', 'visitor', null, 'pending'],
      ['handoff:accept', 'agent', 'pending', 'active'],
      ['handoff:release', 'agent', 'active', 'pending'],
      ['handoff:expire', 'server', 'pending', 'timeout'],
    ])
    expect(own[1]).toMatchObject({ actor_id: ann.id, after: { agent_id: ann.id } })
    expect(rows.find(row => row.action === 'handoff:configure')).toMatchObject({
      actor_id: lead.id,
      after: { wait_limit_s: 1 },
    })
    await configure({ wait_limit_s: null })
  })

  test('teams: made, changed, found taken, removed; only staff are in them', async () => {
    const { id } = await hire(server, 'Member')
    const { team } = await lead.client.ask('team:save', { name: 'Returns', members: [id, key()] })
    expect(team.members).toEqual([id])
    expect(await lead.client.call('team:save', { name: 'returns' })).toMatchObject({
      error: { code: 'CONFLICT' },
    })
    const renamed = await lead.client.ask('team:save', { team_id: team.id, name: 'Refunds', members: [] })
    expect((await lead.client.ask('team:list', {})).teams).toContainEqual(renamed.team)
    await lead.client.ask('team:delete', { team_id: team.id })
    expect(await lead.client.call('team:delete', { team_id: team.id })).toMatchObject({
      error: { code: 'NOT_FOUND' },
    })
  })

  test('ready-made replies are found and filled in for the conversation', async () => {
    const ann = await agent()
    const { id } = await served(ann.client)
    const content = 'Hi {{visitor.name}}, {{ agent.name }} here. {{unknown}}'
    const { reply } = await ann.client.ask('canned:save', { shortcut: 'hello_all', content })
    const found = await ann.client.ask('canned:list', { search: 'hello_', conversation_id: id })
    expect(found.replies).toEqual([{ ...reply, text: 'Hi , Ann here. {{unknown}}' }])
    expect(await ann.client.call('canned:save', { shortcut: 'hello_all', content })).toMatchObject({
      error: { code: 'CONFLICT' },
    })
    await ann.client.ask('canned:delete', { reply_id: reply.id })
    expect((await ann.client.ask('canned:list', { search: 'hello_' })).replies).toEqual([])
  })

  test('a talk that has ended is rated, and the figures count it', async () => {
    const ann = await agent()
    const before = await lead.client.ask('handoff:statistics', { days: 7 })
    const { client, id, handoff } = await served(ann.client)
    expect(await client.call('handoff:rate', { conversation_id: id, rating: 5 })).toMatchObject({
      error: { code: 'CONFLICT' },
    })
    await say(ann.client, id, 'Done.')
    await ann.client.ask('handoff:complete', { handoff_id: handoff.id, key: key(), tags: ['x'] })
    const rated = await client.ask('handoff:rate', { conversation_id: id, rating: 4, comment: 'nice' })
    expect(rated.handoff).toMatchObject({ rating: 4, tags: [] })
    const { reply } = await server.http('GET', '/admin/handoff/statistics?days=7', undefined, lead.token)
    const after = (reply as any).data
    expect(after.handed_over).toBe(before.handed_over + 1)
    expect(after.first_response.count).toBe(before.first_response.count + 1)
    expect(after.resolution.median_ms).toBeGreaterThan(0)
    expect(after.rating.count).toBe(before.rating.count + 1)
    expect(after.missed).toBeGreaterThan(0)
    expect(after.days).toHaveLength(7)
    expect(after.days.at(-1).resolved).toBe(after.days.at(-1).resolved | 0)
    expect(after.now).toMatchObject({ pending: expect.any(Number), online_agents: expect.any(Number) })
  })

  test('whoever takes it finds a summary, better once the model has written one', async () => {
    const ann = await agent()
    host.script({ pieces: ['It weighs 2 kg.'] }, { pieces: ['They want to know ', 'the weight.'] })
    const { client, id } = await visitor()
    const { message } = await say(client, id, 'How heavy is the lamp?')
    await client.until('message:updated', event => event.message.in_reply_to === message.id)
    const { handoff } = await client.ask('handoff:request', { conversation_id: id, key: key() })
    const summaryOf = (text: string) =>
      ann.client.until('queue:changed', event =>
        event.handoffs.some(entry => entry.id === handoff.id && entry.summary === text),
      )
    await summaryOf('They want to know the weight.')
    const { handoff: seen } = await client.ask('handoff:get', { conversation_id: id })
    expect(seen!.summary).toBe(null)
  })
})
