import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest'
import { budgetStorage } from '#storage/models/budget'
import { type PlannedCall, reservationStorage } from '#storage/models/reservation'
import { until } from '../faults/wait.ts'
import { answered, askOnce, budgetCalls, modelAt } from '../fixtures/budgets.ts'
import { type ModelServer, startModelServer } from '../fixtures/fakes/model-server.ts'
import { startServer, type TestServer } from '../fixtures/harness.ts'
import { hire } from '../fixtures/staff.ts'

let model: ModelServer
let server: TestServer
let admin: string
beforeAll(async () => {
  model = await startModelServer()
  model.always(answered)
  server = await startServer({ outgoingAllowed: [model.url], llm: modelAt(model.url) })
  admin = await server.signIn()
})
afterAll(() => model.close())
const { call, create, find, remove, removeAll } = budgetCalls(
  () => server,
  () => admin,
)
afterEach(removeAll)

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
    const { id: message_id } = await askOnce(server)
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
