import { beforeAll, expect, test } from 'vitest'
import { newId } from '../../server/core/ids.ts'
import { factsStorage } from '../../storage/desk/facts.ts'
import { key, people, quick } from '../fixtures/handoff.ts'
import { code, startServer, type TestClient, type TestServer } from '../fixtures/harness.ts'

let server: TestServer
let lead: TestClient
beforeAll(async () => {
  server = await startServer({}, { handoff: quick })
  lead = (await agent('Lea', 'admin')).client
})
const { agent } = people(() => server)

/** Somebody asked for a person, and was served for five minutes from two minutes later. */
async function served(created_at: string): Promise<void> {
  const { sql } = server.app.database
  const [person_id, id] = [newId(), newId()]
  const later = (minutes: number) => new Date(Date.parse(created_at) + minutes * 60_000).toISOString()
  await sql`insert into people (id, role) values (${person_id}, 'visitor')`
  await sql`
    insert into conversations (id, person_id, language, epoch, created_at, updated_at)
    values (${id}, ${person_id}, 'en', 2, ${created_at}, ${created_at})`
  await sql`insert into handoffs ${sql({
    id: newId(),
    conversation_id: id,
    status: 'resolved',
    cause: 'request',
    priority: 1,
    created_at,
    queued_at: created_at,
    first_accepted_at: later(2),
    accepted_at: later(2),
    ended_at: later(7),
  } as never)}`
}

test('figures from one day to another, by hand: whole days of the zone, and nothing beside them', async () => {
  await lead.ask('handoff:configure', { time_zone: 'Europe/Berlin' })
  // The clocks of Berlin went back on 25 October 2026: that day has 25 hours.
  for (const at of [
    '2026-10-23T21:59:59.000Z', // 23 October
    '2026-10-23T22:00:00.000Z', // 24 October
    '2026-10-24T21:59:59.000Z', // 24 October
    '2026-10-24T22:00:00.000Z', // 25 October
    '2026-10-25T22:59:59.000Z', // 25 October
    '2026-10-25T23:00:00.000Z', // 26 October
  ])
    await served(at)
  // As after an update: counted from the conversations themselves, until that is kept.
  const { database } = server.app
  await database.sql`
    insert into desk_facts_backfill
    select 'ffffffff-ffff-ffff-ffff-ffffffffffff' where not exists (select 1 from desk_facts_backfill)`
  const read = (from: string, to: string) => lead.ask('handoff:statistics', { from, to })
  const perDay = async (from: string, to: string) =>
    (await read(from, to)).days.map(day => [day.date, day.conversations, day.resolved])
  expect(await perDay('2026-10-23', '2026-10-26')).toEqual([
    ['2026-10-23', 1, 1],
    ['2026-10-24', 2, 2],
    ['2026-10-25', 2, 2],
    ['2026-10-26', 1, 1],
  ])
  expect(await perDay('2026-10-24', '2026-10-25')).toEqual([
    ['2026-10-24', 2, 2],
    ['2026-10-25', 2, 2],
  ])
  const range = await read('2026-10-24', '2026-10-25')
  expect(range).toMatchObject({
    conversations: 4,
    handed_over: 4,
    requests: 4,
    wait: { count: 4, median_ms: 120_000 },
    resolution: { count: 4, median_ms: 420_000 },
  })
  expect(await perDay('2026-10-22', '2026-10-22')).toEqual([['2026-10-22', 0, 0]])
  // The same from what is kept of them as from themselves.
  const storage = factsStorage(database)
  const isLeft = async () => (await database.sql`select 1 from desk_facts_backfill`).length > 0
  while (await isLeft()) await storage.backfillFacts(() => false)
  expect({ ...(await read('2026-10-24', '2026-10-25')), now: null }).toEqual({ ...range, now: null })
})

test('a range that is none is refused: backwards, half, a thousand years, no day', async () => {
  const call = (input: object) => lead.call('handoff:statistics', input)
  for (const input of [
    { from: '2026-10-25', to: '2026-10-24' },
    { from: '2026-10-25' },
    { to: '2026-10-25' },
    { from: '1026-10-25', to: '2026-10-25' },
    { from: '2025-10-25', to: '2026-10-26' },
    { from: '2026-02-30', to: '2026-03-01' },
    { from: key(), to: '2026-10-24' },
  ])
    expect([input, code(await call(input))]).toEqual([input, 'VALIDATION_ERROR'])
  expect((await lead.ask('handoff:statistics', { from: '2025-10-26', to: '2026-10-26' })).days).toHaveLength(
    366,
  )
})
