import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { costOf } from '../../server/providers/cost.ts'
import { createPriceList } from '../../server/providers/price-list.ts'
import { until } from '../faults/wait.ts'
import { type ModelServer, startModelServer } from '../fixtures/fakes/model-server.ts'
import { converse, startServer, type TestServer } from '../fixtures/harness.ts'
import { hire } from '../fixtures/staff.ts'

let model: ModelServer
let server: TestServer
let admin: string
beforeAll(async () => {
  model = await startModelServer()
  server = await startServer({
    llm: {
      provider: 'openai',
      model: 'test-model',
      embeddingModel: null,
      openaiKey: 'test',
      openaiUrl: `${model.url}/v1`,
      ollamaHost: null,
    },
  })
  admin = await server.signIn()
})
afterAll(() => model.close())

async function get(query = '', token = admin) {
  const { status, reply } = await server.http('GET', `/statistics/usage${query}`, undefined, token)
  return { status, data: reply.success ? reply.data : reply.error }
}

async function setPrice(price: object) {
  const { reply } = await server.http('POST', '/admin/prices', { model: 'test-model', ...price }, admin)
  if (!reply.success) throw new Error(reply.error.message)
  return reply.data.price
}

async function ask(usage?: { prompt_tokens: number; completion_tokens: number; [other: string]: unknown }) {
  model.script({ pieces: ['Yes.'], usage })
  const visitor = await server.connect()
  const { answer } = await converse(visitor, 'What does it cost?')
  return { visitor, answer }
}

/** Once all answers so far are entered. */
async function entered(requests: number) {
  await until(`${requests} requests to be entered`, async () => {
    return (await get()).data.summary.total_requests >= requests
  })
  return (await get()).data
}

describe('what models cost', () => {
  test('a model without a price is counted, and said to have none', async () => {
    await ask({ prompt_tokens: 1000, completion_tokens: 100 })
    const data = await entered(1)
    expect(data).toMatchObject({
      currency: null,
      summary: { total_requests: 1, total_tokens: 1100, total_cost: 0, unpriced_requests: 1 },
    })
    const { reply } = await server.http('GET', '/admin/prices', undefined, admin)
    expect(reply).toMatchObject({ data: { prices: [], unpriced: ['test-model'] } })
  })

  test('an owner’s price holds from then on, to the last digit; cached tokens cost what they cost', async () => {
    const price = await setPrice({ currency: 'usd', input: 0.15, cached_input: 0.075, output: 0.6 })
    expect(price).toMatchObject({ currency: 'USD', source: 'owner' })
    const usage = {
      prompt_tokens: 1003,
      completion_tokens: 77,
      prompt_tokens_details: { cached_tokens: 3 },
    }
    const { answer } = await ask(usage)
    const lead = await server.connect({ namespace: 'agent', token: admin })
    const { messages } = await lead.ask('conversation:open', { conversation_id: answer.conversation_id })
    expect(messages.find(({ id }) => id === answer.id)?.usage).toMatchObject({
      cached_tokens: 3,
      cost: 0.000196425,
      currency: 'USD',
    })
    expect(answer.usage).toBeNull()
    const { summary, by_model, breakdown } = await entered(2)
    expect(summary).toMatchObject({ total_cost: 0.000196425, cached_tokens: 3, unpriced_requests: 1 })
    expect(by_model).toEqual([
      { provider_id: 'openai', model: 'test-model', requests: 2, tokens: 2180, cost: 0.000196425 },
    ])
    expect(breakdown).toHaveLength(30)
    expect(breakdown.at(-1)).toMatchObject({ requests: 2, tokens: 2180 })
    await setPrice({ currency: 'USD', input: 1000, output: 1000 })
    expect((await get()).data.summary.total_cost).toBe(0.000196425)
  })

  test('two currencies are never added up', async () => {
    await setPrice({ currency: 'CNY', input: 2000, output: 8000 })
    await ask({ prompt_tokens: 1000, completion_tokens: 0 })
    const { currency, summary } = await entered(3)
    expect([currency, summary.total_cost]).toEqual(['CNY', 2])
    const { reply } = await server.http('GET', '/admin/statistics/system', undefined, admin)
    expect(reply).toMatchObject({
      data: { usage: { currency: 'CNY', total_tokens: 3180, total_cost: 2, this_month_cost: 2 } },
    })
    expect(summary.other_costs).toEqual([{ currency: 'USD', cost: 0.000196425 }])
  })

  test('what the host did not count, or was stopped, is counted here and says so', async () => {
    const gate = Promise.withResolvers<void>()
    let pieces = 0
    model.script({
      pieces: ['Half of it. ', 'The rest.'],
      gate: () => (pieces++ ? gate.promise : Promise.resolve()),
    })
    const visitor = await server.connect()
    const { conversation } = await visitor.ask('conversation:open', { new: true, key: crypto.randomUUID() })
    await visitor.ask('message:send', {
      conversation_id: conversation.id,
      key: crypto.randomUUID(),
      content: 'Tell me',
    })
    const { message_id } = await visitor.until('reply:delta')
    await visitor.ask('reply:stop', { message_id })
    gate.resolve()
    const { answer } = await ask()
    await entered(5)
    const lead = await server.connect({ namespace: 'agent', token: admin })
    for (const [conversation_id, id] of [
      [conversation.id, message_id],
      [answer.conversation_id, answer.id],
    ] as const) {
      const { messages } = await lead.ask('conversation:open', { conversation_id })
      const { usage } = messages.find(message => message.id === id)!
      expect(usage).toMatchObject({ estimated: true, currency: 'CNY' })
      expect(usage!.completion_tokens).toBeGreaterThan(0)
    }
  })

  test('each sees the own, administrators everybody’s', async () => {
    const { token } = await hire(server, 'Ada', 'user')
    expect((await get('', token)).data.summary.total_requests).toBe(0)
    model.script({ pieces: ['Yes.'], usage: { prompt_tokens: 10, completion_tokens: 10 } })
    await converse(await server.connect({ token }), 'Mine?')
    await entered(6)
    expect((await get('', token)).data.summary).toMatchObject({ total_requests: 1, total_tokens: 20 })
    expect((await get('', (await server.connect()).token)).status).toBe(403)
    const { reply } = await server.http('GET', '/admin/users?search=Ada', undefined, admin)
    expect(reply).toMatchObject({
      data: {
        items: [
          {
            statistics: {
              total_conversations: 1,
              total_messages: 2,
              total_tokens: 20,
              total_cost: 0.1,
              currency: 'CNY',
            },
          },
        ],
      },
    })
  })

  test('a deleted conversation leaves its amounts and nothing that names it', async () => {
    const before = (await get()).data.summary
    const { visitor, answer } = await ask({ prompt_tokens: 5, completion_tokens: 5 })
    await entered(7)
    const { conversation_id } = answer
    const rows = () =>
      server.app.database
        .sql`select * from usage where conversation_id = ${conversation_id} or message_id = ${answer.id}`
    expect(await rows()).toHaveLength(1)
    await visitor.ask('conversation:delete', { conversation_id })
    expect(await rows()).toHaveLength(0)
    expect((await get()).data.summary.total_tokens).toBe(before.total_tokens + 10)
  })

  test('what is no answer is counted too: a summary, a draft, a translation; of whoever asked for it', async () => {
    const { total_requests } = (await get()).data.summary
    const usage = { prompt_tokens: 30, completion_tokens: 10 }
    const key = () => crypto.randomUUID()
    const { visitor, answer } = await ask(usage)
    const { conversation_id } = answer
    await entered(total_requests + 1)
    model.script({ pieces: ['It was about money.'], usage })
    const { handoff } = await visitor.ask('handoff:request', { conversation_id, key: key() })
    await entered(total_requests + 2)
    const { id, token } = await hire(server, 'Lin', 'admin')
    const lead = await server.connect({ namespace: 'agent', token })
    await lead.ask('handoff:accept', { handoff_id: handoff.id, key: key() })
    await visitor.ask('message:send', { conversation_id, key: key(), content: 'And in winter?' })
    model.script({ pieces: ['As much.'], usage })
    await lead.ask('draft:suggest', { conversation_id })
    model.script({ pieces: ['一样。'], usage })
    await lead.ask('text:translate', { conversation_id, content: 'As much.', language: 'zh' })
    await entered(total_requests + 4)
    const rows = () =>
      server.app.database.sql`select prompt_tokens, completion_tokens from usage where person_id = ${id}`
    expect(await rows()).toEqual([usage, usage])
    const { reply } = await server.http('POST', `/admin/users/${id}/erase`, { reason: 'Left us' }, admin)
    expect(reply.success).toBe(true)
    expect(await rows()).toEqual([])
    expect((await get()).data.summary.total_requests).toBe(total_requests + 4)
  })

  test('periods: hours and months, days of a time zone, and those that make no sense', async () => {
    const today = new Date().toISOString().slice(0, 10)
    const hourly = (await get(`?start_date=${today}&end_date=${today}&granularity=hourly`)).data
    expect(hourly.breakdown).toHaveLength(24)
    expect(hourly.breakdown.reduce((sum: number, { requests }: any) => sum + requests, 0)).toBe(11)
    const monthly = (await get('?start_date=2026-01-15&end_date=2026-03-01&granularity=monthly')).data
    expect(monthly.breakdown.map(({ date }: any) => date)).toEqual(['2026-01', '2026-02', '2026-03'])
    expect((await get('?time_zone=Asia/Kolkata')).data.summary.total_requests).toBe(11)
    expect((await get('?provider_id=other')).data.summary.total_requests).toBe(0)
    for (const query of [
      '?start_date=2026-02-30',
      '?start_date=yesterday',
      '?start_date=1026-01-01&end_date=2026-01-01',
      '?start_date=2026-02-02&end_date=2026-02-01',
      '?time_zone=Mars/Olympus',
      '?time_zone=%2B05:30',
      '?granularity=weekly',
      '?start_date=2026-01-01&end_date=2026-03-01&granularity=hourly',
    ])
      expect([query, (await get(query)).data.code]).toEqual([query, 'VALIDATION_ERROR'])
  })

  test('a price that was ended is no longer there, and what it cost stays', async () => {
    const { id } = await setPrice({ currency: 'EUR', input: 1, output: 1 })
    const end = () => server.http('DELETE', `/admin/prices/${id}`, undefined, admin)
    expect((await end()).status).toBe(200)
    expect((await end()).status).toBe(404)
    const { reply } = await server.http('GET', '/admin/prices', undefined, admin)
    expect(reply).toMatchObject({ data: { prices: [], unpriced: ['test-model'] } })
    for (const price of [{ input: -1 }, { currency: 'dollars' }, { output: 1e9 }, { model: '' }]) {
      const body = { model: 'x', currency: 'USD', input: 1, output: 1, ...price }
      expect((await server.http('POST', '/admin/prices', body, admin)).status).toBe(400)
    }
  })
})

describe('money', () => {
  test.each([
    [{ prompt_tokens: 1, completion_tokens: 0 }, '0.000000150000'],
    [{ prompt_tokens: 1_000_000, completion_tokens: 1_000_000 }, '0.750000000000'],
    [{ prompt_tokens: 3, cached_tokens: 2, completion_tokens: 1 }, '0.000000900000'],
    [{ prompt_tokens: 0, completion_tokens: 0 }, '0.000000000000'],
  ])('%j costs %s', (tokens, cost) => {
    const rates = { currency: 'USD', input: '0.15', cached_input: '0.075', output: '0.6' }
    expect(costOf(tokens, rates)).toBe(cost)
  })

  test('is exact where floating point is not', () => {
    const rates = { currency: 'USD', input: '1000000', cached_input: null, output: '0.000001' }
    expect(costOf({ prompt_tokens: 90_071_993, completion_tokens: 1 }, rates)).toBe('90071993.000000000001')
  })

  test('the list knows official hosts, and rises where a price does; other hosts have none', async () => {
    const list = createPriceList()
    const official = 'https://api.openai.com/v1'
    expect(list.find(official, 'gpt-4o-mini', 10)).toBeNull()
    await list.load()
    expect(list.source).toMatch(/^genai-prices \d/)
    expect(list.find(official, 'gpt-4o-mini', 10)).toEqual({
      currency: 'USD',
      input: '0.150000',
      cached_input: '0.075000',
      output: '0.600000',
    })
    expect(list.find(official, 'no-such-model', 10)).toBeNull()
    const inputOf = (tokens: number) =>
      Number(list.find('https://api.anthropic.com/v1', 'claude-sonnet-4-5', tokens)?.input)
    expect(inputOf(250_000)).toBeGreaterThan(inputOf(1000))
    expect(list.find('http://127.0.0.1:8000/v1', 'gpt-4o-mini', 10)).toBeNull()
  })
})
