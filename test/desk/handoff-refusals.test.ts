import { beforeAll, describe, expect, test } from 'vitest'
import { becomes, key, people, quick } from '../fixtures/handoff.ts'
import { code, startServer, type TestClient, type TestServer } from '../fixtures/harness.ts'

let server: TestServer
beforeAll(async () => {
  server = await startServer({}, { handoff: quick })
})

const { agent, visitor, waiting, served } = people(() => server)

describe('what is not allowed says the present state and changes nothing', () => {
  /** The whole of a conversation, to be compared with later. */
  const log = async (client: TestClient, id: string) =>
    (await client.ask('conversation:open', { conversation_id: id, since_seq: 0 })).events

  test('law O3: every operation in every state', async () => {
    const ann = await agent()
    const states = {
      none: async () => ({ ...(await visitor()), handoff: null }),
      pending: waiting,
      active: () => served(ann.client),
      resolved: async () => {
        const made = await served(ann.client)
        await ann.client.ask('handoff:complete', { handoff_id: made.handoff.id, key: key() })
        return made
      },
      cancelled: async () => {
        const made = await waiting()
        await made.client.ask('handoff:cancel', { conversation_id: made.id })
        return made
      },
    }
    const operations = {
      request: ({ client, id }: any) => client.call('handoff:request', { conversation_id: id, key: key() }),
      cancel: ({ client, id }: any) => client.call('handoff:cancel', { conversation_id: id }),
      accept: ({ handoff }: any) => ann.client.call('handoff:accept', { handoff_id: handoff.id, key: key() }),
      complete: ({ handoff }: any) =>
        ann.client.call('handoff:complete', { handoff_id: handoff.id, key: key() }),
      release: ({ handoff }: any) =>
        ann.client.call('handoff:release', { handoff_id: handoff.id, key: key() }),
      transfer: ({ handoff }: any) =>
        ann.client.call('handoff:release', { handoff_id: handoff.id, key: key(), to: ann.id }),
    }
    const seen: Record<string, Record<string, string>> = {}
    for (const [state, make] of Object.entries(states)) {
      seen[state] = {}
      for (const [name, run] of Object.entries(operations)) {
        const made = await make()
        if (!made.handoff && !['request', 'cancel'].includes(name)) continue
        const before = await log(made.client, made.id)
        const reply = await run(made)
        seen[state][name] = reply.success ? reply.data.handoff.status : reply.error.code
        if (reply.success) continue
        expect(reply.error.details.handoff?.status ?? 'none').toBe(state)
        expect(await log(made.client, made.id)).toEqual(before)
      }
    }
    const refused = { accept: 'CONFLICT', complete: 'CONFLICT', release: 'CONFLICT', transfer: 'CONFLICT' }
    expect(seen).toEqual({
      none: { request: 'pending', cancel: 'CONFLICT' },
      pending: { ...refused, request: 'pending', cancel: 'cancelled', accept: 'active' },
      active: {
        request: 'active',
        cancel: 'resolved',
        // One's own again: nothing to do.
        accept: 'active',
        complete: 'resolved',
        release: 'pending',
        transfer: 'active',
      },
      resolved: { ...refused, request: 'pending', cancel: 'resolved' },
      cancelled: { ...refused, request: 'pending', cancel: 'cancelled' },
    })
  }, 60_000)

  test('somebody else’s, unknown ones, a visitor on the desk, a note of 400 KB', async () => {
    const [ann, bob] = [await agent('Ann'), await agent('Bob')]
    const { client, id, handoff } = await served(ann.client)
    const before = await log(client, id)
    const foreign = await bob.client.call('handoff:complete', { handoff_id: handoff.id, key: key() })
    expect(foreign).toMatchObject({
      success: false,
      error: { code: 'CONFLICT', details: { handoff: { status: 'active', agent: { name: 'Ann' } } } },
    })
    expect(
      code(await bob.client.call('message:send', { conversation_id: id, key: key(), content: 'Hi' })),
    ).toBe('CONFLICT')
    expect(code(await bob.client.call('handoff:accept', { handoff_id: key(), key: key() }))).toBe('NOT_FOUND')
    expect(code(await bob.client.call('handoff:accept', { handoff_id: 'x', key: key() }))).toBe(
      'VALIDATION_ERROR',
    )
    const input = { handoff_id: handoff.id, key: key() }
    expect(code(await ann.client.call('handoff:release', { ...input, to: key() }))).toBe('NOT_FOUND')
    expect(code(await ann.client.call('handoff:release', { ...input, to: 'nowhere' as 'ai' }))).toBe(
      'VALIDATION_ERROR',
    )
    expect(code(await ann.client.call('handoff:release', { ...input, to: `team:${key()}` }))).toBe(
      'NOT_FOUND',
    )
    const visitorOnDesk = await client.call('handoff:accept', { handoff_id: handoff.id, key: key() })
    expect(['FORBIDDEN', 'NOT_FOUND']).toContain(code(visitorOnDesk))
    const overHttp = await server.http('POST', `/admin/handoff/${handoff.id}/complete`, {}, client.token)
    expect([overHttp.status, code(overHttp.reply)]).toEqual([403, 'FORBIDDEN'])
    const long = 'x'.repeat(400_000)
    expect(code(await ann.client.call('note:add', { conversation_id: id, key: key(), content: long }))).toBe(
      'VALIDATION_ERROR',
    )
    expect(code(await ann.client.call('handoff:complete', { ...input, note: long }))).toBe('VALIDATION_ERROR')
    const stranger = await server.connect()
    for (const name of ['handoff:get', 'handoff:cancel'] as const)
      expect(code(await stranger.call(name, { conversation_id: id }))).toBe('CONVERSATION_NOT_FOUND')
    expect(code(await stranger.call('handoff:request', { conversation_id: id, key: key() }))).toBe(
      'CONVERSATION_NOT_FOUND',
    )
    expect(await log(client, id)).toEqual(before)
  })

  test('law D2: the same key answers with the first result, and with another input CONFLICT', async () => {
    const ann = await agent()
    const { client, id, handoff } = await waiting()
    const accept = { handoff_id: handoff.id, key: key() }
    const first = await ann.client.ask('handoff:accept', accept)
    await ann.client.ask('handoff:complete', { handoff_id: handoff.id, key: key() })
    expect(await ann.client.ask('handoff:accept', accept)).toEqual(first)
    expect(code(await ann.client.call('handoff:complete', { ...accept, note: 'other' }))).toBe('CONFLICT')
    await becomes(client, 'resolved')
    const { events } = await client.ask('conversation:open', { conversation_id: id, since_seq: 0 })
    expect(events.filter(event => event.event === 'handoff:changed')).toHaveLength(3)
  })
})
