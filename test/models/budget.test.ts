import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest'
import type { Budget } from '#protocol/models/budget'
import { until } from '../faults/wait.ts'
import { answered, askOnce, budgetCalls, modelAt } from '../fixtures/budgets.ts'
import { type ModelServer, startModelServer } from '../fixtures/fakes/model-server.ts'
import { startServer, type TestClient, type TestServer } from '../fixtures/harness.ts'
import { hire } from '../fixtures/staff.ts'

const { usage } = answered

let first: ModelServer
let second: ModelServer
let server: TestServer
let admin: string
beforeAll(async () => {
  first = await startModelServer()
  second = await startModelServer(['small'])
  server = await startServer({
    outgoingAllowed: [second.url],
    llm: modelAt(first.url),
  })
  admin = await server.signIn()
  first.always(answered)
  second.always(answered)
})
afterAll(async () => {
  await first.close()
  await second.close()
})

const { create, find, remove, removeAll, call } = budgetCalls(
  () => server,
  () => admin,
)

/** Once nothing is reserved any more. */
async function settled(id: string): Promise<Budget> {
  await until('all calls to be settled', async () => (await find(id)).reserved === 0)
  return find(id)
}

afterEach(async () => {
  first.always(answered)
  second.always(answered)
  await removeAll()
})

const ask = (options?: Parameters<typeof askOnce>[1]) => askOnce(server, options)

async function openOne() {
  const visitor = await server.connect()
  const { conversation } = await visitor.ask('conversation:open', { new: true, key: crypto.randomUUID() })
  return { visitor, conversation_id: conversation.id }
}

/** An answer as staff read it. */
async function forStaff({ conversation_id, id }: { conversation_id: string; id: string }) {
  const lead = await server.connect({ namespace: 'agent', token: admin })
  const { messages } = await lead.ask('conversation:open', { conversation_id })
  return messages.find(message => message.id === id)!
}

/** What one call reserves: the question, its prompt and the longest answer. */
async function reservedByOne(): Promise<number> {
  const { id } = await create({})
  const gate = Promise.withResolvers<void>()
  first.always({ ...answered, gate: () => gate.promise })
  const answer = ask()
  await until('a reservation', async () => (await find(id)).reserved > 0)
  const { reserved } = await find(id)
  gate.resolve()
  await answer
  await settled(id)
  await remove(id)
  first.always(answered)
  return reserved
}

describe('a budget', () => {
  test('without one nothing is limited; with one the host is told the longest answer, and what was used is counted', async () => {
    await ask()
    expect(first.requests.at(-1)!.max_tokens).toBeUndefined()
    const { id, spent } = await create({})
    // What was used in this period before.
    expect(spent).toBeGreaterThanOrEqual(0)
    await ask()
    expect(first.requests.at(-1)!.max_tokens).toBe(4096)
    expect((await settled(id)).spent).toBe(spent + 120)
  })

  test('law R5: where the most an answer can cost no longer fits, the built-in answerer answers, and no model is asked', async () => {
    const one = await reservedByOne()
    const { id, spent } = await create({})
    await call('PUT', `/admin/budgets/${id}`, { amount: spent + one })
    expect(await ask()).toMatchObject({ status: 'complete', degraded: false })
    const requestsBefore = first.requests.length
    expect(await ask()).toMatchObject({ status: 'complete', degraded: true, error: null })
    expect(first.requests).toHaveLength(requestsBefore)
    expect(await find(id)).toMatchObject({ spent: spent + 120, reserved: 0, reached_at: expect.any(String) })
    // One more fits into a larger one, at once.
    await call('PUT', `/admin/budgets/${id}`, { amount: spent + 120 + one })
    expect((await find(id)).reached_at).toBeNull()
    expect((await ask()).degraded).toBe(false)
  })

  test('or, as the owner chose, the question is refused in words of the reader’s language', async () => {
    const { id } = await create({ amount: 0, at_limit: 'refuse' })
    const answer = await ask()
    expect(answer).toMatchObject({
      status: 'failed',
      content: '',
      error: {
        code: 'INSUFFICIENT_QUOTA',
        message: 'The assistant has reached its limit for now. Please try again later.',
      },
    })
    expect((await ask({ language: 'zh' })).error!.message).toBe('助手的用量已达上限，请稍后再试。')
    expect((await forStaff(answer)).error!.reason).toBe(
      'The overall budget for this month has no room for another answer.',
    )
    expect(await call('POST', '/chat', { message: 'Is it light?' }, null)).toMatchObject({
      status: 403,
      data: { code: 'INSUFFICIENT_QUOTA' },
    })
    await call('PUT', `/admin/budgets/${id}`, { at_limit: 'builtin' })
    expect(await ask()).toMatchObject({ status: 'complete', degraded: true })
  })

  test('law R6: a hundred questions at once pass the limit by nothing', async () => {
    const one = await reservedByOne()
    const visitors: { visitor: TestClient; conversation_id: string }[] = []
    while (visitors.length < 100) visitors.push(...(await Promise.all(Array.from({ length: 10 }, openOne))))
    const { id, spent: before } = await create({})
    const amount = before + 10 * one + 3
    await call('PUT', `/admin/budgets/${id}`, { amount })
    const gate = Promise.withResolvers<void>()
    first.always({ ...answered, gate: () => gate.promise })
    const requestsBefore = first.requests.length
    let builtin = 0
    const answers = visitors.map(async ({ visitor, conversation_id }) => {
      const sent = { conversation_id, key: crypto.randomUUID(), content: 'Is it light?' }
      await visitor.ask('message:send', sent)
      const { message } = await visitor.until('message:updated', undefined, 90_000)
      if (message.degraded) builtin += 1
    })
    await until(
      () => `ninety answers without a model: ${builtin}, asked ${first.requests.length - requestsBefore}`,
      () => builtin === 90,
      60_000,
    )
    expect(await find(id)).toMatchObject({ amount, spent: before, reserved: 10 * one })
    gate.resolve()
    await Promise.all(answers)
    expect(builtin).toBe(90)
    expect(first.requests.length - requestsBefore).toBe(10)
    expect((await settled(id)).spent).toBe(before + 10 * 120)
  }, 90_000)
})

describe('every ending settles', () => {
  test.each([
    ['a host that fails before its first word is not paid', { status: 500 }, 0],
    ['nor one that ends without a word', { pieces: [], usage }, 0],
    ['what was cut off counts as the host counted', { ...answered, reason: 'length' }, 120],
    ['what broke off counts as far as it came', { ...answered, ending: 'reset' as const }, 'estimated'],
    ['what the host did not count is estimated', { pieces: ['It is light.'] }, 'estimated'],
  ])('%s', async (_title, script, expected) => {
    const { id, spent } = await create({})
    first.always(script)
    await ask()
    const used = (await settled(id)).spent - spent
    if (expected === 'estimated') expect(used).toBeGreaterThan(0)
    else expect(used).toBe(expected)
    expect(used).toBeLessThanOrEqual(200)
  })

  test.each(['before', 'after'])(
    'an answer that is stopped %s its first word has cost its prompt',
    async when => {
      const { id, spent } = await create({})
      const gate = Promise.withResolvers<void>()
      let pieces = when === 'after' ? 1 : 0
      first.always({ ...answered, gate: () => (pieces-- > 0 ? Promise.resolve() : gate.promise) })
      const visitor = await server.connect()
      const { conversation } = await visitor.ask('conversation:open', {})
      const sent = { conversation_id: conversation.id, key: crypto.randomUUID(), content: 'Is it light?' }
      await visitor.ask('message:send', sent)
      const { message } = await visitor.until('message:created', event => event.message.role === 'assistant')
      if (when === 'after') await visitor.until('reply:delta')
      else await until('the host to be asked', async () => (await find(id)).reserved > 0)
      await visitor.ask('reply:stop', { message_id: message.id })
      gate.resolve()
      const used = (await settled(id)).spent - spent
      expect(used).toBeGreaterThan(0)
      expect(used).toBeLessThan(100)
    },
  )
})

describe('whose budget it is', () => {
  test('a provider that has used up its own is passed over like one that is down; the overall one stops all', async () => {
    const { data: other } = await call('POST', '/providers', {
      name: 'Second',
      provider_type: 'custom',
      scope: 'organization',
      priority: 1,
      api_base_url: `${second.url}/v1`,
      config: { model: 'small', max_tokens: 200 },
    })
    const answer = await ask()
    expect((await forStaff(answer)).usage).toMatchObject({ provider_id: other.id })
    const own = await create({ scope: 'provider', provider_id: other.id, amount: 0 })
    expect(own.name).toBe('Second')
    const next = await ask()
    expect(next.degraded).toBe(false)
    expect((await forStaff(next)).usage).toMatchObject({ provider_id: 'openai' })
    await create({ amount: 0, at_limit: 'refuse' })
    const requestsBefore = [first.requests.length, second.requests.length]
    expect((await ask()).error?.code).toBe('INSUFFICIENT_QUOTA')
    expect([first.requests.length, second.requests.length]).toEqual(requestsBefore)
    await call('DELETE', `/providers/${other.id}`)
  })

  test('visitors share that of their role; each who is signed in has the quota, or one of their own in its place', async () => {
    const [ada, bob] = [await hire(server, 'Ada', 'user'), await hire(server, 'Bob', 'user')]
    await create({ scope: 'role', role: 'visitor', amount: 0 })
    const quota = await create({ scope: 'person', amount: 5000 })
    expect((await ask()).degraded).toBe(true)
    expect((await ask({ token: ada.token })).degraded).toBe(false)
    expect(await settled(quota.id)).toMatchObject({ spent: 120, person_id: null, name: null })
    await call('PUT', `/admin/budgets/${quota.id}`, { amount: 4000 })
    expect((await ask({ token: ada.token })).degraded).toBe(true)
    expect((await ask({ token: bob.token })).degraded).toBe(true)
    const own = await create({ scope: 'person', person_id: bob.id, amount: 100_000 })
    expect((await ask({ token: bob.token })).degraded).toBe(false)
    expect(await settled(own.id)).toMatchObject({ spent: 120, name: 'Bob' })
  })

  test('drafts and translations count in those of whoever asks for them', async () => {
    const desk = await server.connect({ namespace: 'agent', token: admin })
    const own = await create({ scope: 'role', role: 'super_admin' })
    const { conversation_id } = await ask()
    expect((await find(own.id)).spent).toBe(0)
    await desk.ask('draft:suggest', { conversation_id }).catch(() => {})
    await desk.ask('text:translate', { conversation_id, content: 'It is light.', language: 'zh' })
    const { spent } = await settled(own.id)
    expect(spent).toBeGreaterThanOrEqual(120)
    await create({ scope: 'role', role: 'super_admin', amount: 0 })
    const refused = await desk.call('text:translate', {
      conversation_id,
      content: 'It is light.',
      language: 'zh',
    })
    expect(refused).toMatchObject({ success: false, error: { code: 'INSUFFICIENT_QUOTA' } })
  })
})

describe('money', () => {
  const setPrice = (fields: object) =>
    call('POST', '/admin/prices', { model: 'test-model', currency: 'USD', input: 1, output: 2, ...fields })

  test('a model without a price is asked, not counted, and named; tokens are counted all the same', async () => {
    const money = await create({ currency: 'usd', amount: 0 })
    const tokens = await create({})
    expect(money.currency).toBe('USD')
    expect(money.uncounted_models).toContain('test-model')
    expect(tokens.uncounted_models).toEqual([])
    expect((await ask()).degraded).toBe(false)
    expect((await settled(tokens.id)).spent - tokens.spent).toBe(120)
    expect((await find(money.id)).spent).toBe(0)
  })

  test('is counted to the last digit, in its own currency', async () => {
    await setPrice({ input: 0.15, output: 0.6 })
    const dollars = await create({ currency: 'USD', amount: 5 })
    const yuan = await create({ currency: 'CNY', amount: 0 })
    expect(dollars.uncounted_models).not.toContain('test-model')
    expect(yuan.uncounted_models).toContain('test-model')
    expect((await ask()).degraded).toBe(false)
    await settled(dollars.id)
    const [row] = await server.app.database.sql`
      select spent::text from budget_spending where budget_id = ${dollars.id}`
    // 100 * 0.15 + 20 * 0.6 of a million
    expect(row!.spent).toBe('0.000027000000')
    await call('PUT', `/admin/budgets/${dollars.id}`, { amount: 0.000027 })
    expect((await ask()).degraded).toBe(true)
  })
})
