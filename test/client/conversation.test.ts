import fc from 'fast-check'
import { expect, test } from 'vitest'
import type { Message } from '#protocol'
import { createConversation } from '../../client/sdk/conversation.ts'
import type { Client } from '../../client/sdk/index.ts'
import { createMemoryStorage } from '../../client/sdk/index.ts'
import { createSlots } from '../../client/sdk/storage.ts'
import { applyEvent, type DurableEvent, emptyTimeline, type Opened } from '../../client/sdk/timeline.ts'

const id = '01890000-0000-7000-8000-000000000000'
const conversation = { id, mode: 'ai', epoch: 0, message_count: 0 } as Opened['conversation']

/** A history of `length` events: messages, and changes to earlier ones. */
function history(length: number, changes: number[]): DurableEvent[] {
  const messages: Message[] = []
  return Array.from({ length }, (_, index) => {
    const seq = index + 1
    const changed = messages[changes[index] ?? messages.length]
    if (changed) {
      const message = { ...changed, content: `${changed.content}+${seq}` }
      messages[messages.indexOf(changed)] = message
      return { name: 'message:updated', payload: { conversation_id: id, seq, message } }
    }
    const message = {
      id: `m${seq}`,
      seq,
      role: 'agent',
      content: 'said',
      status: 'complete',
      key: null,
    } as Message
    messages.push(message)
    return { name: 'message:created', payload: { conversation_id: id, seq, message } }
  })
}

/** A server of which only the order and the loss of events are real. */
function fakeServer(events: DurableEvent[], isSnapshot: () => boolean) {
  const listeners = new Map<string, (payload: unknown) => void>()
  let committed = 0
  let read: Record<string, number> = {}

  function answer(since: number | undefined): Opened {
    const snapshot = since === undefined || isSnapshot()
    const known = events.slice(0, committed)
    const { messages } = known.reduce(applyEvent, emptyTimeline)
    const missed = known.slice(since).map(({ name, payload }) => ({ seq: payload.seq, event: name, payload }))
    return {
      conversation,
      messages: snapshot ? messages : [],
      events: snapshot ? [] : missed,
      snapshot,
      seq: committed,
      incarnation: '019bf2f0-0000-7000-8000-00000000000a',
      handoff: null,
      read,
    }
  }

  const client = {
    slots: createSlots('', createMemoryStorage()),
    state: { status: 'online' },
    subscribe: () => () => {},
    on(name: string, listener: (payload: unknown) => void) {
      listeners.set(name, listener)
      return () => {}
    },
    async call(name: string, input: { since_seq?: number }) {
      const answered = name === 'conversation:open' ? answer(input.since_seq) : null
      await new Promise(resolve => setImmediate(resolve))
      return answered
    },
  } as unknown as Client

  return {
    client,
    commit: (count: number) => {
      committed = Math.min(events.length, Math.max(committed, count))
    },
    say: ({ name, payload }: { name: string; payload: unknown }) => listeners.get(name)?.(payload),
    mark: (marks: Record<string, number>) => {
      read = marks
    },
  }
}

test('law D4: whatever is lost, doubled or out of order, the view equals a fresh read', async () => {
  const step = fc.record({ at: fc.nat(30), snapshot: fc.boolean(), wait: fc.boolean() })
  await fc.assert(
    fc.asyncProperty(
      fc.integer({ min: 1, max: 30 }),
      fc.array(fc.nat(12), { minLength: 30, maxLength: 30 }),
      fc.array(step, { maxLength: 40 }),
      async (length, changes, steps) => {
        const events = history(length, changes)
        let isSnapshot = false
        const server = fakeServer(events, () => isSnapshot)
        const store = createConversation(server.client, { id })
        const seqs: number[] = []
        store.subscribe(({ seq }) => seqs.push(seq))
        void store.open()
        for (const { at, snapshot, wait } of steps) {
          isSnapshot = snapshot
          const event = events[at % length]!
          server.commit(event.payload.seq)
          server.say(event)
          if (wait) await new Promise(resolve => setImmediate(resolve))
        }
        server.commit(length)
        await store.open()
        server.say(events.at(-1)!)
        await expect.poll(() => store.get().seq, { interval: 1, timeout: 5000 }).toBe(length)
        expect(store.get().messages).toEqual(events.reduce(applyEvent, emptyTimeline).messages)
        expect(seqs).toEqual([...seqs].sort((a, b) => a - b))
        store.close()
      },
    ),
    { numRuns: 60 },
  )
}, 60_000)

test('marks of who has read what are taken from an opening that later events have overtaken', async () => {
  const events = history(3, [])
  const server = fakeServer(events, () => false)
  const store = createConversation(server.client, { id })
  server.commit(1)
  await store.open()
  server.commit(2)
  server.mark({ somebody: 2 })
  const opening = store.open()
  server.commit(3)
  server.say(events[2]!)
  await opening
  expect(store.get()).toMatchObject({ seq: 3, read: { somebody: 2 } })
  store.close()
})

test('law O1: words of the assistant that come after a takeover are dropped, and who was writing no longer is', async () => {
  const message = {
    id: 'm1',
    seq: 1,
    role: 'assistant',
    content: '',
    status: 'streaming',
    key: null,
  } as Message
  const handoff = { id: 'h1', agent: { id: 'a1', name: 'Ann' } }
  const events = [
    { name: 'message:created', payload: { conversation_id: id, seq: 1, message } },
    { name: 'handoff:changed', payload: { conversation_id: id, seq: 2, handoff, mode: 'human', epoch: 1 } },
  ] as DurableEvent[]
  const server = fakeServer(events, () => false)
  const store = createConversation(server.client, { id })
  const delta = (offset: number, text: string) =>
    server.say({
      name: 'reply:delta',
      payload: { conversation_id: id, message_id: 'm1', epoch: 0, offset, text },
    })
  server.commit(1)
  await store.open()
  // It asks for what was written of the answer before it came.
  await new Promise(resolve => setImmediate(resolve))
  delta(0, 'Once upon')
  expect(store.get().messages[0]?.content).toBe('Once upon')
  const author = { id: 'a0', name: 'Bea' }
  server.say({ name: 'typing:changed', payload: { conversation_id: id, author, typing: true } })
  expect(store.get().typing).toEqual([author])
  server.commit(2)
  server.say(events[1]!)
  delta(9, ' a time')
  expect(store.get()).toMatchObject({ conversation: { mode: 'human', epoch: 1 }, typing: [] })
  expect(store.get().messages[0]?.content).toBe('Once upon')
  store.close()
})
