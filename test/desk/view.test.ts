import { beforeAll, describe, expect, test } from 'vitest'
import type { ViewName } from '#protocol/desk/view'
import { key, people, quick, say } from '../fixtures/handoff.ts'
import { code, startServer, type TestClient, type TestServer } from '../fixtures/harness.ts'

let server: TestServer
let lead: Awaited<ReturnType<typeof agent>>
beforeAll(async () => {
  server = await startServer({ handoffTimeoutS: 3600 }, { handoff: quick })
  lead = await agent('Lea', 'admin')
})
const { agent, visitor, waiting, served } = people(() => server)

const idsOf = async (client: TestClient, view: ViewName) =>
  (await client.ask('view:list', { view, limit: 200 })).items.map(({ conversation }) => conversation.id)

/** A visitor whom the AI has answered. */
async function answered() {
  const { client, id } = await visitor()
  const { message } = await say(client, id, 'Hello there')
  await client.until('message:updated', event => event.message.in_reply_to === message.id)
  return { client, id }
}

describe('views of the desk', () => {
  test('each shows what is its own, with counts, and a conversation moves between them', async () => {
    const [ann, bob] = [await agent('Ann'), await agent('Bob')]
    const { team } = await lead.client.ask('team:save', { name: key(), members: [ann.id, bob.id] })
    await lead.client.ask('handoff:configure', { visibility: 'all' })
    const ai = await answered()
    const queued = await waiting()
    const mine = await served(ann.client)
    const colleague = await served(bob.client)
    const over = await served(bob.client)
    await bob.client.ask('handoff:complete', { handoff_id: over.handoff.id, key: key() })
    const all = [ai, queued, mine, colleague, over].map(({ id }) => id)
    const shown = async (view: ViewName) =>
      (await idsOf(ann.client, view)).filter(id => all.includes(id)).sort()
    const expected: Record<ViewName, string[]> = {
      waiting: [queued.id],
      mine: [mine.id],
      team: [mine.id, colleague.id],
      snoozed: [],
      ai: [ai.id, over.id],
      all,
      ended: [over.id],
    }
    for (const [view, ids] of Object.entries(expected) as [ViewName, string[]][]) {
      expect(await shown(view), view).toEqual(ids.sort())
      const { counts } = await ann.client.ask('view:counts', {})
      expect(counts[view], view).toBe((await idsOf(ann.client, view)).length)
    }
    const { items } = await ann.client.ask('view:list', { view: 'ai' })
    expect(items.find(({ conversation }) => conversation.id === ai.id)).toMatchObject({
      conversation: { mode: 'ai' },
      handoff: null,
      preview: 'Hello there',
    })
    await ann.client.ask('handoff:take', { conversation_id: ai.id, key: key() })
    expect(await shown('ai')).toEqual([over.id])
    expect(await shown('mine')).toEqual([ai.id, mine.id].sort())
    const { reply } = await server.http('GET', '/admin/views/mine?limit=10', undefined, ann.token)
    expect((reply as any).data.items).toHaveLength(2)
    await lead.client.ask('handoff:configure', { visibility: 'handed_over' })
    await lead.client.ask('team:delete', { team_id: team.id })
  })

  test('pages by a cursor: everything once, in one order, whatever comes meanwhile', async () => {
    const { sql } = server.app.database
    await sql`
      insert into people (id, role) select gen_random_uuid(), 'visitor' from generate_series(1, 230)`
    await sql`
      insert into conversations (id, person_id, language, updated_at)
      select gen_random_uuid(), id, 'en', now() - (row_number() over ()) * interval '3 minutes' from people
      where role = 'visitor' and id not in (select person_id from conversations)`
    const before = new Set(await idsOf(lead.client, 'all'))
    const seen: string[] = []
    let cursor: string | undefined
    do {
      const page = await lead.client.ask('view:list', { view: 'all', limit: 37, cursor })
      seen.push(...page.items.map(({ conversation }) => conversation.id))
      cursor = page.next_cursor ?? undefined
      await visitor()
    } while (cursor)
    expect(new Set(seen).size).toBe(seen.length)
    expect([...before].filter(id => !seen.includes(id))).toEqual([])
    expect(seen.length).toBeGreaterThan(230)
    await waiting()
    await waiting()
    const first = await lead.client.ask('view:list', { view: 'waiting', limit: 1 })
    const second = await lead.client.ask('view:list', {
      view: 'waiting',
      limit: 1,
      cursor: first.next_cursor!,
    })
    expect(second.items[0]!.conversation.id).not.toBe(first.items[0]!.conversation.id)
    for (const wrong of ['', 'x', '|2026-13-45T99:99Z|x', `${first.next_cursor}0`])
      expect(code(await lead.client.call('view:list', { view: 'all', cursor: wrong })), wrong).toBe(
        'VALIDATION_ERROR',
      )
  })

  test('law O1b: nobody is shown in a view what they may not open; numbers and addresses are for who serves it', async () => {
    const ann = await agent('Ann')
    const { id, client } = await answered()
    await say(client, id, 'My number is +49 170 1234567')
    expect(await idsOf(ann.client, 'all')).not.toContain(id)
    expect(await idsOf(ann.client, 'ai')).not.toContain(id)
    await lead.client.ask('handoff:configure', { visibility: 'all' })
    const { items } = await ann.client.ask('view:list', { view: 'ai' })
    const item = items.find(({ conversation }) => conversation.id === id)!
    expect(item.preview).not.toContain('1234567')
    await lead.client.ask('handoff:configure', { visibility: 'handed_over' })
  })

  test('desks are told that something has changed, and many changes are one word', async () => {
    const { client, id } = await answered()
    const countChanges = () => lead.client.received.filter(({ event }) => event === 'view:changed').length
    lead.client.received.length = 0
    const rounds = 60
    await Promise.all(
      Array.from({ length: rounds }, () =>
        client.ask('conversation:update', { conversation_id: id, title: key() }),
      ),
    )
    await lead.client.until('view:changed')
    expect(countChanges()).toBeLessThan(rounds / 4)
    lead.client.received.length = 0
    await say(client, id, 'One more')
    await lead.client.until('view:changed')
  })

  test('watching costs the visitor nothing: the answer is read as it is written, and nobody is shown typing or reading', async () => {
    const { client, id } = await visitor()
    await lead.client.ask('conversation:open', { conversation_id: id })
    const { message } = await say(client, id, 'How do I return a lamp?')
    const { message: answer } = await client.until(
      'message:updated',
      event => event.message.in_reply_to === message.id,
    )
    await lead.client.until('message:updated', event => event.message.id === answer.id)
    const deltas = (of: TestClient) =>
      of.received
        .filter(({ event, payload }) => event === 'reply:delta' && payload.message_id === answer.id)
        .map(({ payload }) => payload.text)
        .join('')
    expect(deltas(lead.client)).toBe(deltas(client))
    expect(deltas(lead.client)).toBe(answer.content)
    await lead.client.ask('message:read', { conversation_id: id, seq: answer.seq })
    expect(code(await lead.client.call('typing:set', { conversation_id: id, typing: true }))).toBe('CONFLICT')
    await client.ask('conversation:update', { conversation_id: id, title: 'After' })
    await client.until('conversation:updated')
    expect(
      client.received.filter(({ event }) => event === 'typing:changed' || event === 'message:seen'),
    ).toEqual([])
    const { read } = await client.ask('conversation:open', { conversation_id: id })
    expect(Object.keys(read)).not.toContain(lead.id)
  })
})
