import { beforeAll, describe, expect, test } from 'vitest'
import { code, converse, startServer, type TestServer } from '../fixtures/harness.ts'

let server: TestServer
beforeAll(async () => {
  server = await startServer()
})

describe('a conversation', () => {
  test('is kept: the same visitor finds it again by its token', async () => {
    const first = await server.connect()
    const { conversation } = await converse(first, 'Do you ship to Norway?')
    const second = await server.connect({ token: first.token })
    const opened = await second.ask('conversation:open', {})
    expect(opened.conversation.id).toBe(conversation.id)
    expect(opened.snapshot).toBe(true)
    expect(opened.messages.map(message => [message.role, message.seq])).toEqual([
      ['user', 1],
      ['assistant', 2],
    ])
    expect(opened.seq).toBe(3)
  })

  test('opened by several tabs at once is one, and each hears it once', async () => {
    const first = await server.connect()
    const others = await Promise.all([1, 2, 3].map(() => server.connect({ token: first.token })))
    const tabs = [first, ...others]
    const opened = await Promise.all(tabs.map(client => client.ask('conversation:open', {})))
    const ids = new Set(opened.map(({ conversation }) => conversation.id))
    expect(ids.size).toBe(1)
    const [conversation_id] = ids
    await first.ask('message:send', { conversation_id: conversation_id!, key: 'm', content: 'Hello?' })
    for (const tab of tabs) {
      await tab.until('message:updated', ({ message }) => message.role === 'assistant')
      const made = tab.received.filter(({ event }) => event === 'message:created')
      expect(made.map(({ payload }) => payload.seq)).toEqual([1, 2])
    }
  })

  test('law D2: `new` with the same key is the same conversation, with another input a CONFLICT', async () => {
    const client = await server.connect()
    const one = await client.ask('conversation:open', { new: true, key: 'k1', language: 'zh' })
    const again = await client.ask('conversation:open', { new: true, key: 'k1', language: 'zh' })
    expect(again.conversation.id).toBe(one.conversation.id)
    expect(one.conversation.language).toBe('zh')
    expect(code(await client.call('conversation:open', { new: true, key: 'k1', language: 'en' }))).toBe(
      'CONFLICT',
    )
    const other = await client.ask('conversation:open', { new: true, key: 'k2' })
    expect(other.conversation.id).not.toBe(one.conversation.id)
    expect(code(await client.call('conversation:open', { new: true }))).toBe('VALIDATION_ERROR')
  })

  test('law D1: what was acknowledged is read back by another connection', async () => {
    const client = await server.connect()
    const { conversation } = await client.ask('conversation:open', { new: true, key: 'n' })
    const { message } = await client.ask('message:send', {
      conversation_id: conversation.id,
      key: 'm',
      content: '你好 👋',
    })
    const other = await server.connect({ token: client.token })
    const { messages } = await other.ask('conversation:history', { conversation_id: conversation.id })
    expect(messages[0]).toEqual(message)
    expect(message).toMatchObject({
      role: 'user',
      content: '你好 👋',
      status: 'complete',
      key: 'm',
      usage: null,
    })
  })

  test('law D2: a repeat answers with the first result; another input under the key is refused', async () => {
    const client = await server.connect()
    const { conversation } = await client.ask('conversation:open', { new: true, key: 'n' })
    const sent = { conversation_id: conversation.id, key: 'once', content: 'One' }
    const replies = await Promise.all(Array.from({ length: 10 }, () => client.ask('message:send', sent)))
    expect(new Set(replies.map(reply => reply.message.id)).size).toBe(1)
    expect(code(await client.call('message:send', { ...sent, content: 'Two' }))).toBe('CONFLICT')
    const { messages } = await client.ask('conversation:history', { conversation_id: conversation.id })
    expect(messages.filter(message => message.role === 'user')).toHaveLength(1)
  })

  test('law D3: seq is gap-free and one order for every reader, under concurrent writers', async () => {
    const client = await server.connect()
    const tab = await server.connect({ token: client.token })
    const { conversation } = await client.ask('conversation:open', { new: true, key: 'n' })
    await tab.ask('conversation:open', { conversation_id: conversation.id })
    const sends = Array.from({ length: 24 }, (_, index) =>
      (index % 2 ? client : tab).ask('message:send', {
        conversation_id: conversation.id,
        key: `k${index}`,
        content: `Message ${index}`,
      }),
    )
    const updates = Array.from({ length: 10 }, (_, index) =>
      client.ask('conversation:update', { conversation_id: conversation.id, title: `Title ${index}` }),
    )
    await Promise.all([...sends, ...updates])
    // Little follows the last question's answer.
    const newest = Math.max(...(await Promise.all(sends)).map(reply => reply.message.seq))
    const { messages } = await client.ask('conversation:history', {
      conversation_id: conversation.id,
      limit: 100,
    })
    const last = messages.find(message => message.seq === newest)!
    await client.until('message:updated', event => event.message.in_reply_to === last.id)
    const replay = await client.ask('conversation:open', { conversation_id: conversation.id, since_seq: 0 })
    const order = replay.events.map(event => event.seq)
    expect(order).toEqual(Array.from({ length: replay.seq }, (_, index) => index + 1))
    for (const reader of [client, tab]) {
      await reader.until(replay.events.at(-1)!.event as 'message:updated', event => event.seq === replay.seq)
      const seen = reader.received.filter(
        ({ event, payload: { seq } }) => seq !== undefined && seq <= replay.seq && event !== 'message:seen',
      )
      expect(seen.map(entry => entry.payload.seq)).toEqual(order)
      expect(seen.map(entry => entry.event)).toEqual(replay.events.map(event => event.event))
      expect(seen.map(entry => entry.payload)).toEqual(replay.events.map(event => event.payload))
    }
  })

  test('law D4: since_seq gives exactly what came after it, or a snapshot when that is beyond the log', async () => {
    const client = await server.connect()
    const { conversation } = await converse(client, 'Hello')
    const missed = await client.ask('conversation:open', { conversation_id: conversation.id, since_seq: 2 })
    expect(missed.events.map(event => [event.seq, event.event])).toEqual([[3, 'message:updated']])
    expect(missed).toMatchObject({ messages: [], snapshot: false, seq: 3 })
    const nothing = await client.ask('conversation:open', { conversation_id: conversation.id, since_seq: 3 })
    expect(nothing).toMatchObject({ events: [], messages: [], snapshot: false, seq: 3 })
    const beyond = await client.ask('conversation:open', { conversation_id: conversation.id, since_seq: 99 })
    expect(beyond).toMatchObject({ events: [], snapshot: true, seq: 3 })
    expect(beyond.messages).toHaveLength(2)
  })

  test('is paged backwards by seq', async () => {
    const client = await server.connect()
    const { conversation } = await client.ask('conversation:open', { new: true, key: 'n' })
    const sent = []
    for (let index = 0; index < 6; index++) {
      const { message } = await client.ask('message:send', {
        conversation_id: conversation.id,
        key: `k${index}`,
        content: `${index}`,
      })
      sent.push(message)
      await client.until('message:updated', event => event.message.in_reply_to === message.id)
    }
    const newest = await client.ask('conversation:history', { conversation_id: conversation.id, limit: 5 })
    expect(newest.messages).toHaveLength(5)
    expect(newest.has_more).toBe(true)
    const older = await client.ask('conversation:history', {
      conversation_id: conversation.id,
      limit: 100,
      before_seq: newest.messages[0]!.seq,
    })
    expect(older.has_more).toBe(false)
    const all = [...older.messages, ...newest.messages]
    expect(all.map(message => message.seq)).toEqual(all.map(message => message.seq).toSorted((a, b) => a - b))
    expect(all.filter(message => message.role === 'user').map(message => message.id)).toEqual(
      sent.map(message => message.id),
    )
  })

  test('is listed, searched, renamed, closed and deleted', async () => {
    const client = await server.connect()
    const { conversation } = await client.ask('conversation:open', { new: true, key: 'n' })
    await client.ask('message:send', {
      conversation_id: conversation.id,
      key: 'm',
      content: 'a 100% strange_word',
    })
    const update = {
      conversation_id: conversation.id,
      title: 'Lamps',
      metadata: { order: 7 },
      language: 'zh',
    } as const
    const updated = await client.ask('conversation:update', update)
    expect(updated.conversation).toMatchObject({ title: 'Lamps', metadata: { order: 7 }, language: 'zh' })
    expect((await client.until('conversation:updated')).conversation).toEqual(updated.conversation)
    for (const search of ['100%', 'strange_w', 'lamps']) {
      expect((await client.ask('conversation:list', { search })).items.map(item => item.id)).toEqual([
        conversation.id,
      ])
    }
    expect((await client.ask('conversation:list', { search: 'strangeXword' })).items).toEqual([])
    await client.ask('conversation:update', { conversation_id: conversation.id, status: 'closed' })
    const later = { conversation_id: conversation.id, key: 'late', content: 'x' }
    expect(code(await client.call('message:send', later))).toBe('CONFLICT')
    await client.ask('conversation:delete', { conversation_id: conversation.id })
    expect(code(await client.call('conversation:open', { conversation_id: conversation.id }))).toBe(
      'CONVERSATION_NOT_FOUND',
    )
    expect((await client.ask('conversation:list', {})).pagination.total).toBe(0)
  })

  test('law S2: of another visitor it looks like one that does not exist', async () => {
    const owner = await server.connect()
    const { conversation, answer } = await converse(owner, 'My secret')
    const stranger = await server.connect()
    const conversation_id = conversation.id
    const attempts = [
      stranger.call('conversation:open', { conversation_id }),
      stranger.call('conversation:open', { conversation_id, since_seq: 0 }),
      stranger.call('conversation:history', { conversation_id }),
      stranger.call('conversation:update', { conversation_id, title: 'mine' }),
      stranger.call('conversation:delete', { conversation_id }),
      stranger.call('message:send', { conversation_id, key: 'k', content: 'x' }),
      stranger.call('message:read', { conversation_id, seq: 1 }),
      stranger.call('typing:set', { conversation_id, typing: true }),
    ]
    for (const reply of await Promise.all(attempts)) expect(code(reply)).toBe('CONVERSATION_NOT_FOUND')
    const others = [
      stranger.call('message:feedback', { message_id: answer.id, rating: 1 }),
      stranger.call('reply:stop', { message_id: answer.id }),
      stranger.call('reply:rejoin', { message_id: answer.id, offset: 0 }),
    ]
    for (const reply of await Promise.all(others)) expect(code(reply)).toBe('NOT_FOUND')
    const { messages } = await owner.ask('conversation:history', { conversation_id })
    expect(messages).toHaveLength(2)
  })

  test('shows staff usage and no key, and lets them not write while the AI owns it', async () => {
    const visitor = await server.connect()
    const { conversation, answer } = await converse(visitor, 'Hello')
    expect(answer.usage).toBeNull()
    const staff = await server.connect({ namespace: 'agent', token: await server.signIn() })
    const opened = await staff.ask('conversation:open', { conversation_id: conversation.id })
    expect(opened.messages[0]).toMatchObject({ role: 'user', key: null })
    expect(opened.messages[1]!.usage).toMatchObject({ provider_id: 'builtin' })
    const reply = await staff.call('message:send', {
      conversation_id: conversation.id,
      key: 'k',
      content: 'x',
    })
    expect(code(reply)).toBe('CONFLICT')
  })

  test('tells who is typing to the other side, and what has been seen', async () => {
    const visitor = await server.connect()
    const { conversation } = await converse(visitor, 'Hello')
    const staff = await server.connect({ namespace: 'agent', token: await server.signIn() })
    await staff.ask('conversation:open', { conversation_id: conversation.id })
    await visitor.ask('typing:set', { conversation_id: conversation.id, typing: true })
    expect(await staff.until('typing:changed')).toMatchObject({
      conversation_id: conversation.id,
      typing: true,
    })
    await visitor.ask('message:read', { conversation_id: conversation.id, seq: 1000 })
    expect(await staff.until('message:seen')).toMatchObject({ conversation_id: conversation.id, seq: 3 })
    const { read } = await visitor.ask('conversation:open', { conversation_id: conversation.id })
    expect(Object.values(read)).toEqual([3])
  })

  test('law D4: where nothing was said nothing is read: who was there is told no more than who comes later', async () => {
    const visitor = await server.connect()
    const opening = { new: true, key: crypto.randomUUID() }
    const { conversation } = await visitor.ask('conversation:open', opening)
    const { id: conversation_id } = conversation
    await visitor.ask('message:read', { conversation_id, seq: 0 })
    await visitor.ask('message:send', { conversation_id, key: crypto.randomUUID(), content: 'Hello' })
    await visitor.until('message:updated')
    expect((await visitor.ask('conversation:open', { conversation_id })).read).toEqual({})
    expect(visitor.received.filter(({ event }) => event === 'message:seen')).toEqual([])
  })

  test('keeps a rating with the answer, and tells it', async () => {
    const client = await server.connect()
    const { answer, message } = await converse(client, 'Hello')
    const rated = await client.ask('message:feedback', { message_id: answer.id, rating: -1, comment: 'no' })
    expect(rated.message.feedback).toBe(-1)
    await client.until('message:updated', event => event.message.feedback === -1)
    expect(code(await client.call('message:feedback', { message_id: message.id, rating: 1 }))).toBe(
      'CONFLICT',
    )
  })
})
