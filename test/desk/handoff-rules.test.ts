import { describe, expect, test } from 'vitest'
import type { Message } from '#protocol'
import { priorities } from '#protocol'
import type { Hours } from '#protocol/desk/service'
import { deadlinesOf } from '../../server/areas/desk/handoff/deadlines.ts'
import { afterOpenTime, isOpen, nextClosing, nextOpening } from '../../server/areas/desk/handoff/hours.ts'
import {
  type Event,
  owners,
  type State,
  type Step,
  transitions,
} from '../../server/areas/desk/handoff/machine.ts'
import { estimateMs, Queue } from '../../server/areas/desk/handoff/queue.ts'
import { decisionsOf, offerReason } from '../../server/areas/desk/handoff/rules.ts'
import { summarise } from '../../server/areas/desk/handoff/summary.ts'
import { defaultSettings as defaults } from '../../server/areas/desk/service/defaults.ts'
import { newId } from '../../server/core/ids.ts'
import type { Answers } from '../../storage/desk/deadlines.ts'
import type { StoredHandoff } from '../../storage/desk/handoff.ts'
import type { StoredAgent } from '../../storage/desk/presence.ts'

describe('the machine', () => {
  test('law O3: every cell, written out once more', () => {
    const ended = 'begin refuse begin_active refuse refuse refuse same same same same same'
    const expected: Record<State, string> = {
      none: 'begin refuse begin_active refuse refuse refuse refuse same same same same',
      pending: 'same active active refuse refuse refuse cancelled timeout same same cancelled',
      active: 'same refuse refuse resolved pending active resolved same pending pending resolved',
      resolved: ended,
      cancelled: ended,
      timeout: ended,
    }
    const order: Event[] = [
      'request',
      'accept',
      'take',
      'complete',
      'release',
      'transfer',
      'cancel',
      'expire',
      'silence',
      'lose',
      'close',
    ]
    for (const [state, row] of Object.entries(transitions)) {
      expect(Object.keys(row).sort()).toEqual([...order].sort())
      expect(order.map(event => row[event]).join(' '), state).toBe(expected[state as State])
    }
  })

  test('laws O2, O3: whatever happens, a conversation is never left with nobody, and every state can be left', () => {
    const reached = (step: Step, from: State): State => {
      if (step === 'begin') return 'pending'
      if (step === 'begin_active') return 'active'
      return step === 'same' || step === 'refuse' ? from : step
    }
    for (const [state, row] of Object.entries(transitions) as [State, Record<Event, Step>][]) {
      const next = new Set(Object.values(row).map(step => reached(step, state)))
      expect(next.size, state).toBeGreaterThan(1)
      for (const to of next) if (to !== 'none') expect(['ai', 'queued', 'human']).toContain(owners[to])
    }
    expect(owners[transitions.pending.expire as 'timeout']).toBe('ai')
  })
})

const berlin: Hours = {
  time_zone: 'Europe/Berlin',
  weekdays: [
    [],
    ...Array.from({ length: 5 }, () => [
      { from: '09:00', to: '12:00' },
      { from: '13:00', to: '17:30' },
    ]),
    [{ from: '10:00', to: '24:00' }],
  ],
  holidays: [
    { date: '2026-12-25', intervals: [] },
    { date: '2026-12-24', intervals: [{ from: '09:00', to: '11:00' }] },
  ],
}
const at = (text: string) => Date.parse(text)
const iso = (ms: number | null) => (ms === null ? 'never' : new Date(ms).toISOString())

describe('hours', () => {
  test('several intervals a day, a day off, midnight, holidays, in the shop’s own time zone', () => {
    const open = (text: string) => isOpen(berlin, at(text))
    expect(open('2026-11-20T08:00:00Z')).toBe(true)
    expect(open('2026-11-20T07:59:59Z')).toBe(false)
    expect(open('2026-11-20T11:30:00Z')).toBe(false)
    expect(open('2026-11-20T12:00:00Z')).toBe(true)
    expect(open('2026-11-21T22:59:00Z')).toBe(true)
    expect(open('2026-11-21T23:00:00Z')).toBe(false)
    expect(open('2026-12-25T10:00:00Z')).toBe(false)
    expect(open('2026-12-24T09:30:00Z')).toBe(true)
    expect(open('2026-12-24T10:30:00Z')).toBe(false)
    expect(isOpen(null, at('2026-12-25T10:00:00Z'))).toBe(true)
  })

  test('the next opening and closing, over a weekend, a holiday and the change of the clocks', () => {
    expect(iso(nextOpening(berlin, at('2026-11-20T17:00:00Z')))).toBe('2026-11-21T09:00:00.000Z')
    expect(iso(nextOpening(berlin, at('2026-12-24T10:30:00Z')))).toBe('2026-12-26T09:00:00.000Z')
    // Summer time begins on 29 March 2026: Monday's nine o'clock is seven in UTC, the Friday before eight.
    expect(iso(nextOpening(berlin, at('2026-03-27T06:00:00Z')))).toBe('2026-03-27T08:00:00.000Z')
    expect(iso(nextOpening(berlin, at('2026-03-29T12:00:00Z')))).toBe('2026-03-30T07:00:00.000Z')
    expect(iso(nextClosing(berlin, at('2026-11-20T09:00:00Z')))).toBe('2026-11-20T11:00:00.000Z')
    const never: Hours = { ...berlin, weekdays: Array.from({ length: 7 }, () => []), holidays: [] }
    expect(nextOpening(never, at('2026-11-20T09:00:00Z'))).toBe(null)
  })

  test('open time passes only while it is open', () => {
    const hour = 3_600_000
    expect(iso(afterOpenTime(berlin, at('2026-11-20T10:30:00Z'), hour))).toBe('2026-11-20T12:30:00.000Z')
    expect(iso(afterOpenTime(berlin, at('2026-11-20T16:00:00Z'), hour))).toBe('2026-11-21T09:30:00.000Z')
    expect(iso(afterOpenTime(null, at('2026-11-20T16:00:00Z'), hour))).toBe('2026-11-20T17:00:00.000Z')
  })
})

const { rules } = defaults

describe('rules', () => {
  test.each([
    'I want to talk to a human',
    'Can I speak to someone, please?',
    'HUMAN PLEASE!!!',
    'Please connect me to an agent.',
    'No, I need a real person',
    '转人工',
    '我要转人工！',
    '麻烦帮我找客服，谢谢',
    '你们不行，转人工',
  ])('asks for a person: %s', text => expect(decisionsOf(rules).asksForPerson(text)).toBe(true))

  test.each([
    'I do not want to talk to a human',
    "I don't need a human for this",
    'Do I have to talk to a person to return it?',
    'Is the person on the photo a model?',
    'Do you have wigs of human hair?',
    'Which travel agent do you work with?',
    '不用转人工',
    '不要人工客服',
    '这是人工皮革吗',
  ])('does not: %s', text => expect(decisionsOf(rules).asksForPerson(text)).toBe(false))

  test('a rule that is switched off, or whose phrases were changed, is another rule', () => {
    const off = { ...rules, direct: { ...rules.direct, enabled: false } }
    expect(decisionsOf(off).asksForPerson('talk to a human')).toBe(false)
    const own = { ...rules, direct: { enabled: true, phrases: { en: ['beam me up'], zh: [] } } }
    expect(decisionsOf(own).asksForPerson('talk to a human')).toBe(false)
    expect(decisionsOf(own).asksForPerson('Beam me up, Scotty')).toBe(true)
  })

  const say = (role: Message['role'], fields: Partial<Message> = {}) =>
    ({
      id: newId(),
      role,
      content: 'x',
      status: 'complete',
      references: [],
      action: null,
      feedback: null,
      ...fields,
    }) as Message
  const turn = (answer: Partial<Message>, content = 'How heavy is it?') => {
    const question = say('user', { content })
    return [question, say('assistant', { in_reply_to: question.id, ...answer })]
  }
  const trouble = (messages: Message[]) =>
    offerReason(messages, { ...rules, ...decisionsOf(rules) }, text => text === 'hello')
  const found = { references: [{ number: 1 }] as Message['references'] }

  test('two answers without a source, three failed ones, or anger are trouble; small talk and what a person ended are not', () => {
    expect(trouble(turn({}))).toBe(null)
    expect(trouble([...turn({}), ...turn({})])).toBe('nothing')
    expect(trouble([...turn({}), ...turn(found), ...turn({})])).toBe(null)
    expect(trouble([...turn({}), ...turn({}, 'hello')])).toBe(null)
    expect(trouble([...turn({}), say('agent'), ...turn({})])).toBe(null)
    expect(trouble([...turn({}), ...turn({}), say('system', { action: 'handoff' }), ...turn({})])).toBe(null)
    const failed = { status: 'failed' as const }
    expect(trouble([...turn(failed), ...turn({ ...found, feedback: -1 })])).toBe(null)
    expect(trouble([...turn(failed), ...turn({ ...found, feedback: -1 }), ...turn(failed)])).toBe('failed')
    expect(trouble(turn(found, 'This is ridiculous'))).toBe('anger')
    expect(decisionsOf(rules).isAngry('气死我了')).toBe(true)
  })

  test('a summary says what was asked and what came of it', () => {
    const summary = summarise(
      [...turn({ content: 'It weighs 2 kg.' }, 'How heavy?'), say('user', { content: 'Sure?\nReally' })],
      'en',
    )
    expect(summary).toBe(
      'Asked: How heavy?\nAsked: Sure? Really\nLast answer: It weighs 2 kg.\nThe assistant found no source for it.',
    )
    expect(summarise([], 'zh')).toBe(null)
  })
})

const row = (fields: Partial<StoredHandoff> = {}): StoredHandoff => ({
  id: newId(),
  conversation_id: newId(),
  seq: 1,
  status: 'pending',
  cause: 'request',
  reason: null,
  summary: null,
  priority: priorities.indexOf('normal'),
  team_id: null,
  agent_id: null,
  tags: [],
  note: null,
  rating: null,
  rating_comment: null,
  created_at: '2026-11-20T09:00:00.000Z',
  queued_at: '2026-11-20T09:00:00.000Z',
  accepted_at: null,
  first_accepted_at: null,
  ended_at: null,
  due_at: null,
  warned: [],
  answers: null,
  ...fields,
})
const staff = (fields: Partial<StoredAgent> = {}): StoredAgent => ({
  id: newId(),
  name: 'Ann',
  avatar_url: null,
  chosen: 'online',
  connected: true,
  capacity: null,
  assigned_at: null,
  employed: true,
  ...fields,
})
const estimate = (queue: Queue, position: number) => estimateMs(queue.pace(), position)
const emptyQueue = () => new Queue({ capacity: () => 2, team: () => null, clocks: () => [] })

describe('the queue', () => {
  test('priority first, then who asked first; every place is right after every change', () => {
    const queue = emptyQueue()
    const rows: StoredHandoff[] = []
    for (let step = 0; step < 2000; step++) {
      const known = rows[(step * 7919) % Math.max(rows.length, 1)]
      if (known && step % 3 === 0) {
        const status = (['active', 'cancelled', 'timeout', 'pending'] as const)[step % 4]!
        const changed = {
          ...known,
          status,
          agent_id: status === 'active' ? newId() : null,
          priority: step % 4,
        }
        rows[rows.indexOf(known)] = changed
        queue.apply(changed)
      } else {
        const created_at = new Date(at('2026-11-20T09:00:00Z') + ((step * 31) % 97) * 1000).toISOString()
        const fresh = row({ created_at, priority: step % 4 })
        rows.push(fresh)
        queue.apply(fresh)
      }
    }
    const waiting = rows
      .filter(entry => entry.status === 'pending')
      .sort(
        (a, b) => b.priority - a.priority || at(a.created_at) - at(b.created_at) || (a.id < b.id ? -1 : 1),
      )
    expect(queue.waiting.map(entry => entry.id)).toEqual(waiting.map(entry => entry.id))
    expect(waiting.map(entry => queue.position(entry))).toEqual(waiting.map((_, index) => index + 1))
    expect(queue.counts().pending).toBe(waiting.length)
  })

  test('the estimate comes from seats and the median of recent handling times', () => {
    const queue = emptyQueue()
    expect(estimate(queue, 1)).toBe(null)
    const ann = staff()
    queue.applyAgent(ann)
    expect(estimate(queue, 1)).toBe(null)
    for (const minutes of [2, 4, 30]) {
      const ended_at = new Date(at('2026-11-20T09:00:00Z') + minutes * 60_000).toISOString()
      queue.apply(row({ status: 'resolved', accepted_at: '2026-11-20T09:00:00.000Z', ended_at }))
    }
    const minutes = [1, 2, 3, 5].map(position => estimate(queue, position)! / 60_000)
    expect(minutes).toEqual([0, 0, 2, 6])
    queue.apply(row({ status: 'active', agent_id: ann.id }))
    expect(estimate(queue, 2)! / 60_000).toBe(2)
    queue.applyAgent({ ...ann, connected: false })
    expect(estimate(queue, 2)).toBe(null)
  })

  test('who may be assigned: online, with a free seat, longest not assigned first', () => {
    const queue = emptyQueue()
    const [ann, bob, eve] = [
      staff({ assigned_at: '2026-11-20T09:00:00.000Z' }),
      staff(),
      staff({ chosen: 'away' }),
    ] as const
    for (const agent of [ann, bob, eve]) queue.applyAgent(agent)
    expect(queue.free(row()).map(agent => agent.id)).toEqual([bob.id, ann.id])
    for (const _ of [1, 2]) queue.apply(row({ status: 'active', agent_id: bob.id }))
    expect(queue.free(row()).map(agent => agent.id)).toEqual([ann.id])
  })
})

test('what lies ahead: the wait limit, thresholds once each and in open time, closing, silence', () => {
  const settings = { ...defaults, hours: berlin, sla: { ...defaults.sla, resolution_s: 3600 } }
  const unread = { seq: 0, resting: null, rests: [] }
  const nothing: Answers = { ...unread, answered: false, unanswered: null, silent: null }
  const kinds = (entry: StoredHandoff, answers: Answers, now: string) =>
    deadlinesOf(entry, answers, now, { settings, waitLimitS: 600 }).map(
      due => `${due.kind} ${iso(due.at).slice(11, 19)}`,
    )
  const now = '2026-11-20T09:00:00.000Z'
  expect(kinds(row(), nothing, now)).toEqual([
    'first_response 09:02:00',
    'expire 09:10:00',
    'resolution 10:00:00',
    'closing 11:00:00',
  ])
  expect(kinds(row({ warned: ['first_response', 'resolution', 'closing'] }), nothing, now)).toEqual([
    'expire 09:10:00',
  ])
  const claimed = row({ status: 'active', agent_id: newId(), accepted_at: now })
  // Taken, and not a word yet: the first response is still due.
  expect(kinds(claimed, { ...nothing, silent: now }, now)).toEqual([
    'first_response 09:02:00',
    'silence 09:05:00',
    'resolution 10:00:00',
  ])
  const since = '2026-11-20T09:01:00.000Z'
  expect(kinds(claimed, { ...unread, answered: true, unanswered: since, silent: since }, now)).toEqual([
    'next_response 09:04:00',
    'silence 09:06:00',
    'resolution 10:00:00',
  ])
  expect(kinds(claimed, { ...nothing, answered: true }, now)).toEqual([
    'look 09:03:00',
    'look 09:05:00',
    'resolution 10:00:00',
  ])
  expect(kinds(row({ status: 'resolved', ended_at: now }), nothing, now)).toEqual([])
  // Back in the queue: words that wait are still counted from when they were said.
  expect(kinds(row(), { ...unread, answered: true, unanswered: since, silent: null }, now)).toContain(
    'next_response 09:04:00',
  )
})
