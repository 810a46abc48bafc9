import * as fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { OperationError } from '#protocol'
import type {
  ConversationStorage,
  Head,
  Locked,
  StoredEvent,
  StoredMessage,
  WriteNeeds,
  Written,
} from '#storage/conversation'
import { DatabaseUnavailable } from '#storage/transaction'
import { createJournal } from '../server/journal.ts'
import { createMetrics } from '../server/metrics.ts'

const head = (id: string): Head => ({
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
  message_count: 0,
  reply_id: null,
  unanswered_id: null,
  last_message_at: null,
  created_at: '',
  updated_at: '',
})

/** What the database promises, and nothing else: `write` is all or nothing, and may fail when told to. */
function createStore(ids: string[]) {
  const heads = new Map(ids.map(id => [id, head(id)]))
  const messages = new Map<string, StoredMessage>()
  const events: StoredEvent[] = []
  const failures: Error[] = []
  let commits = 0
  async function write(needs: WriteNeeds, decide: (locked: Locked) => Written): Promise<Written> {
    await new Promise(resolve => setImmediate(resolve))
    const written = decide({
      at: '2026-01-01T00:00:00.000Z',
      heads: new Map(needs.conversationIds.flatMap(id => (heads.has(id) ? [[id, heads.get(id)!]] : []))),
      messages: new Map(needs.messageIds.flatMap(id => (messages.has(id) ? [[id, messages.get(id)!]] : []))),
      used: events.filter(event =>
        needs.keys.some(
          key =>
            key.key === event.key &&
            key.sender_id === event.sender_id &&
            key.conversation_id === event.conversation_id,
        ),
      ),
      handoffs: new Map(),
    })
    const failure = failures.shift()
    if (failure) throw failure
    const rows = new Set(written.updated.map(message => message.id))
    if (rows.size < written.updated.length) throw new Error('a row twice in one statement')
    commits += 1
    for (const changed of written.heads) heads.set(changed.id, changed)
    for (const message of [...written.inserted, ...written.updated]) messages.set(message.id, message)
    events.push(...written.events)
    return written
  }
  return {
    storage: { write } as Pick<ConversationStorage, 'write'>,
    heads,
    messages,
    events,
    failures,
    commits: () => commits,
  }
}

function setUp(ids: string[], lanes = 2) {
  const store = createStore(ids)
  const told: StoredEvent[] = []
  const journal = createJournal({
    storage: store.storage,
    tell: event => told.push(event),
    doubt: () => {},
    metrics: createMetrics(),
    lanes,
  })
  const say = (conversationId: string, key: string, content = key) =>
    journal.append({
      conversationId,
      sender: { id: 'p', key, fingerprint: content },
      decide: draft => draft.say({ role: 'user', content, status: 'complete', key }).seq,
      repeated: payload => payload.seq as number,
    })
  return { ...store, told, journal, say }
}

describe('the journal', () => {
  test('D2, D3, D6: any mix of writers, repeats and failures leaves gap-free logs, told in order', async () => {
    const conversation = fc.constantFrom('a0', 'b1', 'c2')
    const step = fc.record({
      conversation,
      key: fc.constantFrom('k1', 'k2', 'k3', 'k4', 'k5', 'k6'),
      fails: fc.boolean(),
    })
    await fc.assert(
      fc.asyncProperty(fc.array(step, { minLength: 1, maxLength: 60 }), async steps => {
        const { say, told, events, failures, heads } = setUp(['a0', 'b1', 'c2'])
        const answers = new Map<string, Set<number>>()
        await Promise.all(
          steps.map(async ({ conversation, key, fails }) => {
            if (fails) failures.push(new DatabaseUnavailable('gone'))
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
          expect(told.filter(event => event.conversation_id === id).map(event => event.seq)).toEqual(expected)
        }
      }),
      { numRuns: 200 },
    )
  })

  test('D1: resolves after the commit, and rejects when there was none', async () => {
    const { say, failures, told } = setUp(['a0'])
    failures.push(new DatabaseUnavailable('gone'))
    await expect(say('a0', 'k')).rejects.toBeInstanceOf(DatabaseUnavailable)
    expect(told).toEqual([])
    expect(await say('a0', 'k')).toBe(1)
  })

  test('commits together what arrives while a transaction runs', async () => {
    const { say, commits } = setUp(['a0'], 1)
    await Promise.all(Array.from({ length: 50 }, (_, index) => say('a0', `k${index}`)))
    expect(commits()).toBe(2)
  })

  test('D3: what changes one message twice in one transaction leaves it as the last says', async () => {
    const { say, journal, messages, events } = setUp(['a0'], 1)
    await say('a0', 'k')
    const [messageId] = messages.keys()
    const rate = (feedback: -1 | 1) =>
      journal.append({
        conversationId: 'a0',
        messageId,
        decide: draft => void draft.revise(draft.message!, { feedback }),
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
