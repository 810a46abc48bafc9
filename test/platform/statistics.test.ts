import { beforeAll, describe, expect, test } from 'vitest'
import type { Overview, SystemStatistics } from '#protocol/platform/statistics'
import { newId } from '../../server/core/ids.ts'
import { lastDays } from '../../server/core/time-zone.ts'
import { people, quick } from '../fixtures/handoff.ts'
import { converse, startServer, type TestServer } from '../fixtures/harness.ts'
import { askInVain } from '../fixtures/questions.ts'
import { hire } from '../fixtures/staff.ts'

let server: TestServer
let owner: string
const zone = 'Asia/Shanghai'
beforeAll(async () => {
  server = await startServer({ demoShop: true, allowedOrigins: [] }, { handoff: quick })
  owner = await server.signIn()
  await server.http('PUT', '/admin/handoff/settings', { time_zone: zone }, owner)
})
const { waiting } = people(() => server)

async function get<T>(path: string, token = owner): Promise<T> {
  const { reply } = await server.http('GET', path, undefined, token)
  if (!reply.success) throw new Error(reply.error.code)
  return reply.data as T
}
const overview = () => get<Overview>('/admin/statistics/overview')
const questions = (query = '') => get<any>(`/admin/questions${query}`)

/** A conversation begun then, in which the visitor said these things and an answer followed each. */
async function talk(at: number, turns: { question: string; fields?: object }[]) {
  const { sql } = server.app.database
  const [person_id, id] = [newId(), newId()]
  const time = new Date(at).toISOString()
  await sql`insert into people (id, role) values (${person_id}, 'visitor')`
  await sql`
    insert into conversations (id, person_id, language, created_at, updated_at)
    values (${id}, ${person_id}, 'en', ${time}, ${time})`
  const row = { conversation_id: id, status: 'complete', epoch: 0, created_at: time, updated_at: time }
  for (const [index, { question, fields }] of turns.entries()) {
    const message = { ...row, id: newId(), seq: 2 * index + 1, role: 'user', content: question }
    const answer = { ...row, id: newId(), seq: 2 * index + 2, role: 'assistant', content: 'So it is.' }
    await sql`insert into messages ${sql(message)}`
    await sql`insert into messages ${sql({ ...answer, in_reply_to: message.id, ...fields } as never)}`
  }
  return id
}

describe('the overview', () => {
  test('compares today with the same weekday, up to this time and whole, by the days of the desk', async () => {
    const days = lastDays(zone, 8, Date.now())
    const [lastWeek, next, today] = [days[0]!.start, days[1]!.start, days[7]!.start]
    const hello = [{ question: 'Do you sell lamps?' }]
    await talk(today - 1, hello)
    await talk(today, hello)
    await talk(lastWeek - 1, hello)
    await talk(lastWeek, hello)
    await talk(next - 1, hello)
    await talk(next, hello)
    // Opened, and nothing said.
    await talk(today, [])
    const { conversations, time_zone } = await overview()
    expect(time_zone).toBe(zone)
    expect(conversations).toEqual({ today: 1, last_week_so_far: 1, last_week: 2 })
  })

  test('counts who waits, and who waits longest', async () => {
    expect((await overview()).waiting).toEqual({ count: 0, longest_wait_ms: null, online_agents: 0 })
    const { client, id } = await waiting()
    expect((await overview()).waiting).toEqual({
      count: 1,
      longest_wait_ms: expect.any(Number),
      online_agents: 0,
    })
    await client.ask('handoff:cancel', { conversation_id: id })
  })

  test('the week is that of the figures, and what was not answered is listed: courtesies and sources aside', async () => {
    const before = await overview()
    const client = await server.connect()
    const lead = await server.connect({ namespace: 'agent', token: owner })
    await converse(client, 'Do you play the accordion?')
    await converse(client, 'thanks!')
    const group = await askInVain(client, lead, 'DO YOU PLAY THE  ACCORDION')
    await converse(client, 'What is the lightest laptop?')
    await askInVain(client, lead, 'Do you dance the polka?')
    const long = await askInVain(client, lead, 'Is there a choir?')
    const then = new Date(Date.now() - 8 * 86_400_000).toISOString()
    await server.app.database.sql`update question_signals set at = ${then} where group_id = ${long.id}`
    const { week } = await overview()
    expect(week.unanswered - before.week.unanswered).toBe(3)
    const statistics = await get<any>('/admin/handoff/statistics?days=7')
    expect(week).toMatchObject({
      conversations: statistics.conversations,
      resolved_by_ai: statistics.resolved_by_ai,
      rating: statistics.rating,
    })
    const { items, pagination } = await questions('?page_size=1&sort=count')
    expect(items).toMatchObject([
      { id: group.id, question: 'DO YOU PLAY THE  ACCORDION', count: 2, signals: { unanswered: 2 } },
    ])
    expect(pagination).toMatchObject({ total: 2, has_next: true })
    expect(JSON.stringify(await questions('?days=90'))).toContain('choir')
  })

  test('what is left to set up is done as it is done; demo things are not one’s own', async () => {
    const left = async () =>
      (await overview()).setup.filter(({ is_done }) => !is_done).map(({ step }) => step)
    const whole = ['products', 'documents', 'model', 'widget', 'staff', 'mail', 'second_factor']
    expect((await overview()).index).toMatchObject({
      products: expect.any(Number),
      documents: expect.any(Number),
    })
    expect(await left()).toEqual(whole)
    await server.http('POST', '/admin/products', [{ id: 'p1', name: 'Lamp' }], owner)
    expect(await left()).toEqual(whole.filter(step => step !== 'products'))
    await hire(server, 'Ann', 'agent')
    expect(await left()).toEqual(whole.filter(step => step !== 'products' && step !== 'staff'))
    expect((await overview()).index).toMatchObject({ products: 1, documents: 0 })
  })

  test('the cost stands beside the budget of the month: of several the one that is nearest its end', async () => {
    const add = (budget: object) =>
      server.http('POST', '/admin/budgets', { scope: 'overall', period: 'month', ...budget }, owner)
    expect((await overview()).cost.budget).toBe(null)
    await add({ amount: 10_000 })
    await add({ currency: 'USD', amount: 5, period: 'day' })
    expect((await overview()).cost.budget).toBe(null)
    await add({ currency: 'USD', amount: 500 })
    expect((await overview()).cost.budget).toEqual({ currency: 'USD', amount: 500, spent: 0 })
    await add({ currency: 'EUR', amount: 0 })
    expect((await overview()).cost.budget).toEqual({ currency: 'EUR', amount: 0, spent: 0 })
  })

  test('is not for agents', async () => {
    const { token } = await hire(server, 'Ben', 'agent')
    for (const path of ['/admin/statistics/overview', '/admin/statistics/system', '/admin/questions'])
      expect((await server.http('GET', path, undefined, token)).status).toBe(403)
  })

  test('what it counts by time is read through an index', async () => {
    const { sql } = server.app.database
    const since = new Date(Date.now() - 7 * 86_400_000).toISOString()
    const plans = await sql.begin(async inner => {
      // A table of a test is small: read whole wherever that can be.
      await inner`set local enable_seqscan = off`
      const explained = [
        await inner`explain select count(*) from conversations where created_at >= ${since}`,
        await inner`explain select count(*) from handoffs where created_at >= ${since}`,
        await inner`explain select id from messages
          where role = 'assistant' and status = 'complete' and sources = '[]' and created_at >= ${since}`,
      ]
      return explained.map(rows => rows.map(row => row['QUERY PLAN']).join('\n'))
    })
    for (const [index, name] of ['conversations_created', 'handoffs_created', 'messages_unsourced'].entries())
      expect(plans[index]).toContain(name)
  })
})

test('how much there is of everything: accounts, providers by type, conversations in which something was said', async () => {
  const system = () => get<SystemStatistics>('/admin/statistics/system')
  const before = await system()
  await hire(server, 'Cora', 'user')
  await converse(await server.connect(), 'Do you sell lamps?')
  // Opened, and nothing said.
  await (await server.connect()).ask('conversation:open', { new: true, key: newId() })
  const provider = { name: 'Claude', provider_type: 'anthropic', api_key: 'k', scope: 'organization' }
  await server.http('POST', '/providers', provider, owner)
  const after = await system()
  expect(after).toEqual({
    time_zone: zone,
    users: {
      total: before.users.total + 1,
      active: before.users.active + 1,
      new_this_month: before.users.new_this_month + 1,
    },
    providers: {
      total: 1,
      organization: 1,
      personal: 0,
      by_type: { openai: 0, azure: 0, anthropic: 1, ollama: 0, custom: 0 },
    },
    conversations: {
      total: before.conversations.total + 1,
      today: before.conversations.today + 1,
      this_week: before.conversations.this_week + 1,
    },
    usage: { currency: null, total_tokens: 0, total_cost: 0, this_month_tokens: 0, this_month_cost: 0 },
  })
})
