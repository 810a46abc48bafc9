import { beforeAll, describe, expect, test } from 'vitest'
import type { OperationInput } from '#protocol'
import { key, people, quick, say } from '../fixtures/handoff.ts'
import { code, startServer, type TestServer } from '../fixtures/harness.ts'

let server: TestServer
let lead: Awaited<ReturnType<typeof agent>>
let ann: Awaited<ReturnType<typeof agent>>
let ben: Awaited<ReturnType<typeof agent>>
beforeAll(async () => {
  server = await startServer({ handoffTimeoutS: 3600 }, { handoff: quick })
  lead = await agent('Lea', 'admin')
  ann = await agent('Ann')
  ben = await agent('Ben')
})
const { agent, waiting, served } = people(() => server)

const makeLabel = async (name = key().slice(0, 8)) => (await lead.client.ask('label:save', { name })).label
const makeMacro = async (fields: Omit<OperationInput<'macro:save'>, 'name' | 'macro_id'>) =>
  (await ann.client.ask('macro:save', { name: key(), ...fields })).macro
const read = (conversation_id: string) => ann.client.ask('conversation:open', { conversation_id })

describe('macros', () => {
  test('are made, changed and removed; what they name has to be there', async () => {
    const label = await makeLabel('Refund')
    const macro = await makeMacro({
      content: 'Done, {{visitor.name}}.',
      label_ids: [label.id],
      outcome: 'complete',
    })
    expect(macro).toMatchObject({ content: 'Done, {{visitor.name}}.', labels: [label], outcome: 'complete' })
    const renamed = await ann.client.ask('macro:save', { macro_id: macro.id, name: 'Refunded' })
    expect(renamed.macro).toEqual({ ...macro, name: 'Refunded' })
    const emptied = await ann.client.ask('macro:save', { macro_id: macro.id, content: null, outcome: null })
    expect(emptied.macro).toMatchObject({ content: null, outcome: null, labels: [label] })
    expect(code(await ann.client.call('macro:save', { name: 'refunded' }))).toBe('CONFLICT')
    expect(code(await ann.client.call('macro:save', { name: 'X', label_ids: [key()] }))).toBe('NOT_FOUND')
    expect(code(await ann.client.call('macro:save', { name: 'X', outcome: 'the moon' }))).toBe(
      'VALIDATION_ERROR',
    )
    await lead.client.ask('label:delete', { label_id: label.id })
    const { macros } = await ann.client.ask('macro:list', {})
    expect(macros.find(({ id }) => id === macro.id)?.labels).toEqual([])
    await ann.client.ask('macro:delete', { macro_id: macro.id })
    expect(code(await ann.client.call('macro:delete', { macro_id: macro.id }))).toBe('NOT_FOUND')
  })

  test('laws D2 and D3: say, label and complete in one change, once however often it is asked', async () => {
    const label = await makeLabel()
    const content = 'Signed, {{agent.name}}.'
    const macro = await makeMacro({ content, label_ids: [label.id], outcome: 'complete' })
    const { client, id, handoff } = await served(ann.client)
    await ann.client.ask('handoff:tag', { handoff_id: handoff.id, tags: ['before'] })
    const { seq } = await read(id)
    const run = { conversation_id: id, macro_id: macro.id, key: key() }
    const [first, again] = await Promise.all([
      ann.client.ask('macro:run', run),
      ann.client.ask('macro:run', run),
    ])
    expect(first.handoff).toMatchObject({ status: 'resolved', tags: ['before', label.name] })
    expect(again).toEqual(first)
    expect((await ann.client.ask('macro:run', run)).handoff).toEqual(first.handoff)
    const { message } = await client.until('message:created', event => event.message.role === 'agent')
    expect(message).toMatchObject({ content: 'Signed, Ann.', seq: seq + 1 })
    const { events } = await ann.client.ask('conversation:open', { conversation_id: id, since_seq: seq })
    expect((events as { event: string }[]).map(({ event }) => event)).toEqual([
      'message:created',
      'handoff:changed',
      'message:created',
    ])
    const other = await makeMacro({ outcome: 'queue' })
    const reused = await ann.client.call('macro:run', { ...run, macro_id: other.id })
    expect(code(reused)).toBe('CONFLICT')
  })

  test('laws O1b and S2: nothing is done in what one does not have', async () => {
    const macro = await makeMacro({ content: 'Hello', label_ids: [(await makeLabel()).id], outcome: 'queue' })
    const talk = await served(ann.client)
    const queued = await waiting()
    const { seq } = await read(talk.id)
    for (const [by, conversation_id] of [
      [ben, talk.id],
      [lead, talk.id],
      [ann, queued.id],
    ] as const) {
      const run = { conversation_id, macro_id: macro.id, key: key() }
      expect(code(await by.client.call('macro:run', run))).toBe('CONFLICT')
    }
    const unknown = { conversation_id: talk.id, macro_id: key(), key: key() }
    expect(code(await ann.client.call('macro:run', unknown))).toBe('NOT_FOUND')
    expect(await read(talk.id)).toMatchObject({ seq, handoff: { tags: [], status: 'active' } })
  })

  test('all of it or nothing: too many tags, a team that is gone', async () => {
    const { team } = await lead.client.ask('team:save', { name: key() })
    const label_ids = [(await makeLabel()).id]
    const labelled = await makeMacro({ content: 'Hello', label_ids })
    const passed = await makeMacro({ content: 'Hello', outcome: `team:${team.id}` })
    await lead.client.ask('team:delete', { team_id: team.id })
    const { id, handoff } = await served(ann.client)
    const tags = Array.from({ length: 10 }, (_, index) => `tag ${index}`)
    await ann.client.ask('handoff:tag', { handoff_id: handoff.id, tags })
    const { seq } = await read(id)
    const run = { conversation_id: id, key: key() }
    expect(code(await ann.client.call('macro:run', { ...run, macro_id: labelled.id }))).toBe('CONFLICT')
    expect(code(await ann.client.call('macro:run', { ...run, macro_id: passed.id }))).toBe('NOT_FOUND')
    expect(await read(id)).toMatchObject({ seq, handoff: { tags } })
  })

  test('a talk rests until its visitor writes, or goes to a colleague', async () => {
    const rests = await makeMacro({ content: 'Please send the number.', outcome: 'snooze' })
    const { client, id } = await served(ann.client)
    const run = { conversation_id: id, key: key() }
    const { handoff } = await ann.client.ask('macro:run', { ...run, macro_id: rests.id })
    expect(handoff.status).toBe('active')
    expect((await read(id)).conversation.snoozed).toEqual({ at: expect.any(String), until: null })
    await say(client, id, 'It is 4711.')
    expect((await read(id)).conversation.snoozed).toBeNull()
    const passes = await makeMacro({ outcome: ben.id })
    const passed = await ann.client.ask('macro:run', { conversation_id: id, key: key(), macro_id: passes.id })
    expect(passed.handoff.agent?.id).toBe(ben.id)
    expect((await read(id)).conversation.agent?.id).toBe(ben.id)
  })
})
