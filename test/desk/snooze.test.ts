import { beforeAll, describe, expect, test } from 'vitest'
import type { Conversation } from '#protocol'
import type { ViewName } from '#protocol/desk/view'
import { becomes, key, people, quick, say } from '../fixtures/handoff.ts'
import { code, startServer, type TestClient, type TestServer } from '../fixtures/harness.ts'

let server: TestServer
let lead: Awaited<ReturnType<typeof agent>>
let ann: Awaited<ReturnType<typeof agent>>
beforeAll(async () => {
  server = await startServer({ handoffTimeoutS: 3600 }, { handoff: quick })
  lead = await agent('Lea', 'admin')
  ann = await agent('Ann')
})
const { agent, visitor, waiting, served } = people(() => server)

const soon = (ms: number) => new Date(Date.now() + ms).toISOString()
const snooze = (conversation_id: string, until: string | null, by = ann.client) =>
  by.call('conversation:snooze', { conversation_id, until })
const idsIn = async (view: ViewName, by = ann.client) =>
  (await by.ask('view:list', { view, limit: 200 })).items.map(({ conversation }) => conversation.id)
const read = async (client: TestClient, conversation_id: string): Promise<Conversation> =>
  (await client.ask('conversation:open', { conversation_id })).conversation

/** Law D4: what the events add up to is what is read anew. */
async function replayed(client: TestClient, conversation_id: string) {
  const { events, conversation } = await client.ask('conversation:open', { conversation_id, since_seq: 0 })
  let snoozed: Conversation['snoozed'] = null
  for (const { event, payload } of events as { event: string; payload: { conversation?: Conversation } }[]) {
    if (event === 'handoff:changed') snoozed = null
    if (payload.conversation) snoozed = payload.conversation.snoozed
  }
  expect(snoozed).toEqual(conversation.snoozed)
  return conversation.snoozed
}

describe('a conversation that rests', () => {
  test('law D4: leaves the list of its agent until the visitor writes, who is not told; each is told once', async () => {
    const { client, id } = await served(ann.client)
    expect(await idsIn('mine')).toContain(id)
    const received = client.received.length
    const { conversation } = await ann.client.ask('conversation:snooze', { conversation_id: id, until: null })
    expect(conversation.snoozed).toEqual({ at: expect.any(String), until: null })
    expect(await replayed(ann.client, id)).toEqual(conversation.snoozed)
    expect([await idsIn('mine'), await idsIn('snoozed')].map(ids => ids.includes(id))).toEqual([false, true])
    expect((await ann.client.ask('view:counts', {})).counts.snoozed).toBeGreaterThan(0)
    // The same again changes nothing.
    await snooze(id, null)
    expect((await read(ann.client, id)).seq).toBe(conversation.seq)
    await client.until('conversation:updated', event => event.seq === conversation.seq)
    expect(JSON.stringify(client.received.slice(received))).not.toContain('"at":')
    expect((await read(client, id)).snoozed).toBeNull()

    const { message } = await say(client, id, 'I have found the number.')
    const back = await ann.client.until('conversation:updated', event => event.seq === message.seq + 1)
    expect(back.conversation.snoozed).toBeNull()
    expect(await replayed(ann.client, id)).toBeNull()
    expect([await idsIn('mine'), await idsIn('snoozed')].map(ids => ids.includes(id))).toEqual([true, false])
  })

  test('is back at its time by itself, or taken up before', async () => {
    const { id } = await served(ann.client)
    await ann.client.ask('conversation:snooze', { conversation_id: id, until: soon(1500) })
    const back = await ann.client.until(
      'conversation:updated',
      event => event.conversation_id === id && event.conversation.snoozed === null,
    )
    expect(back.conversation.mode).toBe('human')
    expect(await replayed(ann.client, id)).toBeNull()
    await ann.client.ask('conversation:snooze', { conversation_id: id, until: soon(3_600_000) })
    const { conversation } = await ann.client.ask('conversation:unsnooze', { conversation_id: id })
    expect(conversation.snoozed).toBeNull()
    expect(await idsIn('mine')).toContain(id)
  })

  test('law O2: stays with an agent who has left until it is back; then somebody else has it', async () => {
    const bob = await agent('Bob')
    const { client, id } = await served(bob.client)
    const other = await served(bob.client)
    await bob.client.ask('conversation:snooze', { conversation_id: id, until: null })
    bob.client.socket.disconnect()
    await becomes(other.client, 'pending')
    expect((await read(lead.client, id)).mode).toBe('human')
    await say(client, id, 'Hello again')
    await becomes(client, 'pending')
    expect((await read(lead.client, id)).snoozed).toBeNull()
  })

  test('ends with its talk, and with its owner', async () => {
    const { id, handoff } = await served(ann.client)
    await snooze(id, soon(60_000))
    await ann.client.ask('handoff:complete', { handoff_id: handoff.id, key: key() })
    expect(await replayed(lead.client, id)).toBeNull()
    expect(await idsIn('snoozed', lead.client)).not.toContain(id)
  })

  test('laws O1b, S5, S6: by who has it or an administrator, audited; else a typed error, nothing changed', async () => {
    const { client, id } = await served(ann.client)
    const cid = await agent('Cid')
    expect(code(await snooze(id, null, cid.client))).toBe('CONFLICT')
    expect(code(await snooze(id, null, client))).toBe('NOT_FOUND')
    expect(code(await snooze(id, 'tomorrow'))).toBe('VALIDATION_ERROR')
    expect(code(await snooze(id, soon(-1000)))).toBe('VALIDATION_ERROR')
    expect(code(await snooze(id, soon(1000 * 86_400_000)))).toBe('VALIDATION_ERROR')
    const queued = await waiting()
    expect(code(await snooze(queued.id, null, lead.client))).toBe('CONFLICT')
    const ai = await visitor()
    expect(code(await snooze(ai.id, null, lead.client))).toBe('CONFLICT')
    for (const one of [id, queued.id, ai.id]) expect((await read(lead.client, one)).snoozed).toBeNull()
    expect(code(await snooze(id, null, lead.client))).toBe('ok')
    const rows = await server.app.database.sql`
      select action, actor_id from audit where subject = ${id} and action like 'conversation:%snooze'`
    expect(rows).toEqual([{ action: 'conversation:snooze', actor_id: lead.id }])
  })
})

describe('reopening', () => {
  test('law O1b: a closed conversation is opened again by who may see it, and taken over then', async () => {
    const { client, id, handoff } = await served(ann.client)
    await ann.client.ask('conversation:update', { conversation_id: id, status: 'closed' })
    expect((await read(client, id)).status).toBe('closed')
    expect(code(await ann.client.call('handoff:take', { conversation_id: id, key: key() }))).toBe('CONFLICT')
    const { conversation } = await ann.client.ask('conversation:reopen', { conversation_id: id })
    expect(conversation.status).toBe('open')
    const again = await ann.client.ask('handoff:take', { conversation_id: id, key: key() })
    expect(again.handoff).toMatchObject({ status: 'active', agent: { id: ann.id } })
    expect(again.handoff.id).not.toBe(handoff.id)
    await say(ann.client, id, 'One thing more.')
    await client.until('message:created', event => event.message.content === 'One thing more.')
    expect(code(await lead.client.call('conversation:reopen', { conversation_id: id }))).toBe('CONFLICT')
    expect(code(await client.call('conversation:reopen', { conversation_id: id }))).toBe('NOT_FOUND')
  })
})
