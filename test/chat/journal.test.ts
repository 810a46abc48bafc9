import * as fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { OperationError } from '#protocol'
import type { ConversationRow } from '#storage/chat/conversation'
import type { StoredMessage } from '#storage/chat/message'
import { DatabaseUnavailable } from '#storage/engine/transaction'
import type { StoredEvent } from '#storage/realtime/events'
import {
  fitsFastPath,
  type JournalStorage,
  type Locked,
  lockedFromCache,
  type Step,
  type WriteNeeds,
  type Written,
} from '#storage/realtime/journal'
import { createMetrics } from '../../server/observability/metrics.ts'
import { createJournal } from '../../server/realtime/journal/append.ts'

const head = (id: string): ConversationRow => ({
  id,
  person_id: 'p',
  title: null,
  mode: 'ai',
  status: 'open',
  language: 'en',
  context: {},
  metadata: {},
  staff_metadata: {},
  provider_id: null,
  model: null,
  seq: 0,
  epoch: 0,
  agent_id: null,
  team_id: null,
  served_by: null,
  snoozed_at: null,
  pinned_at: null,
  archived_at: null,
  tags: [],
  auto_title: false,
  snoozed_until: null,
  message_count: 0,
  reply_id: null,
  unanswered_id: null,
  last_message_at: null,
  created_at: '',
  updated_at: '',
})

/** What the database promises, and nothing else: a write is all or nothing, and may fail when told to. */
function createStore(ids: string[]) {
  const heads = new Map(ids.map(id => [id, head(id)]))
  const messages = new Map<string, StoredMessage>()
  const events: StoredEvent[] = []
  const failures: Error[] = []
  const commits = { locked: 0, advanced: 0 }
  const isUsed =
    (input: Pick<StoredEvent, 'conversation_id' | 'sender_id' | 'key'>) => (event: StoredEvent) =>
      event.key === input.key &&
      event.sender_id === input.sender_id &&
      event.conversation_id === input.conversation_id

  function fail() {
    const failure = failures.shift()
    if (failure) throw failure
  }

  function store(written: Pick<Written, 'heads' | 'inserted' | 'updated' | 'events'>) {
    const rows = new Set(written.updated.map(message => message.id))
    if (rows.size < written.updated.length) throw new Error('a row twice in one statement')
    for (const changed of written.heads) heads.set(changed.id, changed)
    for (const message of [...written.inserted, ...written.updated]) messages.set(message.id, message)
    events.push(...written.events)
  }

  async function write(needs: WriteNeeds, decide: (locked: Locked) => Written): Promise<Written> {
    await new Promise(resolve => setImmediate(resolve))
    const written = decide({
      ...lockedFromCache({ at: '', heads: new Map(), messages: new Map() }),
      at: '2026-01-01T00:00:00.000Z',
      heads: new Map(needs.conversationIds.flatMap(id => (heads.has(id) ? [[id, heads.get(id)!]] : []))),
      messages: new Map(needs.messageIds.flatMap(id => (messages.has(id) ? [[id, messages.get(id)!]] : []))),
      idempotencyRecords: events.filter(event => needs.keys.some(key => isUsed(key)(event))),
    })
    fail()
    store(written)
    commits.locked += 1
    return written
  }

  async function appendOptimistic(
    steps: Step[],
    written: Pick<Written, 'inserted' | 'updated' | 'events'>,
  ): Promise<Set<string>> {
    await new Promise(resolve => setImmediate(resolve))
    fail()
    const moved = new Set(
      steps.flatMap(({ before, after }) => (heads.get(after.id)?.seq === before.seq ? after.id : [])),
    )
    const stands = (row: { conversation_id: string }) => moved.has(row.conversation_id)
    const fresh = written.events.filter(stands)
    if (fresh.some(event => event.key !== null && events.some(isUsed(event)))) throw new Error('23505')
    store({
      heads: steps.flatMap(({ after }) => (moved.has(after.id) ? after : [])),
      inserted: written.inserted.filter(stands),
      updated: written.updated.filter(stands),
      events: fresh,
    })
    commits.advanced += 1
    return moved
  }

  /** Another node writes an event of its own. */
  function changeElsewhere(id: string) {
    const before = heads.get(id)!
    const seq = before.seq + 1
    heads.set(id, { ...before, seq })
    const nobody = { sender_id: null, key: null, fingerprint: null }
    events.push({ conversation_id: id, seq, event: 'conversation:updated', payload: {}, ...nobody })
  }
  return {
    storage: { write, appendOptimistic, fitsFastPath, lockedFromCache } satisfies JournalStorage,
    heads,
    messages,
    events,
    failures,
    commits,
    changeElsewhere,
  }
}

function setUp(ids: string[], shards = 2) {
  const store = createStore(ids)
  const published: StoredEvent[] = []
  const journal = createJournal({
    storage: store.storage,
    clock: () => Date.UTC(2026, 0, 1),
    publish: event => published.push(event),
    recheckLater: () => {},
    metrics: createMetrics(),
    shards,
  })
  const say = (conversationId: string, key: string, content = key) =>
    journal.append({
      conversationId,
      sender: { id: 'p', key, fingerprint: content },
      decide: draft => draft.addMessage({ role: 'user', content, status: 'complete', key }).seq,
      onDuplicate: payload => payload.seq as number,
    })
  return { ...store, published, journal, say }
}

describe('the journal', () => {
  test('laws D2, D3, D6: any mix of writers, repeats and failures leaves gap-free logs, told in order', async () => {
    const conversation = fc.constantFrom('a0', 'b1', 'c2')
    const step = fc.record({
      conversation,
      key: fc.constantFrom('k1', 'k2', 'k3', 'k4', 'k5', 'k6'),
      happens: fc.constantFrom('nothing', 'failure', 'change elsewhere', 'change elsewhere, and heard of'),
    })
    await fc.assert(
      fc.asyncProperty(fc.array(step, { minLength: 1, maxLength: 60 }), async steps => {
        const { journal, say, published, events, failures, heads, changeElsewhere } = setUp([
          'a0',
          'b1',
          'c2',
        ])
        const mine = (event: StoredEvent) => event.event === 'message:created'
        const answers = new Map<string, Set<number>>()
        await Promise.all(
          steps.map(async ({ conversation, key, happens }, at) => {
            // Some while others are under way.
            for (let turn = 0; turn < at % 5; turn++) await new Promise(resolve => setImmediate(resolve))
            if (happens === 'failure') failures.push(new DatabaseUnavailable('gone'))
            if (happens.startsWith('change')) changeElsewhere(conversation)
            if (happens.endsWith('heard of')) journal.evictRow(conversation)
            const seq = await say(conversation, key).catch(error => {
              expect(error).toBeInstanceOf(DatabaseUnavailable)
              return null
            })
            if (seq === null) return
            const name = `${conversation} ${key}`
            answers.set(name, (answers.get(name) ?? new Set()).add(seq))
          }),
        )
        for (const seqs of answers.values()) expect(seqs.size).toBe(1)
        for (const [id, { seq }] of heads) {
          const expected = Array.from({ length: seq }, (_, index) => index + 1)
          expect(events.filter(event => event.conversation_id === id).map(event => event.seq)).toEqual(
            expected,
          )
          const written = events.filter(event => event.conversation_id === id && mine(event))
          expect(published.filter(event => event.conversation_id === id)).toEqual(written)
        }
      }),
      { numRuns: 200 },
    )
  })

  test('law D1: resolves after the commit, and rejects when there was none', async () => {
    const { say, failures, published } = setUp(['a0'])
    failures.push(new DatabaseUnavailable('gone'))
    await expect(say('a0', 'k')).rejects.toBeInstanceOf(DatabaseUnavailable)
    expect(published).toEqual([])
    expect(await say('a0', 'k')).toBe(1)
  })

  test('commits together what arrives while a transaction runs', async () => {
    const { say, commits } = setUp(['a0'], 1)
    await Promise.all(Array.from({ length: 50 }, (_, index) => say('a0', `k${index}`)))
    expect(commits).toEqual({ locked: 1, advanced: 1 })
  })

  test('law D3: what is known of a conversation is only a guess: changed elsewhere, it is decided again under the lock', async () => {
    const { say, commits, changeElsewhere, published } = setUp(['a0'], 1)
    await say('a0', 'first')
    changeElsewhere('a0')
    expect(await say('a0', 'second')).toBe(3)
    expect(await say('a0', 'third')).toBe(4)
    expect(published.map(event => event.seq)).toEqual([1, 3, 4])
    expect(commits).toEqual({ locked: 2, advanced: 2 })
  })

  test('law D2: a key that was used before is found, though nothing was looked up', async () => {
    const { say, commits, events } = setUp(['a0'], 1)
    await say('a0', 'k')
    expect(await say('a0', 'other')).toBe(2)
    expect(await say('a0', 'k')).toBe(1)
    await expect(say('a0', 'k', 'something else')).rejects.toMatchObject({ code: 'CONFLICT' })
    expect(events).toHaveLength(2)
    expect(commits.advanced).toBe(1)
  })

  test('what a change refuses by an old guess is asked of the database', async () => {
    const { say, journal, heads } = setUp(['a0'], 1)
    await say('a0', 'k')
    const closed = { ...heads.get('a0')!, status: 'closed' as const, seq: 7 }
    heads.set('a0', closed)
    const read = () =>
      journal.append({
        conversationId: 'a0',
        decide({ head }) {
          if (head.status === 'open') throw new OperationError('CONFLICT', 'It is open.')
          return head.seq
        },
      })
    expect(await read()).toBe(7)
  })

  test('law D3: what changes one message twice in one transaction leaves it as the last says', async () => {
    const { say, journal, messages, events } = setUp(['a0'], 1)
    await say('a0', 'k')
    const [messageId] = messages.keys()
    const rate = (feedback: -1 | 1) =>
      journal.append({
        conversationId: 'a0',
        messageId,
        decide: draft => void draft.updateMessage(draft.message!, { feedback }),
      })
    // The first goes alone, the others wait for it and go together.
    await Promise.all([rate(1), rate(1), rate(-1)])
    expect(messages.get(messageId!)!.feedback).toBe(-1)
    expect(events.map(({ event }) => event)).toEqual(['message:created', ...Array(3).fill('message:updated')])
  })

  test('one that is refused, or that the database will not have, does not take the others with it', async () => {
    const { say, journal, failures } = setUp(['a0'], 1)
    const refused = journal.append({
      conversationId: 'a0',
      decide() {
        throw new OperationError('CONFLICT', 'no')
      },
    })
    const others = [say('a0', 'x'), say('a0', 'y'), say('missing', 'z')]
    // The whole batch, then the first two of its changes on their own.
    failures.push(...Array.from({ length: 3 }, () => new Error('invalid input')))
    const outcomes = await Promise.allSettled([refused, ...others])
    expect(outcomes.map(outcome => outcome.status)).toEqual(['rejected', 'rejected', 'fulfilled', 'rejected'])
  })
})
