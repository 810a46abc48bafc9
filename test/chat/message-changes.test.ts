import { beforeAll, describe, expect, test } from 'vitest'
import type { Message } from '#protocol'
import { becomes, key, people, quick, say } from '../fixtures/handoff.ts'
import { code, startServer, type TestClient, type TestServer } from '../fixtures/harness.ts'
import { hire } from '../fixtures/staff.ts'

let server: TestServer
let lead: Awaited<ReturnType<typeof agent>>
let ann: Awaited<ReturnType<typeof agent>>
beforeAll(async () => {
  server = await startServer({ handoffTimeoutS: 3600 }, { handoff: quick })
  lead = await agent('Lea', 'admin')
  ann = await agent('Ann')
})
const { agent, visitor, served } = people(() => server)

const retract = ({ id }: Message, by = ann.client) => by.call('message:retract', { message_id: id })
const edit = ({ id }: Message, content: string, by = ann.client) =>
  by.call('message:edit', { message_id: id, content })
const redact = ({ id }: Message, by = lead.client) => by.call('message:redact', { message_id: id })

/** Law D4: what is replayed from the beginning adds up to what is read anew. */
async function readTwice(client: TestClient, conversation_id: string): Promise<Message[]> {
  const { messages } = await client.ask('conversation:open', { conversation_id })
  const { events } = await client.ask('conversation:open', { conversation_id, since_seq: 0 })
  expect(events.map(({ seq }) => seq)).toEqual(events.map((_, index) => index + 1))
  const replayed = new Map<string, Message>()
  for (const { payload } of events as { payload: { message?: Message } }[])
    if (payload.message) replayed.set(payload.message.id, payload.message)
  expect([...replayed.values()].sort((a, b) => a.seq - b.seq)).toEqual(messages)
  return messages
}

/** Every row of every table, as text. */
async function dump(): Promise<string> {
  const { sql } = server.app.database
  const tables = await sql<{ name: string }[]>`
    select table_name as name from information_schema.tables where table_schema = 'public' and table_type = 'BASE TABLE'`
  const rows = await Promise.all(
    tables.map(({ name }) => sql`select row_to_json(t)::text as row from ${sql(name)} t`),
  )
  return rows
    .flat()
    .map(({ row }) => row)
    .join('\n')
}

/** What a client was told from now on. */
const since = (client: TestClient) => {
  const before = client.received.length
  return () => client.received.slice(before)
}

describe('taking back', () => {
  test('laws D3, D4: within ten seconds nothing of it is left: not in the log, not in a replay, not in any table', async () => {
    const { client, id } = await served(ann.client)
    const { message } = await say(ann.client, id, 'Sorry, wrong windowquokka')
    await client.until('message:created', event => event.message.id === message.id)
    const { message: retracted } = await ann.client.ask('message:retract', { message_id: message.id })
    expect(retracted).toMatchObject({ content: '', removed: 'retracted', seq: message.seq })
    const updated = await client.until('message:updated', event => event.message.id === message.id)
    expect(updated.message).toMatchObject({ content: '', attachments: [], removed: 'retracted' })
    for (const reader of [client, ann.client, lead.client]) {
      const messages = await readTwice(reader, id)
      expect(messages.find(one => one.id === message.id)).toMatchObject({ content: '', removed: 'retracted' })
    }
    expect(await dump()).not.toContain('windowquokka')
    // Once more is the same, and changes nothing.
    const { seq } = await ann.client.ask('conversation:open', { conversation_id: id })
    expect((await ann.client.ask('message:retract', { message_id: message.id })).message).toEqual(retracted)
    expect((await ann.client.ask('conversation:open', { conversation_id: id })).seq).toBe(seq)
    expect(code(await edit(message, 'But still'))).toBe('CONFLICT')
  })

  test('takes its files along', async () => {
    const { client, id } = await served(ann.client)
    const form = new FormData()
    form.append('file', new Blob(['Prices of somebody else']), 'prices.txt')
    const { reply } = await server.http('POST', '/upload', form, ann.token)
    const { upload_id } = (reply as any).data
    const input = { conversation_id: id, key: key(), content: '', attachments: [upload_id] }
    const { message } = await ann.client.ask('message:send', input)
    const headers = { authorization: `Bearer ${client.token}` }
    const download = () => fetch(`${server.url}/api/v1/uploads/${upload_id}`, { headers })
    expect((await download()).status).toBe(200)
    await ann.client.ask('message:retract', { message_id: message.id })
    expect((await download()).status).toBe(404)
  })

  test('laws O1b, S6: only one’s own, only now, only while one has the conversation', async () => {
    const { client, id, handoff } = await served(ann.client)
    const { message } = await say(ann.client, id, 'Hello')
    const { message: asked } = await say(client, id, 'Hello?')
    expect(code(await retract(asked))).toBe('CONFLICT')
    expect(await retract(message, lead.client)).toMatchObject({
      error: { code: 'CONFLICT', details: { owner: { agent_id: ann.id } } },
    })
    expect(code(await retract(message, client))).toBe('NOT_FOUND')
    expect(code(await ann.client.call('message:retract', { message_id: key() }))).toBe('NOT_FOUND')
    const { sql } = server.app.database
    await sql`update messages set created_at = now() - interval '13 seconds' where id = ${message.id}`
    expect(await retract(message)).toMatchObject({
      error: { code: 'CONFLICT', details: { created_at: expect.any(String) } },
    })
    await sql`update messages set created_at = ${message.created_at} where id = ${message.id}`
    const { message: later } = await say(ann.client, id, 'Bye')
    await ann.client.ask('handoff:complete', { handoff_id: handoff.id, key: key() })
    await becomes(client, 'resolved')
    expect(code(await retract(later))).toBe('CONFLICT')
    const messages = await readTwice(client, id)
    expect(messages.filter(({ removed }) => removed)).toEqual([])
  })

  test('what was taken back was no answer: who waits for a first word still does', async () => {
    const before = await lead.client.ask('handoff:statistics', { days: 1 })
    const { id } = await served(ann.client)
    const { message } = await say(ann.client, id, 'Oops')
    await ann.client.ask('message:retract', { message_id: message.id })
    const after = await lead.client.ask('handoff:statistics', { days: 1 })
    expect(after.first_response.count).toBe(before.first_response.count)
  })
})

describe('correcting', () => {
  test('laws D3, D4: is told with the time of it, and replayed so; the same words again change nothing', async () => {
    const { client, id } = await served(ann.client)
    const { message } = await say(ann.client, id, 'We open at ten.')
    expect(message.edited_at).toBeNull()
    const { message: edited } = await ann.client.ask('message:edit', {
      message_id: message.id,
      content: 'We open at nine.',
    })
    expect(edited).toMatchObject({
      content: 'We open at nine.',
      edited_at: expect.any(String),
      removed: null,
    })
    const updated = await client.until('message:updated', event => event.message.id === message.id)
    expect(updated.message).toMatchObject({ content: 'We open at nine.', edited_at: edited.edited_at })
    const { seq } = updated
    expect(
      (await ann.client.ask('message:edit', { message_id: message.id, content: edited.content })).message,
    ).toEqual(edited)
    const messages = await readTwice(client, id)
    expect(messages.find(one => one.id === message.id)).toMatchObject({ content: 'We open at nine.' })
    expect((await client.ask('conversation:open', { conversation_id: id })).seq).toBe(seq)
    const search = async (query: string) =>
      (await lead.client.ask('conversation:search', { query })).items.filter(
        ({ conversation }) => conversation.id === id,
      ).length
    await expect.poll(() => search('nine')).toBe(1)
    expect(await search('ten')).toBe(0)
  })

  test('laws O1b, S6: what is empty, too long, a colleague’s or the visitor’s is refused, and nothing is changed', async () => {
    const { client, id } = await served(ann.client)
    const { message } = await say(ann.client, id, 'Hello')
    const { message: asked } = await say(client, id, 'Hello?')
    expect(code(await edit(message, ' '))).toBe('VALIDATION_ERROR')
    expect(code(await edit(message, 'x'.repeat(8001)))).toBe('VALIDATION_ERROR')
    expect(code(await edit(message, 'Mine', lead.client))).toBe('CONFLICT')
    expect(code(await edit(asked, 'I mean'))).toBe('CONFLICT')
    expect(code(await edit(message, 'Mine', client))).toBe('NOT_FOUND')
    const messages = await readTwice(client, id)
    expect(messages.filter(({ edited_at }) => edited_at)).toEqual([])
  })
})

describe('removing for good', () => {
  test('laws D4, S5: nothing of the words is left in any table or replay; that and by whom it was done is', async () => {
    const user = await hire(server, 'Uma', 'user')
    const client = await server.connect({ token: user.token })
    await client.ask('memory:configure', { enabled: true })
    const { conversation } = await client.ask('conversation:open', { new: true, key: key(), language: 'en' })
    const { id } = conversation
    const { message } = await say(client, id, 'I live in Zanzibarquokka. My card is 4111')
    await client.until('message:updated', event => event.message.in_reply_to === message.id)
    const memories = async () => (await client.ask('memory:list', {})).items.length
    await expect.poll(memories).toBe(1)
    const found = async () =>
      (await lead.client.ask('conversation:search', { query: 'zanzibarquokka' })).items.length
    await expect.poll(found).toBeGreaterThan(0)
    const { handoff } = await client.ask('handoff:request', {
      conversation_id: id,
      key: key(),
      reason: 'About Zanzibarquokka',
    })
    await ann.client.ask('handoff:accept', { handoff_id: handoff.id, key: key() })
    await client.ask('message:feedback', { message_id: (await answerOf(client, id)).id, rating: 1 })
    await server.http('POST', `/conversations/${id}/transcript`, { email: 'uma@mail.example' }, client.token)
    expect(await dump()).toContain('anzibarquokka')

    const receivedSince = since(client)
    const { message: redacted } = await lead.client.ask('message:redact', { message_id: message.id })
    expect(redacted).toMatchObject({ content: '', removed: 'redacted', role: 'user' })
    await client.until('message:updated', event => event.message.removed === 'redacted')
    expect(JSON.stringify(receivedSince())).not.toContain('anzibarquokka')
    await expect.poll(found).toBe(0)
    expect(await memories()).toBe(0)
    expect(await dump()).not.toMatch(/zanzibarquokka/i)
    for (const reader of [client, lead.client]) await readTwice(reader, id)
    const [mail] = await server.app.database.sql`select body from outbox where conversation_id = ${id}`
    expect(mail?.body ?? null).toBeNull()

    const rows = await server.app.database.sql`
      select action, actor_id, before from audit where subject = ${message.id}`
    expect(rows).toEqual([
      { action: 'message:redact', actor_id: lead.id, before: { conversation_id: id, role: 'user' } },
    ])
    // Once more is the same, and no second row.
    expect((await lead.client.ask('message:redact', { message_id: message.id })).message).toEqual(redacted)
    expect(
      await server.app.database.sql`select 1 as one from audit where subject = ${message.id}`,
    ).toHaveLength(1)
  })

  test('laws S2, S6: is for administrators; what is still written, or never was, is refused', async () => {
    const { client, id } = await visitor()
    const { message } = await say(client, id, 'Hello')
    await client.until('message:updated', event => event.message.in_reply_to === message.id)
    expect(code(await redact(message, ann.client))).toBe('FORBIDDEN')
    expect(code(await redact(message, client))).toBe('NOT_FOUND')
    expect(code(await lead.client.call('message:redact', { message_id: key() }))).toBe('NOT_FOUND')
    const { reply } = await server.http('POST', `/admin/messages/${message.id}/redact`, {}, lead.token)
    expect(reply).toMatchObject({ data: { message: { removed: 'redacted' } } })
  })
})

async function answerOf(client: TestClient, conversation_id: string): Promise<Message> {
  const { messages } = await client.ask('conversation:open', { conversation_id })
  return messages.find(({ role }) => role === 'assistant')!
}
