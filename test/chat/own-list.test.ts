import { beforeAll, describe, expect, test } from 'vitest'
import { titleOf } from '../../server/areas/chat/conversation/own-list.ts'
import { key, people, say } from '../fixtures/handoff.ts'
import { code, startServer, type TestClient, type TestServer } from '../fixtures/harness.ts'

let server: TestServer
beforeAll(async () => {
  server = await startServer({ handoffTimeoutS: 3600 })
})
const { agent } = people(() => server)

async function begin(client: TestClient, content: string) {
  const { conversation } = await client.ask('conversation:open', { new: true, key: key(), auto_title: true })
  await say(client, conversation.id, content)
  return conversation.id as string
}

const listed = async (client: TestClient, filter: object = {}) =>
  (await client.ask('conversation:list', filter)).items.map(({ title }: { title: string | null }) => title)

describe('the own list of conversations', () => {
  test('law D3: the first question gives the title in the change that says it; a later one, and a chosen title, do not', async () => {
    const ada = await server.connect()
    const id = await begin(ada, 'How heavy is the **desk lamp**? I want to hang it up.')
    const { events } = await ada.ask('conversation:open', { conversation_id: id, since_seq: 0 })
    expect(events.map(({ seq }: { seq: number }) => seq)).toEqual(
      events.map((_: unknown, index: number) => index + 1),
    )
    expect(events[1]).toMatchObject({
      event: 'conversation:updated',
      payload: { conversation: { title: 'How heavy is the desk lamp?' } },
    })
    await say(ada, id, 'And the floor lamp?')
    expect(await listed(ada)).toEqual(['How heavy is the desk lamp?'])
    const chosen = await ada.ask('conversation:open', { new: true, key: key(), auto_title: true })
    await ada.ask('conversation:update', { conversation_id: chosen.conversation.id, title: 'Mine' })
    await say(ada, chosen.conversation.id, 'Is there another one?')
    const { conversation } = await ada.ask('conversation:open', { conversation_id: chosen.conversation.id })
    expect(conversation.title).toBe('Mine')
  })

  test('is pinned, tagged and archived; a question brings it back from the archive', async () => {
    const ada = await server.connect()
    const [lamp, desk] = [await begin(ada, 'A lamp for the hall?'), await begin(ada, 'A desk for two?')]
    const update = (conversation_id: string, changes: object) =>
      ada.ask('conversation:update', { conversation_id, ...changes })
    await update(lamp, { pinned: true, tags: ['home', ' home', 'light'] })
    await update(desk, { archived: true })
    expect(await listed(ada, { pinned: true })).toEqual(['A lamp for the hall?'])
    expect(await listed(ada, { archived: true })).toEqual(['A desk for two?'])
    expect(await listed(ada, { archived: false, tag: 'light' })).toEqual(['A lamp for the hall?'])
    expect(await listed(ada, { tag: 'dark' })).toEqual([])
    const { conversation } = await ada.ask('conversation:open', { conversation_id: lamp })
    expect(conversation).toMatchObject({ pinned: true, archived: false, tags: ['home', 'light'] })
    await say(ada, desk, 'And for three?')
    expect(await listed(ada, { archived: true })).toEqual([])
  })

  test('law S2: it is for whose it is alone: staff neither see nor change it, and choose no model there', async () => {
    const lea = await agent('Lea', 'admin')
    const ada = await server.connect()
    const id = await begin(ada, 'May I pay later?')
    await ada.ask('conversation:update', { conversation_id: id, tags: ['money'], pinned: true })
    const { conversation } = await lea.client.ask('conversation:open', { conversation_id: id })
    expect(conversation).not.toHaveProperty('tags')
    expect(conversation).not.toHaveProperty('pinned')
    for (const change of [{ pinned: false }, { tags: [] }, { archived: true }, { provider_id: null }]) {
      const reply = await lea.client.call('conversation:update', { conversation_id: id, ...change })
      expect(code(reply)).toBe('VALIDATION_ERROR')
    }
    const provider_id = crypto.randomUUID()
    const reply = await ada.call('conversation:update', { conversation_id: id, provider_id })
    expect(code(reply)).toBe('PROVIDER_NOT_ACCESSIBLE')
  })

  test('law S2: search finds titles and texts of the own conversations, and nobody else’s', async () => {
    const [ada, ben] = [await server.connect(), await server.connect()]
    const id = await begin(ada, 'Does the walnut sideboard come assembled?')
    await begin(ben, 'Is the walnut sideboard heavy?')
    await ada.ask('conversation:update', { conversation_id: id, title: 'Furniture for the hall' })
    const search = (client: TestClient, query: string) => client.ask('conversation:search', { query })
    await expect.poll(async () => (await search(ada, 'walnut')).items.length, { timeout: 15_000 }).toBe(1)
    const [found] = (await search(ada, 'walnut')).items
    expect(found).toMatchObject({
      conversation: { id, title: 'Furniture for the hall' },
      highlights: [{ start: 9, end: 15 }],
    })
    const [titled] = (await search(ada, 'niture for')).items
    expect(titled).toMatchObject({ conversation: { id }, message: null })
    expect((await search(ben, 'Furniture')).items).toEqual([])
    // A percent sign is one.
    expect((await search(ada, '%')).items).toEqual([])
  })
})

test.each([
  ['Hi', 'Hi'],
  ['Hello. I would like to know more.', 'Hello. I would like to know more'],
  ['这个台灯有多重？我想挂起来。', '这个台灯有多重？'],
  ['# Plan\n\n- first', 'Plan - first'],
  [`${'word '.repeat(30)}`, 'word word word word word word word word word word word…'],
  [`${'长'.repeat(100)}`, `${'长'.repeat(59)}…`],
])('a title of %j', (content, title) => {
  expect(titleOf({ content, attachments: [] })).toBe(title)
})
