import { beforeAll, describe, expect, test } from 'vitest'
import type { Handoff } from '#protocol'
import { key, people, quick } from '../fixtures/handoff.ts'
import { code, startServer, type TestServer } from '../fixtures/harness.ts'

let server: TestServer
let lead: Awaited<ReturnType<typeof agent>>
let ann: Awaited<ReturnType<typeof agent>>
beforeAll(async () => {
  server = await startServer({ handoffTimeoutS: 3600 }, { handoff: quick })
  lead = await agent('Lea', 'admin')
  ann = await agent('Ann')
})
const { agent, waiting, served } = people(() => server)

const makeLabel = async (name: string) => (await lead.client.ask('label:save', { name, color: 'blue' })).label
const tagsOf = async (conversation_id: string) =>
  (await ann.client.ask('conversation:open', { conversation_id })).handoff?.tags

describe('labels', () => {
  test('law S5: are made, coloured and removed by administrators; agents read them; a name is there once', async () => {
    const label = await makeLabel('Invoice')
    expect(label).toMatchObject({ name: 'Invoice', color: 'blue' })
    expect((await ann.client.ask('label:list', {})).labels).toContainEqual(label)
    expect(code(await ann.client.call('label:save', { name: 'Mine' }))).toBe('FORBIDDEN')
    expect(code(await lead.client.call('label:save', { name: 'invoice' }))).toBe('CONFLICT')
    const bad = { name: 'Other', color: 'plaid' as 'blue' }
    expect(code(await lead.client.call('label:save', bad))).toBe('VALIDATION_ERROR')
    const changed = await lead.client.ask('label:save', { label_id: label.id, color: 'red' })
    expect(changed.label).toEqual({ ...label, color: 'red' })
    await lead.client.ask('label:delete', { label_id: label.id })
    expect(code(await lead.client.call('label:delete', { label_id: label.id }))).toBe('NOT_FOUND')
    expect(code(await lead.client.call('label:save', { label_id: label.id, color: 'red' }))).toBe('NOT_FOUND')
    const rows = await server.app.database.sql<{ action: string }[]>`
      select action from audit where subject = ${label.id} order by id`
    expect(rows.map(({ action }) => action)).toEqual(['label:save', 'label:save', 'label:delete'])
  })

  test('law D3: tags are put on while the talk goes on, and changed to everybody who looks at it', async () => {
    const { id, handoff } = await served(ann.client)
    const before = (await ann.client.ask('conversation:open', { conversation_id: id })).seq
    const set = { handoff_id: handoff.id, tags: ['Invoice', 'late'] }
    const { handoff: tagged } = await ann.client.ask('handoff:tag', set)
    expect(tagged.tags).toEqual(['Invoice', 'late'])
    const changed = await ann.client.until('handoff:changed', event => event.seq === before + 1)
    expect(changed).toMatchObject({ mode: 'human', handoff: { tags: ['Invoice', 'late'], status: 'active' } })
    // The same again changes nothing.
    await ann.client.ask('handoff:tag', set)
    expect((await ann.client.ask('conversation:open', { conversation_id: id })).seq).toBe(before + 1)
    const tooMany = Array.from({ length: 11 }, (_, index) => `tag ${index}`)
    const refused = await ann.client.call('handoff:tag', { handoff_id: handoff.id, tags: tooMany })
    expect(code(refused)).toBe('VALIDATION_ERROR')
    const unknown = await ann.client.call('handoff:tag', { handoff_id: key(), tags: [] })
    expect(code(unknown)).toBe('NOT_FOUND')
  })

  test('law D4: a new name stands on every conversation that had the old one', async () => {
    const label = await makeLabel('Delivery')
    const { id, handoff } = await served(ann.client)
    await ann.client.ask('handoff:tag', { handoff_id: handoff.id, tags: ['first', 'Delivery', 'Shipping'] })
    await lead.client.ask('label:save', { label_id: label.id, name: 'Shipping' })
    expect(await tagsOf(id)).toEqual(['first', 'Shipping'])
    const listed = await ann.client.ask('queue:list', { handoff_ids: [handoff.id] })
    expect(listed.items[0]?.tags).toEqual(['first', 'Shipping'])
    // Nothing that is written later brings the old one back.
    await ann.client.ask('handoff:complete', { handoff_id: handoff.id, key: key() })
    expect(await tagsOf(id)).toEqual(['first', 'Shipping'])
  })

  test('a view shows what has a tag: waiting, served and ended', async () => {
    const inView = async (view: 'waiting' | 'all' | 'ended', tag: string) =>
      (await ann.client.ask('view:list', { view, tag })).items.map(({ conversation }) => conversation.id)
    const put = (handoff: Pick<Handoff, 'id'>, tag: string) =>
      ann.client.ask('handoff:tag', { handoff_id: handoff.id, tags: [tag, 'other'] })
    const [queued, active] = [await waiting(), await served(ann.client)]
    await put(queued.handoff, 'Repair')
    await put(active.handoff, 'Repair')
    expect(await inView('waiting', 'Repair')).toEqual([queued.id])
    expect((await inView('all', 'Repair')).sort()).toEqual([queued.id, active.id].sort())
    expect(await inView('all', 'Repai')).toEqual([])
    await ann.client.ask('handoff:complete', { handoff_id: active.handoff.id, key: key() })
    expect(await inView('ended', 'Repair')).toEqual([active.id])
    // A later talk of the same conversation has its own.
    await ann.client.ask('handoff:take', { conversation_id: active.id, key: key() })
    expect(await inView('all', 'Repair')).toEqual([queued.id])
  })
})
