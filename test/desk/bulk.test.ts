import { beforeAll, describe, expect, test } from 'vitest'
import type { OperationInput } from '#protocol'
import { becomes, key, notices, people, quick } from '../fixtures/handoff.ts'
import { code, startServer, type TestClient, type TestServer } from '../fixtures/harness.ts'

let server: TestServer
let admin: Awaited<ReturnType<typeof agent>>
let ann: Awaited<ReturnType<typeof agent>>
let ben: Awaited<ReturnType<typeof agent>>
beforeAll(async () => {
  server = await startServer({ handoffTimeoutS: 3600 }, { handoff: quick })
  admin = await agent('Ada', 'admin')
  ann = await agent('Ann')
  ben = await agent('Ben')
})
const { agent, visitor, waiting, served } = people(() => server)

type BulkInput = OperationInput<'handoff:bulk'>

const bulk = (by: TestClient, input: Omit<BulkInput, 'key'> & { key?: string }) =>
  by.ask('handoff:bulk', { key: key(), ...input }).then(({ results }) => results)
const read = (conversation_id: string) => admin.client.ask('conversation:open', { conversation_id })
const codes = (results: Awaited<ReturnType<typeof bulk>>) => results.map(({ error }) => error?.code ?? 'done')

describe('many conversations at once', () => {
  test('laws D2 and S2: each is tagged or refused by itself; a repeat is the same', async () => {
    const mine = await served(ann.client)
    await ann.client.ask('handoff:tag', { handoff_id: mine.handoff.id, tags: ['before'] })
    const queued = await waiting()
    const full = await served(ben.client)
    const tags = Array.from({ length: 10 }, (_, index) => `tag ${index}`)
    await ben.client.ask('handoff:tag', { handoff_id: full.handoff.id, tags })
    const withAi = await visitor()
    const unknown = key()
    const conversation_ids = [mine.id, queued.id, full.id, withAi.id, unknown, mine.id]
    const input = { conversation_ids, key: key(), tags: ['invoice', 'paid'] }
    const results = await bulk(ann.client, input)
    expect(results.map(({ conversation_id }) => conversation_id)).toEqual(conversation_ids.slice(0, 5))
    // What nobody of the desk may see is refused as what does not exist.
    const refused = ['CONFLICT', 'CONVERSATION_NOT_FOUND', 'CONVERSATION_NOT_FOUND']
    expect(codes(results)).toEqual(['done', 'done', ...refused])
    expect(results[0]!.handoff!.tags).toEqual(['before', 'invoice', 'paid'])
    expect((await read(full.id)).handoff!.tags).toEqual(tags)
    const { seq } = await read(mine.id)
    expect(await bulk(ann.client, input)).toEqual(results)
    expect((await read(mine.id)).seq).toBe(seq)
    const reused = await bulk(ann.client, { ...input, tags: ['other'] })
    expect(reused[0]!.error?.code).toBe('CONFLICT')
    expect((await read(mine.id)).handoff!.tags).toEqual(['before', 'invoice', 'paid'])
  })

  test('law O1b: completed are those one has; an administrator completes any', async () => {
    const [mine, theirs, queued] = [await served(ann.client), await served(ben.client), await waiting()]
    const conversation_ids = [mine.id, theirs.id, queued.id]
    const input = { conversation_ids, key: key(), tags: ['done'], to: 'complete' }
    expect(codes(await bulk(ann.client, input))).toEqual(['done', 'CONFLICT', 'CONFLICT'])
    expect((await becomes(mine.client, 'resolved')).mode).toBe('ai')
    expect((await read(theirs.id)).handoff).toMatchObject({ status: 'active', tags: [] })
    expect(codes(await bulk(ann.client, input))).toEqual(['done', 'CONFLICT', 'CONFLICT'])
    expect(codes(await bulk(admin.client, input))).toEqual(['CONFLICT', 'done', 'CONFLICT'])
    expect((await read(theirs.id)).handoff).toMatchObject({ status: 'resolved', tags: ['done'] })
  })

  test('law O1: whoever sees those without an agent takes them; others are assigned by leads alone', async () => {
    const [mine, theirs, queued] = [await served(ann.client), await served(ben.client), await waiting()]
    const conversation_ids = [mine.id, theirs.id, queued.id]
    const toBen = { conversation_ids, to: ben.id }
    expect(codes(await bulk(ann.client, toBen))).toEqual(['done', 'CONFLICT', 'FORBIDDEN'])
    expect((await read(queued.id)).handoff!.status).toBe('pending')
    await admin.client.ask('handoff:configure', { leads: [ann.id] })
    expect(codes(await bulk(ann.client, toBen))).toEqual(['done', 'done', 'done'])
    for (const id of conversation_ids) expect((await read(id)).conversation.agent?.id).toBe(ben.id)
    expect(notices(queued.client)).toContainEqual(expect.stringContaining('Ben'))
    await admin.client.ask('handoff:configure', { leads: [] })
    const withAi = await visitor()
    const toSelf = { conversation_ids: [withAi.id, mine.id], to: admin.id, tags: ['vip'] }
    const [taken, reassigned] = await bulk(admin.client, toSelf)
    expect(taken!.handoff).toMatchObject({ cause: 'takeover', agent: { id: admin.id }, tags: ['vip'] })
    expect(reassigned!.handoff).toMatchObject({ status: 'active', agent: { id: admin.id }, tags: ['vip'] })
    await becomes(withAi.client, 'active')
  })

  test('to a team, whether they wait or are served; a team or a person that is not there refuses all', async () => {
    const { team } = await admin.client.ask('team:save', { name: key(), members: [ben.id] })
    const [mine, queued] = [await served(ann.client), await waiting()]
    const conversation_ids = [mine.id, queued.id]
    const results = await bulk(ann.client, { conversation_ids, to: `team:${team.id}` })
    for (const { handoff } of results)
      expect(handoff).toMatchObject({ status: 'pending', team: { id: team.id } })
    const back = await bulk(ann.client, { conversation_ids, to: 'queue' })
    expect(back.map(({ handoff }) => handoff?.team ?? null)).toEqual([null, null])
  })

  test('nothing to do, too many, and what is not there are refused as a whole', async () => {
    const { id: conversation_id } = await waiting()
    const conversation_ids = [conversation_id]
    const call = (input: object) =>
      ann.client.call('handoff:bulk', { key: key(), conversation_ids, ...input } as BulkInput)
    expect(code(await call({}))).toBe('VALIDATION_ERROR')
    expect(code(await call({ conversation_ids: [], tags: ['a'] }))).toBe('VALIDATION_ERROR')
    const many = Array.from({ length: 101 }, key)
    expect(code(await call({ conversation_ids: many, tags: ['a'] }))).toBe('VALIDATION_ERROR')
    expect(code(await call({ to: `team:${key()}` }))).toBe('NOT_FOUND')
    expect(code(await call({ to: key() }))).toBe('NOT_FOUND')
  })

  test('a hundred of them, in one call', async () => {
    const talks = await Promise.all(Array.from({ length: 100 }, () => waiting()))
    const conversation_ids = talks.map(({ id }) => id)
    const results = await bulk(ann.client, { conversation_ids, to: ann.id })
    expect(new Set(codes(results))).toEqual(new Set(['done']))
    const completed = await bulk(ann.client, { conversation_ids, to: 'complete', tags: ['many'] })
    expect(completed.every(({ handoff }) => handoff?.status === 'resolved')).toBe(true)
  }, 60_000)
})
