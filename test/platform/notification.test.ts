import { beforeAll, describe, expect, test } from 'vitest'
import { key, people, quick } from '../fixtures/handoff.ts'
import { startServer, type TestServer } from '../fixtures/harness.ts'

let server: TestServer
beforeAll(async () => {
  server = await startServer({}, { handoff: quick })
})

const { agent, visitor, waiting } = people(() => server)

describe('a mention in a note', () => {
  test('reaches whom it names, at once and later, once, and is read by them alone', async () => {
    const [ann, ben, bento] = [await agent('Ann'), await agent('Ben'), await agent('Bento')]
    const { id: conversation_id } = await waiting()
    const note = { conversation_id, key: key(), content: 'For @Bento and @Ann: ask again' }
    await ann.client.ask('note:add', note)
    await ann.client.ask('note:add', note)
    const { notification } = await bento.client.until('notification:created')
    expect(notification).toMatchObject({
      kind: 'mention',
      conversation_id,
      author: { id: ann.id, name: 'Ann' },
      text: note.content,
      read_at: null,
    })
    const listed = await bento.client.ask('notification:list', {})
    expect(listed).toMatchObject({ items: [notification], unread: 1, pagination: { total: 1 } })
    // Not the one whose name the other begins with, and not who wrote it.
    for (const other of [ann, ben]) {
      expect(await other.client.ask('notification:list', {})).toMatchObject({ items: [], unread: 0 })
      expect(other.client.received.some(({ event }) => event === 'notification:created')).toBe(false)
    }
    const ids = { notification_ids: [notification.id] }
    expect(await ben.client.ask('notification:read', ids)).toEqual({ unread: 0 })
    expect((await bento.client.ask('notification:list', { unread: true })).items).toHaveLength(1)
    expect(await bento.client.ask('notification:read', ids)).toEqual({ unread: 0 })
    expect((await bento.client.ask('notification:list', { unread: true })).items).toEqual([])
    expect((await bento.client.ask('notification:list', {})).items).toMatchObject([
      { id: notification.id, read_at: expect.any(String) },
    ])
  })

  test('law O1b: tells nobody of a conversation that they may not read; and is gone with it', async () => {
    const [cid, lead] = [await agent('Cid'), await agent('Lead', 'admin')]
    const other = await agent('Lea', 'admin')
    const { client, id: conversation_id } = await visitor()
    await client.ask('message:send', { conversation_id, key: key(), content: 'Hello' })
    await lead.client.ask('note:add', { conversation_id, key: key(), content: '@Cid @Lea look' })
    await other.client.until('notification:created')
    expect((await cid.client.ask('notification:list', {})).items).toEqual([])
    await client.ask('conversation:delete', { conversation_id })
    expect((await other.client.ask('notification:list', {})).items).toEqual([])
  })
})
