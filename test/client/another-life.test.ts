import { expect, test } from 'vitest'
import type { Client } from '../../client/sdk/client.ts'
import { createConversation } from '../../client/sdk/conversation.ts'
import { ParleyError } from '../../client/sdk/error.ts'
import { createMemoryStorage, createSlots } from '../../client/sdk/storage.ts'
import type { ConnectionState } from '../../client/sdk/types.ts'

/** A conversation's server that can be put back to an earlier copy; connections are cut by that. */
function restorable() {
  let life = 'first'
  let rows: any[] | null = []
  let copy: any[] = []
  let listener: (state: ConnectionState) => void = () => {}
  const handlers = new Map<string, (payload: unknown) => void>()
  let state = stateOf()
  let count = 0

  function stateOf() {
    return {
      status: 'online',
      code: null,
      turn: 0,
      session: { incarnation: life },
    } as unknown as ConnectionState
  }

  function open({ conversation_id, since_seq }: { conversation_id?: string; since_seq?: number }) {
    if (conversation_id === 'c1' && !rows) throw new ParleyError('CONVERSATION_NOT_FOUND', 'gone')
    rows ??= []
    const id = conversation_id ?? (count++ === 0 ? 'c1' : `c${count}`)
    const seq = rows.length
    const isSnapshot = since_seq === undefined || since_seq > seq
    return {
      conversation: { id, message_count: rows.length, epoch: 0 },
      messages: isSnapshot ? [...rows] : [],
      events: isSnapshot ? [] : rows.slice(since_seq).map(message => eventOf(message)),
      snapshot: isSnapshot,
      handoff: null,
      read: {},
      seq,
      incarnation: life,
    }
  }

  const eventOf = (message: any) => ({
    seq: message.seq,
    event: 'message:created',
    payload: { conversation_id: message.conversation_id, seq: message.seq, message },
  })

  function send({
    conversation_id,
    key,
    content,
  }: {
    conversation_id: string
    key: string
    content: string
  }) {
    const stored = rows!.find(row => row.key === key)
    if (stored) return { message: stored }
    const seq = rows!.length + 1
    const created_at = new Date(Date.UTC(2026, 0, 1, 0, seq)).toISOString()
    const message = {
      id: `${life}-${seq}`,
      conversation_id,
      key,
      content,
      seq,
      role: 'user',
      status: 'complete',
      author: null,
      attachments: [],
      created_at,
    }
    rows!.push(message)
    handlers.get('message:created')?.(eventOf(message).payload)
    return { message }
  }

  const client = {
    slots: createSlots('', createMemoryStorage()),
    get state() {
      return state
    },
    subscribe(received: typeof listener) {
      listener = received
      return () => {}
    },
    on(name: string, handler: (payload: unknown) => void) {
      handlers.set(name, handler)
      return () => {}
    },
    async call(name: string, input: never) {
      await new Promise(resolve => setImmediate(resolve))
      if (name === 'conversation:open') return open(input)
      if (name === 'message:send') return send(input)
      return null
    },
  } as unknown as Client

  return {
    client,
    contents: () => (rows ?? []).map(({ content }) => content),
    save: () => {
      copy = [...rows!]
    },
    /** The conversation is deleted. */
    disconnect() {
      rows = null
      listener(state)
    },
    /** With `isTold`, the connection is made anew and says so; without, the server only answers otherwise. */
    restore(hasNotice = true, isGone = false) {
      life = 'second'
      rows = isGone ? null : [...copy]
      if (!hasNotice) return
      state = { ...stateOf(), status: 'reconnecting' } as ConnectionState
      listener(state)
      state = stateOf()
      listener(state)
    },
  }
}

async function spoken(server: ReturnType<typeof restorable>, options = {}) {
  const store = createConversation(server.client, options)
  const shown = () => store.get().messages.map(({ content }) => content)
  const settled = (expected: string[]) =>
    expect
      .poll(() => [shown(), store.get().outgoing.length], { interval: 2, timeout: 10_000 })
      .toEqual([expected, 0])
  store.send('One')
  await settled(['One'])
  server.save()
  store.send('Two')
  store.send('Three')
  await settled(['One', 'Two', 'Three'])
  return { store, settled }
}

test('H5: what a restored database lost of own words is sent again, once each and in order', async () => {
  const server = restorable()
  const { store, settled } = await spoken(server)
  server.restore()
  await expect.poll(server.contents, { interval: 2, timeout: 10_000 }).toEqual(['One', 'Two', 'Three'])
  await settled(['One', 'Two', 'Three'])
  store.send('Four')
  await settled(['One', 'Two', 'Three', 'Four'])
  expect(server.contents()).toEqual(['One', 'Two', 'Three', 'Four'])
})

test('H5: a connection that was not cut notices by what the next opening says', async () => {
  const server = restorable()
  const { store, settled } = await spoken(server)
  server.restore(false)
  store.send('Four')
  await expect.poll(() => server.contents().includes('Four')).toBe(true)
  await store.open()
  await settled(['One', 'Four', 'Two', 'Three'])
  expect(server.contents()).toEqual(['One', 'Four', 'Two', 'Three'])
})

test('H5: a conversation that the copy does not know is begun again with the words it had', async () => {
  const server = restorable()
  const { settled } = await spoken(server, { startOver: true })
  server.restore(true, true)
  await expect.poll(server.contents, { interval: 2, timeout: 10_000 }).toEqual(['One', 'Two', 'Three'])
  await settled(['One', 'Two', 'Three'])
})

test('H5: one that is gone for another reason is begun without them', async () => {
  const server = restorable()
  const { settled } = await spoken(server, { startOver: true })
  server.disconnect()
  await settled([])
  expect(server.contents()).toEqual([])
})
