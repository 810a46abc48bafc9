import { beforeAll, describe, expect, test, vi } from 'vitest'
import { smallTalkIn } from '../../server/answering/retrieval/question/small-talk.ts'
import { newId } from '../../server/core/ids.ts'
import { lastDays } from '../../server/core/time-zone.ts'
import { factsStorage, type JudgeOutcome } from '../../storage/desk/facts.ts'
import { key, people, quick, say } from '../fixtures/handoff.ts'
import { startServer, type TestServer } from '../fixtures/harness.ts'

let server: TestServer
beforeAll(async () => {
  server = await startServer({}, { handoff: quick })
})
const { agent, waiting, served } = people(() => server)

const configure = async (change: object) => {
  const { reply } = await server.http('PUT', '/admin/handoff/settings', change, await server.signIn())
  expect(reply.success).toBe(true)
}
const readFigures = async (days: number, token: string) => {
  const { reply } = await server.http('GET', `/admin/handoff/statistics?days=${days}`, undefined, token)
  if (!reply.success) throw new Error(reply.error.code)
  return reply.data
}

/** Counted from the messages, and again from what is kept of them: as after an update, and after a rebuild. */
const figures = async (days = 7) => {
  const { database } = server.app
  const token = await server.signIn()
  await database.sql`
    insert into desk_facts_backfill
    select 'ffffffff-ffff-ffff-ffff-ffffffffffff' where not exists (select 1 from desk_facts_backfill)`
  const counted = await readFigures(days, token)
  const storage = factsStorage(database)
  const isResolved: JudgeOutcome = ({ asked_after }) =>
    asked_after?.every(text => smallTalkIn(text) !== null) ?? false
  const isLeft = async () => (await database.sql`select 1 from desk_facts_backfill`).length > 0
  while (await isLeft()) await storage.backfillFacts(isResolved)
  const stored = await readFigures(days, token)
  expect({ ...stored, now: null }).toEqual({ ...counted, now: null })
  return stored
}
const minutes = (count: number) => count * 60_000

/** Written as they would have been at those times. */
function past() {
  const { sql } = server.app.database
  const iso = (at: number) => new Date(at).toISOString()

  async function conversation(at: number, epoch = 0) {
    const [person_id, id] = [newId(), newId()]
    await sql`insert into people (id, role) values (${person_id}, 'visitor')`
    await sql`
      insert into conversations (id, person_id, language, epoch, created_at, updated_at)
      values (${id}, ${person_id}, 'en', ${epoch}, ${iso(at)}, ${iso(at)})`
    let seq = 0
    async function message(role: string, content: string, after: number, fields: object = {}) {
      const row = {
        id: newId(),
        conversation_id: id,
        seq: ++seq,
        role,
        content,
        status: 'complete',
        epoch: 0,
        created_at: iso(at + after),
        updated_at: iso(at + after),
        ...fields,
      }
      await sql`insert into messages ${sql(row)}`
      return row.id
    }
    /** A question and its answer. */
    async function turn(question: string, fields: object = {}) {
      const in_reply_to = await message('user', question, seq * 1000)
      await message('assistant', 'So it is.', seq * 1000, { in_reply_to, ...fields })
    }
    const handoff = (fields: object) => sql`
      insert into handoffs ${sql({
        id: newId(),
        conversation_id: id,
        cause: 'request',
        priority: 1,
        created_at: iso(at),
        queued_at: iso(at),
        ...fields,
      } as never)}`
    return { id, message, turn, handoff }
  }
  return { iso, conversation, sourced: { sources: sql.json([{ number: 1, title: 'A' }] as never) } }
}

describe('C4: the figures, by hand', () => {
  test('C4: a day of the desk is a day where the desk is, also when its clock is put forward or back', async () => {
    const at = Date.now()
    const { conversation } = past()
    for (const zone of ['Pacific/Auckland', 'America/Los_Angeles', 'Asia/Kolkata', 'UTC']) {
      await configure({ time_zone: zone })
      const dateOf = (time: number) => new Intl.DateTimeFormat('en-CA', { timeZone: zone }).format(time)
      const before = await figures()
      expect(before.time_zone).toBe(zone)
      const times = [0, 5, 11, 17, 23, 40, 70].map(hours => at - minutes(60 * hours))
      for (const time of times) await (await conversation(time)).message('user', 'Hello', 0)
      const after = await figures()
      expect(after.days.map(({ date }: any) => date)).toEqual(
        [6, 5, 4, 3, 2, 1, 0].map(days => dateOf(at - minutes(1440 * days))),
      )
      for (const [index, { date, conversations }] of after.days.entries())
        expect([date, conversations - before.days[index].conversations]).toEqual([
          date,
          times.filter(time => dateOf(time) === date).length,
        ])
    }
    // 23 and 25 hours long.
    const spans = (zone: string, noon: string) =>
      lastDays(zone, 3, Date.parse(noon)).map(({ start }, index, all) =>
        index > 0 ? (start - all[index - 1]!.start) / 3_600_000 : 0,
      )
    expect(spans('Europe/Berlin', '2026-03-30T12:00:00Z')).toEqual([0, 24, 23])
    expect(spans('Europe/Berlin', '2026-10-26T12:00:00Z')).toEqual([0, 24, 25])
    await configure({ time_zone: null })
  })

  test('C4: what one conversation comes to is counted once: never more handed over than there were', async () => {
    const { conversation, iso } = past()
    const at = Date.now() - minutes(120)
    const before = await figures()
    const twice = await conversation(at, 4)
    await twice.handoff({ status: 'timeout', ended_at: iso(at + minutes(5)) })
    await twice.handoff({ status: 'cancelled', ended_at: iso(at + minutes(9)) })
    await conversation(at) // opened, and not a word said
    const early = await conversation(at - minutes(1440 * 30), 2)
    await early.handoff({ status: 'timeout', created_at: iso(at), queued_at: iso(at), ended_at: iso(at) })
    const after = await figures()
    const grown = (name: string) => after[name] - before[name]
    expect(['conversations', 'handed_over', 'requests', 'missed', 'cancelled'].map(grown)).toEqual([
      1, 1, 3, 2, 1,
    ])
    for (const { conversations, handed_over } of after.days)
      expect(handed_over).toBeLessThanOrEqual(conversations)
  })

  test('C4: from the first request to the first word, whoever has it then; a transfer and a deleted conversation change nothing', async () => {
    const { conversation, iso } = past()
    const { sql } = server.app.database
    await sql`delete from handoffs`
    const at = Date.now() - minutes(200)
    const moved = await conversation(at, 3)
    await moved.message('agent', 'Good day', minutes(3.5))
    await moved.handoff({
      status: 'resolved',
      first_accepted_at: iso(at + minutes(1)),
      accepted_at: iso(at + minutes(40)),
      ended_at: iso(at + minutes(60)),
    })
    const expected = {
      wait: { count: 1, median_ms: minutes(1), p90_ms: minutes(1) },
      first_response: { count: 1, median_ms: minutes(3.5), p90_ms: minutes(3.5) },
      resolution: { count: 1, median_ms: minutes(60), p90_ms: minutes(60) },
    }
    expect(await figures()).toMatchObject(expected)
    await sql`delete from conversations where id = ${moved.id}`
    expect(await figures()).toMatchObject(expected)
    const silent = await conversation(at, 2)
    await silent.handoff({
      status: 'resolved',
      first_accepted_at: iso(at),
      accepted_at: iso(at),
      ended_at: iso(at),
    })
    expect((await figures()).first_response.count).toBe(1)
  })

  test('C4: law D3: a node that reckons the database’s clock a little early or late counts a talk all the same', async () => {
    const ann = await agent('Ann')
    const now = performance.now.bind(performance)
    for (const skewMs of [400, -400]) {
      const before = await figures()
      const { id, handoff } = await served(ann.client)
      const skewed = vi.spyOn(performance, 'now').mockImplementation(() => now() + skewMs)
      const { message } = await say(ann.client, id, 'Done.')
      skewed.mockRestore()
      const { handoff: ended } = await ann.client.ask('handoff:complete', {
        handoff_id: handoff.id,
        key: key(),
      })
      expect(message.created_at >= handoff.accepted_at!).toBe(true)
      expect(ended.ended_at! >= message.created_at).toBe(true)
      expect((await figures()).first_response.count).toBe(before.first_response.count + 1)
    }
  })

  test('C4: resolved by the AI: with a source, whole, not called unhelpful, and courtesies do not count against it', async () => {
    const { conversation, sourced } = past()
    const at = Date.now() - minutes(30)
    const before = await figures()
    const stories: [isResolved: boolean, turns: [string, object?][]][] = [
      [true, [['How much is the lamp?', sourced]]],
      [true, [['How much is the lamp?', sourced], ['Thank you!']]],
      [true, [['Hello'], ['How much is it?', sourced], ['Thanks'], ['Bye']]],
      [false, [['How much is the lamp?']]],
      [false, [['How much is the lamp?', sourced], ['And does it float?']]],
      [
        false,
        [
          ['How much is the lamp?', sourced],
          ['And the other?', { status: 'failed' }],
        ],
      ],
      [false, [['How much is the lamp?', { ...sourced, feedback: -1 }]]],
      [false, [['How much is the lamp?', { ...sourced, status: 'stopped' }]]],
      [false, [['Hello']]],
    ]
    for (const [, turns] of stories) {
      const { turn } = await conversation(at)
      for (const [question, fields] of turns) await turn(question, fields)
    }
    const after = await figures()
    expect(after.resolved_by_ai - before.resolved_by_ai).toBe(
      stories.filter(([isResolved]) => isResolved).length,
    )
    expect(after.conversations - before.conversations).toBe(stories.length)
  })
})

describe('C4: warnings', () => {
  test('C4: the first response is due until somebody says something: taking it is no word; the mark outlives a reload and ends with the word', async () => {
    await configure({ sla: { first_response_s: 1, next_response_s: 60, only_in_hours: false } })
    const ann = await agent('Ann')
    const { client, id, handoff } = await served(ann.client)
    const passed = await ann.client.until('sla:passed', event => event.handoff.id === handoff.id)
    expect(passed).toMatchObject({ clock: 'first_response', since: handoff.created_at })
    const listed = async () => {
      const { items } = await ann.client.ask('queue:list', { handoff_ids: [handoff.id] })
      return items[0]!.overdue
    }
    expect(await listed()).toEqual(['first_response'])
    const { handoff: seen } = await client.ask('handoff:get', { conversation_id: id })
    expect(seen!.overdue).toEqual([])
    await say(ann.client, id, 'I am here.')
    await expect.poll(listed).toEqual([])
    await client.ask('handoff:cancel', { conversation_id: id })
  })

  test('C4: a further response is due from the visitor’s words, whoever has it meanwhile', async () => {
    await configure({ sla: { first_response_s: 60, next_response_s: 2, only_in_hours: false } })
    const [ann, bob] = [await agent('Ann'), await agent('Bob')]
    const { client, id, handoff } = await served(ann.client)
    await say(ann.client, id, 'Yes?')
    const { message } = await say(client, id, 'Where is my parcel?')
    await ann.client.ask('handoff:release', { handoff_id: handoff.id, key: key(), to: bob.id })
    const passed = await bob.client.until('sla:passed', event => event.handoff.id === handoff.id)
    expect(passed).toMatchObject({ clock: 'next_response', since: message.created_at })
    // Back in the queue it is still the same wait.
    await bob.client.ask('handoff:release', { handoff_id: handoff.id, key: key(), to: 'queue' })
    const { items } = await bob.client.ask('queue:list', { handoff_ids: [handoff.id] })
    expect(items[0]).toMatchObject({
      status: 'pending',
      overdue: ['next_response'],
      created_at: handoff.created_at,
    })
    await client.ask('handoff:cancel', { conversation_id: id })
  })
})

test('C6: whoever was angry comes first, however a person is asked for', async () => {
  const ann = await agent('Ann')
  const priorityOf = async (id: string) => {
    const { items } = await ann.client.ask('queue:list', { status: 'pending', page_size: 100 })
    return items.find(({ conversation_id }) => conversation_id === id)?.priority
  }
  async function angry() {
    const client = await server.connect()
    const { conversation } = await client.ask('conversation:open', { new: true, key: key(), language: 'en' })
    const { message } = await say(client, conversation.id, 'This is useless, I am furious')
    await client.until('message:updated', event => event.message.in_reply_to === message.id)
    await client.until('message:created', event => event.message.action === 'handoff')
    return { client, id: conversation.id }
  }
  const pressed = await angry()
  await pressed.client.ask('handoff:request', { conversation_id: pressed.id, key: key() })
  expect(await priorityOf(pressed.id)).toBe('high')
  const spoken = await angry()
  await say(spoken.client, spoken.id, 'Then let me talk to a human')
  await spoken.client.until('handoff:changed')
  expect(await priorityOf(spoken.id)).toBe('high')
  // Anger that a person has answered is over.
  const { items } = await ann.client.ask('queue:list', { handoff_ids: [] })
  expect(items).toEqual([])
  const { handoff } = await pressed.client.ask('handoff:get', { conversation_id: pressed.id })
  await ann.client.ask('handoff:accept', { handoff_id: handoff!.id, key: key() })
  await say(ann.client, pressed.id, 'I am sorry.')
  await ann.client.ask('handoff:complete', { handoff_id: handoff!.id, key: key() })
  await pressed.client.ask('handoff:request', { conversation_id: pressed.id, key: key() })
  expect(await priorityOf(pressed.id)).toBe('normal')
  const calm = await waiting()
  expect(await priorityOf(calm.id)).toBe('normal')
})

test('C9: who only looks on is not shown as typing or as having read', async () => {
  const [ann, bob] = [await agent('Ann'), await agent('Bob')]
  const lead = await agent('Lea', 'admin')
  const { client, id } = await served(ann.client)
  await say(client, id, 'Hello?')
  const { seq } = await bob.client.ask('conversation:open', { conversation_id: id })
  for (const { client: onlooker } of [bob, lead]) {
    await onlooker.ask('conversation:open', { conversation_id: id })
    expect(await onlooker.call('typing:set', { conversation_id: id, typing: true })).toMatchObject({
      error: { code: 'CONFLICT' },
    })
    await onlooker.ask('message:read', { conversation_id: id, seq })
    await ann.client.until('message:seen', event => event.conversation_id === id)
  }
  // What Ann does comes after it, and is all that the visitor is told.
  await ann.client.ask('typing:set', { conversation_id: id, typing: true })
  await client.until('typing:changed')
  await ann.client.ask('message:read', { conversation_id: id, seq })
  await client.until('message:seen')
  const events = client.received.filter(({ event }) => event === 'typing:changed' || event === 'message:seen')
  expect(events.map(({ event, payload }) => [event, payload.author?.id ?? payload.by])).toEqual([
    ['typing:changed', ann.id],
    ['message:seen', ann.id],
  ])
  const { read } = await client.ask('conversation:open', { conversation_id: id })
  expect(Object.keys(read)).not.toContain(bob.id)
  await client.ask('handoff:cancel', { conversation_id: id })
})
