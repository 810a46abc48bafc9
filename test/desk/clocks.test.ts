import { beforeAll, describe, expect, test } from 'vitest'
import type { Handoff } from '#protocol'
import type { Settings } from '#protocol/desk/service'
import type { StoredAnswers } from '#storage/desk/deadlines'
import type { StoredHandoff } from '#storage/desk/handoff'
import { deadlinesOf, shownClocks } from '../../server/areas/desk/handoff/deadlines.ts'
import { defaultSettings } from '../../server/areas/desk/service/defaults.ts'
import { key, people, quick, say } from '../fixtures/handoff.ts'
import { startServer, type TestServer } from '../fixtures/harness.ts'

const at = (clock: string) => `2026-11-20T${clock}:00.000Z`

function handoffWith(fields: Partial<StoredHandoff>): StoredHandoff {
  const row: Partial<StoredHandoff> = { status: 'active', created_at: at('09:00'), queued_at: at('09:00') }
  return { ...row, ended_at: null, warned: [], answers: null, ...fields } as StoredHandoff
}

const answers = (fields: Partial<StoredAnswers>): StoredAnswers => ({
  seq: 1,
  answered: true,
  unanswered: null,
  resting: null,
  rested_ms: 0,
  ...fields,
})

describe('what is due, and until when', () => {
  const open = [{ from: '10:00', to: '12:00' }]
  const hours: Settings['hours'] = {
    time_zone: 'Europe/Berlin',
    weekdays: [[], open, open, open, open, open, []],
    holidays: [],
  }
  const sla = { first_response_s: 1800, next_response_s: 3600, resolution_s: 7200, only_in_hours: false }
  const shown = (row: StoredHandoff, settings: Pick<Settings, 'sla' | 'hours'> = { sla, hours: null }) =>
    shownClocks(row, settings).map(({ clock, due_at }) => [clock, due_at?.slice(11, 16) ?? 'rests'])

  test('the first response until somebody spoke, then each further one; the end all the while', () => {
    expect(shown(handoffWith({}))).toEqual([
      ['first_response', '09:30'],
      ['resolution', '11:00'],
    ])
    const unanswered = answers({ unanswered: at('09:20') })
    expect(shown(handoffWith({ answers: unanswered }))).toEqual([
      ['next_response', '10:20'],
      ['resolution', '11:00'],
    ])
    expect(shown(handoffWith({ warned: ['first_response', 'resolution'] }))).toEqual([])
  })

  test('while the visitor is to write nothing runs; what they took does not count', () => {
    expect(shown(handoffWith({ answers: answers({ resting: at('09:10') }) }))).toEqual([
      ['resolution', 'rests'],
    ])
    const back = answers({ unanswered: at('10:10'), rested_ms: 3_600_000 })
    expect(shown(handoffWith({ answers: back }))).toEqual([
      ['next_response', '11:10'],
      ['resolution', '12:00'],
    ])
    // Back in the queue: it is the desk's to go on.
    const queued = handoffWith({ status: 'pending', answers: answers({ resting: at('09:10') }) })
    expect(shown(queued)).toEqual([['resolution', '11:00']])
  })

  test('out of hours nothing runs, and the list can say until when', () => {
    const settings = { sla: { ...sla, only_in_hours: true }, hours }
    const row = handoffWith({ created_at: at('10:45') })
    expect(shownClocks(row, settings)).toMatchObject([
      { clock: 'first_response', due_at: '2026-11-23T09:15:00.000Z' },
      {
        clock: 'resolution',
        due_at: '2026-11-23T10:45:00.000Z',
        pauses: [{ from: '2026-11-20T11:00:00.000Z', to: '2026-11-23T09:00:00.000Z' }],
      },
    ])
  })

  test('a clock that rests is looked after in time, and one that ran out before fires', () => {
    const settings = { ...defaultSettings, sla, hours: null, silence_s: null }
    const kinds = (resting: string) =>
      deadlinesOf(
        handoffWith({}),
        { seq: 1, answered: true, unanswered: null, silent: null, resting, rests: [] },
        at('12:00'),
        { settings, waitLimitS: 600 },
      ).map(({ kind, at }) => `${kind} ${new Date(at).toISOString().slice(11, 16)}`)
    // Half an hour was left of it.
    expect(kinds(at('10:30'))).toEqual(['look 12:30', 'look 13:00'])
    expect(kinds(at('11:30'))).toEqual(['resolution 11:00', 'look 13:00'])
  })
})

describe('on the desk', () => {
  let server: TestServer
  beforeAll(async () => {
    server = await startServer({ handoffTimeoutS: 3600 }, { handoff: quick })
  })
  const { agent, waiting } = people(() => server)

  test('the list and its changes carry the clocks, as what is said moves them; the visitor never', async () => {
    const admin = await agent('Ada', 'admin')
    const sla = { first_response_s: 600, next_response_s: 300, resolution_s: 7200, only_in_hours: false }
    await admin.client.ask('handoff:configure', { sla })
    const { client, id, handoff } = await waiting()
    const due = ({ clocks = [] }: Handoff) =>
      clocks.map(({ clock, due_at }) => [clock, due_at && Date.parse(due_at)] as const)
    const changed = async (has: (handoff: Handoff) => boolean) => {
      const isIt = (entry: Handoff) => entry.id === handoff.id && has(entry)
      const { handoffs } = await admin.client.until('queue:changed', event => event.handoffs.some(isIt))
      return handoffs.find(isIt)!
    }
    const created = Date.parse(handoff.created_at)
    const { items } = await admin.client.ask('queue:list', {})
    expect(due(items.find(item => item.id === handoff.id)!)).toEqual([
      ['first_response', created + 600_000],
      ['resolution', created + 7_200_000],
    ])
    await admin.client.ask('handoff:accept', { handoff_id: handoff.id, key: key() })
    await say(admin.client, id, 'How can I help?')
    const rests = await changed(({ clocks }) => clocks?.some(({ due_at }) => due_at === null) ?? false)
    expect(due(rests)).toEqual([['resolution', null]])
    const { message } = await say(client, id, 'Where is my parcel?')
    const runs = await changed(({ clocks }) => clocks?.[0]?.clock === 'next_response')
    const since = Date.parse(message.created_at)
    const [next, resolution] = due(runs)
    expect(next).toEqual(['next_response', since + 300_000])
    // The visitor took the time between the two.
    expect(resolution![1]).toBeGreaterThan(created + 7_200_000)
    expect(resolution![1]).toBeLessThanOrEqual(since + 7_200_000)
    const { items: viewed } = await admin.client.ask('view:list', { view: 'mine' })
    expect(viewed.find(item => item.conversation.id === id)!.handoff!.clocks).toEqual(runs.clocks)
    expect(JSON.stringify(client.received)).not.toContain('due_at')
  })
})
