import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest'
import type { Budget } from '#protocol/models/budget'
import { budgetStorage } from '#storage/models/budget'
import { type PlannedCall, reservationStorage } from '#storage/models/reservation'
import { until } from '../faults/wait.ts'
import { type ModelServer, startModelServer } from '../fixtures/fakes/model-server.ts'
import { converse, startServer, type TestClient, type TestServer } from '../fixtures/harness.ts'
import { hire } from '../fixtures/staff.ts'

const usage = { prompt_tokens: 100, completion_tokens: 20 }
const answered = { pieces: ['It is ', 'light.'], usage }

let first: ModelServer
let second: ModelServer
let server: TestServer
let admin: string
beforeAll(async () => {
  first = await startModelServer()
  second = await startModelServer(['small'])
  server = await startServer({
    outgoingAllowed: [second.url],
    llm: {
      provider: 'openai',
      model: 'test-model',
      embeddingModel: null,
      openaiKey: 'test',
      openaiUrl: `${first.url}/v1`,
      ollamaHost: null,
    },
  })
  admin = await server.signIn()
  first.always(answered)
  second.always(answered)
})
afterAll(async () => {
  await first.close()
  await second.close()
})

async function call(method: string, path: string, body?: object, token: string | null = admin) {
  const { status, reply } = await server.http(method, path, body, token ?? undefined)
  return { status, data: reply.success ? reply.data : reply.error }
}

/** Over tokens in a month by everybody, unless it says otherwise. */
async function create(fields: object): Promise<Budget> {
  const { status, data } = await call('POST', '/admin/budgets', {
    scope: 'overall',
    period: 'month',
    amount: 1_000_000,
    ...fields,
  })
  expect([status, data.message]).toEqual([200, undefined])
  return data.budget
}

async function find(id: string): Promise<Budget> {
  const { data } = await call('GET', '/admin/budgets')
  return data.budgets.find((budget: Budget) => budget.id === id)
}

/** Once nothing is reserved any more. */
async function settled(id: string): Promise<Budget> {
  await until('all calls to be settled', async () => (await find(id)).reserved === 0)
  return find(id)
}

const remove = (id: string) => call('DELETE', `/admin/budgets/${id}`)

afterEach(async () => {
  first.always(answered)
  second.always(answered)
  const { data } = await call('GET', '/admin/budgets')
  for (const { id } of data.budgets) await remove(id)
})

async function ask(options: { token?: string; language?: 'en' | 'zh' } = {}) {
  const { token, language = 'en' } = options
  const visitor = await server.connect({ token, auth: { language } })
  const { conversation } = await visitor.ask('conversation:open', {
    new: true,
    key: crypto.randomUUID(),
    language,
  })
  const sent = { conversation_id: conversation.id, key: crypto.randomUUID(), content: 'Is it light?' }
  const { message } = await visitor.ask('message:send', sent)
  const { message: answer } = await visitor.until(
    'message:updated',
    event => event.message.in_reply_to === message.id,
  )
  return answer
}

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

describe('in the database', () => {
  const noon = Date.parse('2099-03-31T12:00:00Z')
  const overall = {
    scope: 'overall',
    provider_id: null,
    role: null,
    person_id: null,
    period: 'day',
    currency: null,
    at_limit: 'builtin',
  } as const
  const actor = { id: null, role: 'server', address: null, request_id: null }

  async function make(amount: string, period: 'day' | 'month' = 'day') {
    const id = crypto.randomUUID()
    const audit = { actor, scope: 'budget' as const, action: 'budget:create', subject: id }
    const moment = { at: noon, timeZone: 'UTC' }
    await budgetStorage(server.app.database).create(
      { ...overall, id, amount, period, language: null },
      moment,
      audit,
    )
    return id
  }
  const planned = (tokens: number): PlannedCall => ({
    id: crypto.randomUUID(),
    person_id: null,
    message_id: null,
    provider_id: 'openai',
    model: 'test-model',
    prompt_tokens: 10,
    tokens,
    cost: null,
    currency: null,
  })
  const rows = (id: string) => server.app.database.sql<{ period: string; spent: number; reserved: number }[]>`
    select period::text, spent::float8, reserved::float8 from budget_spending where budget_id = ${id} order by period`

  test('a day is as long as the shop’s time zone makes it, and the next begins at nothing', async () => {
    const id = await make('100')
    const { reserve, settle } = reservationStorage(server.app.database, crypto.randomUUID())
    const evening = Date.parse('2099-03-31T22:30:00Z')
    const fits = async (at: number, timeZone: string) =>
      (await reserve(planned(60), { at, timeZone }))[0]!.fits
    expect(await fits(evening, 'UTC')).toBe(true)
    expect(await fits(evening, 'UTC')).toBe(false)
    // Already the first of April.
    expect(await fits(evening, 'Europe/Berlin')).toBe(true)
    expect((await rows(id)).map(row => [row.period, row.reserved])).toEqual([
      ['2099-03-31', 60],
      ['2099-04-01', 60],
    ])
    const call = planned(10)
    await reserve(call, { at: evening, timeZone: 'Europe/Berlin' })
    await settle({ id: call.id, tokens: 4, cost: null, currency: null })
    await settle({ id: call.id, tokens: 4, cost: null, currency: null })
    expect((await rows(id)).at(-1)).toMatchObject({ spent: 4, reserved: 60 })
  })

  test('what was used in the period before a budget was made counts in it', async () => {
    const { id: personId } = await hire(server, 'Eve', 'user')
    const { sql } = server.app.database
    await sql`
      insert into usage (person_id, at, provider_id, model, prompt_tokens, cached_tokens, completion_tokens, cost, currency)
      select ${personId}, now() + make_interval(days => day), 'books', 'm', 700, 0, 77, 1.25, 'EUR'
      from unnest(array[0, -40]) day`
    await sql`
      insert into usage_totals
      select now() + make_interval(days => day), 'books', 'm', 'EUR', 1, 700, 0, 77, 1.25 from unnest(array[0, -40]) day`
    expect(await create({ scope: 'person', person_id: personId })).toMatchObject({ spent: 777 })
    expect(await create({ scope: 'person', person_id: personId, currency: 'EUR' })).toMatchObject({
      spent: 1.25,
    })
    expect(await create({ scope: 'overall', currency: 'EUR' })).toMatchObject({ spent: 1.25 })
    expect(await create({ scope: 'role', role: 'user', currency: 'EUR' })).toMatchObject({ spent: 1.25 })
    expect(await create({ scope: 'role', role: 'agent', currency: 'EUR' })).toMatchObject({ spent: 0 })
    const quota = await create({ scope: 'person' })
    const { reserve } = reservationStorage(server.app.database, crypto.randomUUID())
    await reserve({ ...planned(10), person_id: personId }, { at: Date.now(), timeZone: 'UTC' })
    // She has one of her own of that kind.
    expect((await find(quota.id)).spent).toBe(0)
  })

  test('a call counts in all its budgets or in none, and in no other', async () => {
    const [wide, narrow] = [await make('1000'), await make('50', 'month')]
    const { reserve } = reservationStorage(server.app.database, crypto.randomUUID())
    const verdicts = await reserve(planned(60), { at: noon, timeZone: 'UTC' })
    expect(verdicts.map(({ fits }) => fits)).toEqual([true, false])
    expect([...(await rows(wide)), ...(await rows(narrow))].map(({ reserved }) => reserved)).toEqual([0, 0])
  })

  test('what a node that died had reserved is settled by what is stored of its answer, once', async () => {
    const { id: message_id } = await ask()
    const id = await make('1000')
    const dead = reservationStorage(server.app.database, crypto.randomUUID())
    const [whole, begun] = [{ ...planned(500), message_id }, planned(300)]
    for (const call of [whole, begun]) await dead.reserve(call, { at: noon, timeZone: 'UTC' })
    await until('another node to settle them', async () => (await rows(id))[0]!.reserved === 0)
    // The one that had ended was counted by the host; of the other nothing is stored.
    expect((await rows(id))[0]).toMatchObject({ spent: 120 })
    await dead.settle({ id: whole.id, tokens: 120, cost: null, currency: null })
    expect((await rows(id))[0]).toMatchObject({ spent: 120 })
  })
})

describe('a warning', () => {
  test('goes to administrators by mail once in each period, when four fifths are used', async () => {
    const email = 'lead@shop.example'
    const { id: lead } = await hire(server, 'Lead', 'admin')
    const { sql } = server.app.database
    await sql`update people set email = ${email} where id = ${lead}`
    const { id } = await create({ scope: 'role', role: 'visitor', amount: 10_000 })
    const spend = (spent: number) => sql`update budget_spending set spent = ${spent} where budget_id = ${id}`
    const warned = async () => (await sql`select from budget_warnings where budget_id = ${id}`).length
    await spend(7999)
    const other = await create({ amount: 100 })
    await sql`update budget_spending set spent = 90 where budget_id = ${other.id}`
    await until('the other budget to be warned of', async () => {
      return (await sql`select from budget_warnings where budget_id = ${other.id}`).length === 1
    })
    expect(await warned()).toBe(0)
    await spend(8000)
    await until('administrators to be warned', async () => (await warned()) === 1)
    await spend(9000)
    const third = await create({ amount: 100 })
    await sql`update budget_spending set spent = 90 where budget_id = ${third.id}`
    await until('another round', async () => {
      return (await sql`select from budget_warnings where budget_id = ${third.id}`).length === 1
    })
    const { data } = await call('GET', '/admin/mail?page_size=100')
    const mails = data.items.filter((mail: any) => mail.recipient === email)
    const texts = await Promise.all(
      mails.map(async (mail: any) => (await call('GET', `/admin/mail/${mail.id}`)).data.mail.text),
    )
    const about = texts.filter(text => text.includes('visitors'))
    expect(about).toHaveLength(1)
    expect(about[0]).toContain('80% of the budget for visitors is used: 8,000 of 10,000 tokens this month.')
    expect(about[0]).toContain('/console#/usage')
  })
})

describe('administration', () => {
  test('budgets are made, changed and removed, and the audit log says from what to what', async () => {
    const made = await create({
      scope: 'role',
      role: 'visitor',
      period: 'day',
      currency: 'EUR',
      amount: 12.5,
    })
    expect(made).toMatchObject({
      scope: 'role',
      role: 'visitor',
      period: 'day',
      currency: 'EUR',
      amount: 12.5,
    })
    expect(Date.parse(made.resets_at) - Date.parse(made.since)).toBeGreaterThan(22 * 3600_000)
    const { data } = await call('PUT', `/admin/budgets/${made.id}`, { amount: 20 })
    expect(data.budget).toMatchObject({ amount: 20, at_limit: 'builtin' })
    expect((await remove(made.id)).status).toBe(200)
    expect((await remove(made.id)).data.code).toBe('NOT_FOUND')
    expect((await call('PUT', `/admin/budgets/${made.id}`, { amount: 1 })).data.code).toBe('NOT_FOUND')
    const logs = await call('GET', '/admin/logs?scope=budget&page_size=3')
    expect(logs.data.items).toMatchObject([
      { action: 'budget:delete', before: { amount: '20.000000000000' } },
      { action: 'budget:update', before: { amount: '12.500000000000' }, after: { amount: '20.000000' } },
      { action: 'budget:create', after: { amount: '12.500000', currency: 'EUR' } },
    ])
  })

  test.each([
    [{ scope: 'everything' }, 'scope'],
    [{ scope: 'provider' }, 'provider_id'],
    [{ scope: 'provider', provider_id: crypto.randomUUID() }, 'provider_id'],
    [{ scope: 'overall', provider_id: 'openai' }, 'provider_id'],
    [{ scope: 'role' }, 'role'],
    [{ scope: 'role', role: 'owner' }, 'role'],
    [{ scope: 'person', person_id: crypto.randomUUID() }, 'person_id'],
    [{ scope: 'overall', person_id: crypto.randomUUID() }, 'person_id'],
    [{ period: 'week' }, 'period'],
    [{ amount: -1 }, 'amount'],
    [{ amount: 0.5 }, 'amount'],
    [{ amount: 1e15, currency: 'USD' }, 'amount'],
    [{ currency: 'dollars' }, 'currency'],
    [{ at_limit: 'ignore' }, 'at_limit'],
  ])('bad input names its field and changes nothing: %j', async (fields, field) => {
    const input = { scope: 'overall', period: 'month', amount: 5, ...fields }
    const { status, data } = await call('POST', '/admin/budgets', input)
    expect([status, data.code, data.details[0].field]).toEqual([400, 'VALIDATION_ERROR', field])
    expect((await call('GET', '/admin/budgets')).data.budgets).toEqual([])
  })

  test('a person who is erased takes their budget along', async () => {
    const { id } = await hire(server, 'Dora', 'user')
    const own = await create({ scope: 'person', person_id: id })
    expect((await call('POST', `/admin/users/${id}/erase`, { reason: 'asked' })).status).toBe(200)
    expect(await find(own.id)).toBeUndefined()
  })
})
