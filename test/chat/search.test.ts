import { beforeAll, describe, expect, test } from 'vitest'
import type { OperationInput } from '#protocol'
import { messageSearchStorage } from '#storage/chat/message-search'
import { readTerms } from '../../server/areas/chat/conversation/search-terms.ts'
import { newId } from '../../server/core/ids.ts'
import { key, people, say } from '../fixtures/handoff.ts'
import { code, startServer, type TestServer } from '../fixtures/harness.ts'
import { hire } from '../fixtures/staff.ts'

let server: TestServer
let lead: Awaited<ReturnType<typeof agent>>
beforeAll(async () => {
  server = await startServer({ handoffTimeoutS: 3600 })
  lead = await agent('Lea', 'admin')
})
const { agent, visitor, served } = people(() => server)

type Query = OperationInput<'conversation:search'>
const search = (query: string, more: Partial<Query> = {}, desk = lead.client) =>
  desk.ask('conversation:search', { query, ...more })

/** What was said is in the index a moment after it was committed. */
async function found(query: string, more: Partial<Query> = {}) {
  await expect
    .poll(async () => (await search(query, more)).items.length, { timeout: 15_000 })
    .toBeGreaterThan(0)
  return (await search(query, more)).items
}

/** A conversation as it would have been stored then. */
async function past(at: number, contents: string[], person = { id: newId(), name: null as string | null }) {
  const { sql } = server.app.database
  const [id, time] = [newId(), new Date(at).toISOString()]
  await sql`insert into people (id, role, name) values (${person.id}, 'visitor', ${person.name}) on conflict do nothing`
  await sql`
    insert into conversations (id, person_id, language, created_at, updated_at)
    values (${id}, ${person.id}, 'en', ${time}, ${time})`
  for (const [index, content] of contents.entries()) {
    const hex = (at + index).toString(16).padStart(12, '0')
    const row = {
      id: `${hex.slice(0, 8)}-${hex.slice(8)}-7${newId().slice(15)}`,
      conversation_id: id,
      seq: index + 1,
      role: 'user',
      content,
      status: 'complete',
      epoch: 0,
      created_at: time,
      updated_at: time,
    }
    await sql`insert into messages ${sql(row)}`
  }
  return id
}

/** What was stored before there was a search, from the newest back: as every node does a minute after another began it. */
async function readPast() {
  const { sql } = server.app.database
  await sql`delete from message_terms_backfill`
  await sql`insert into message_terms_backfill values ('ffffffff-ffff-ffff-ffff-ffffffffffff')`
  const { backfill } = messageSearchStorage(server.app.database)
  while (await backfill(readTerms));
}

describe('search over what was said', () => {
  test('English by its stems, Chinese by any two signs, traditional too; the words are marked where they stand', async () => {
    const first = await visitor()
    await say(first.client, first.id, 'I returned the flamingo lamps, order A-1234!')
    const second = await visitor('zh')
    await say(second.client, second.id, '请问火烈鸟台灯怎么退货？')
    const cases: [query: string, id: string, marked: string[]][] = [
      ['returning flamingos', first.id, ['returned', 'flamingo']],
      ['A1234', first.id, ['A-1234']],
      ['退货', second.id, ['退货']],
      ['烈鸟 台灯', second.id, ['烈鸟台灯']],
      ['臺燈', second.id, ['台灯']],
    ]
    for (const [query, id, marked] of cases) {
      const items = await found(query)
      const item = items.find(
        ({ conversation, message }) => conversation.id === id && message?.role === 'user',
      )!
      expect(item, query).toBeDefined()
      expect(
        item.highlights.map(({ start, end }) => item.message!.content.slice(start, end)),
        query,
      ).toEqual(marked)
      expect(
        items.every(({ conversation }) => conversation.id === id),
        query,
      ).toBe(true)
    }
    for (const nothing of ['flamingo 退货', 'zeppelin', '的', '!?', 'the'])
      expect((await search(nothing)).items, nothing).toEqual([])
  })

  test('what has the words as they were typed comes first, then the newest; pages end, and each is found once', async () => {
    const day = 86_400_000
    const at = Date.now() - 40 * day
    await past(
      at,
      Array.from({ length: 70 }, (_, index) => `A quokka and a red kettle, number ${index}`),
    )
    const exact = await past(at - day, ['Where is my red quokka?'])
    await readPast()
    const items = await found('red quokka')
    expect(items[0]!.conversation.id).toBe(exact)
    expect(items[1]!.message!.content).toContain('number 69')
    const seen: string[] = []
    let cursor: string | undefined
    do {
      const page = await search('red quokka', { cursor, limit: 30 })
      seen.push(...page.items.map(({ message }) => message!.id))
      cursor = page.next_cursor ?? undefined
    } while (cursor)
    expect(seen).toHaveLength(71)
    expect(new Set(seen).size).toBe(71)
    const to = new Date(at - day / 2).toISOString()
    expect(
      (await search('red quokka', { filters: { to } })).items.map(({ conversation }) => conversation.id),
    ).toEqual([exact])
    expect((await search('red quokka', { filters: { from: to }, limit: 50 })).items).toHaveLength(50)
    expect(
      (await search('red quokka', { filters: { from: '0001-01-01T00:00:00Z', to: '9999-01-01T00:00:00Z' } }))
        .items,
    ).toHaveLength(20)
  })

  test('by the visitor’s name, a tag, who has it and whether it is open: each alone and together, within what one sees', async () => {
    const ann = await agent('Ann')
    const uma = await hire(server, 'Umafilter', 'user')
    const client = await server.connect({ token: uma.token })
    const { conversation } = await client.ask('conversation:open', { new: true, key: key(), language: 'en' })
    await say(client, conversation.id, 'My pangolin is unhappy')
    const other = await visitor()
    await say(other.client, other.id, 'My pangolin is happy')
    await expect.poll(async () => (await search('pangolin')).items.length).toBe(2)
    const { handoff } = await client.ask('handoff:request', { conversation_id: conversation.id, key: key() })
    await ann.client.ask('handoff:accept', { handoff_id: handoff.id, key: key() })
    const filtered = async (filters: Query['filters']) =>
      (await search('pangolin', { filters })).items.map(item => item.conversation.id)
    const first = [conversation.id]
    expect(await filtered({ person: 'umaf' })).toEqual(first)
    expect(await filtered({ person: 'maf' })).toEqual([])
    expect(await filtered({ mode: 'human' })).toEqual(first)
    expect(await filtered({ mode: 'ai' })).toEqual([other.id])
    expect(await filtered({ agent_id: ann.id })).toEqual(first)
    expect(await filtered({ tag: 'pets' })).toEqual([])
    await ann.client.ask('handoff:complete', { handoff_id: handoff.id, key: key(), tags: ['pets', 'vip'] })
    expect(await filtered({ tag: 'pets' })).toEqual(first)
    expect(await filtered({ tag: 'pet' })).toEqual([])
    expect(await filtered({ status: 'closed' })).toEqual([])
    expect(await filtered({ status: 'open', mode: 'ai', tag: 'vip', person: 'Uma' })).toEqual(first)
    for (const filters of [
      { tag: ' ' },
      { tag: 'x'.repeat(41) },
      { mode: 'robot' },
      { person: 'x'.repeat(101) },
    ])
      expect(code(await lead.client.call('conversation:search', { query: 'x', filters } as Query))).toBe(
        'VALIDATION_ERROR',
      )
  })

  test('a word that everybody says is found among the newest, a rare one wherever it is', async () => {
    const at = Date.now() - 20 * 86_400_000
    await past(at, [
      'The narwhal is here',
      ...Array.from({ length: 300 }, (_, index) => `Something about the parcel ${index}`),
    ])
    await readPast()
    expect((await found('parcel'))[0]!.message!.content).toBe('Something about the parcel 299')
    expect((await found('narwhal')).map(({ message }) => message!.content)).toEqual(['The narwhal is here'])
  })

  test('law O1b: nobody finds what they may not open; by whom an agent served; numbers are for who serves it', async () => {
    const [ann, bob] = [await agent('Ann'), await agent('Bob')]
    const mine = await served(ann.client)
    await say(mine.client, mine.id, 'My axolotl has the number 4111 1111 1111 1111')
    const quiet = await visitor()
    await say(quiet.client, quiet.id, 'An axolotl for myself')
    await expect
      .poll(async () => (await search('axolotl')).items.length, { timeout: 15_000 })
      .toBeGreaterThanOrEqual(2)
    const of = async (desk: typeof ann) => (await search('axolotl', {}, desk.client)).items
    expect((await of(ann)).map(({ conversation }) => conversation.id)).toEqual([mine.id])
    expect((await of(ann))[0]!.message!.content).toContain('4111')
    expect((await of(bob))[0]!.message!.content).not.toContain('4111 1111 1111')
    await lead.client.ask('handoff:configure', { visibility: 'own' })
    expect(await of(bob)).toEqual([])
    expect((await of(ann)).map(({ conversation }) => conversation.id)).toEqual([mine.id])
    await lead.client.ask('handoff:configure', { visibility: 'handed_over' })
    const { items } = await search('axolotl', { filters: { agent_id: ann.id } })
    expect(items.map(({ conversation }) => conversation.id)).toEqual([mine.id])
  })

  test('people by the beginning of their name; and a deleted conversation leaves no words', async () => {
    const { sql } = server.app.database
    const id = await past(Date.now() - 1000, ['Good day, a capybara'], { id: newId(), name: 'Zoë Quill' })
    const { items } = await search('zoë q')
    expect(items).toMatchObject([
      { conversation: { id, visitor: { name: 'Zoë Quill' } }, message: null, highlights: [] },
    ])
    await readPast()
    await found('capybara')
    await lead.client.ask('conversation:delete', { conversation_id: id })
    expect((await search('capybara')).items).toEqual([])
    expect(await sql`select 1 from message_terms where conversation_id = ${id}`).toHaveLength(0)
  })

  test('law S6: what is no query, no time or no cursor is refused by name', async () => {
    const wrong = [
      { query: '' },
      { query: 'x'.repeat(201) },
      { query: 'x', cursor: 'x' },
      { query: 'x', filters: { from: 'yesterday' } },
      { query: 'x', limit: 1000 },
    ]
    for (const input of wrong)
      expect(
        code(await lead.client.call('conversation:search', input as Query)),
        JSON.stringify(input).slice(0, 60),
      ).toBe('VALIDATION_ERROR')
    const { client } = await visitor()
    expect((await client.ask('conversation:search', { query: 'x' })).items).toEqual([])
  })
})
