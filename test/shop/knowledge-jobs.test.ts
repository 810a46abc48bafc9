import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest'
import { newId } from '../../server/core/ids.ts'
import { ModelError } from '../../server/providers/model.ts'
import { jobStorage } from '../../storage/platform/jobs.ts'
import { leaseStorage } from '../../storage/realtime/leases.ts'
import { call, file, type Knowledge, openKnowledge } from '../fixtures/knowledge.ts'

let knowledge: Knowledge
beforeAll(async () => {
  knowledge = await openKnowledge()
})
beforeEach(() => knowledge.clear())
afterAll(() => knowledge.close())

const kinds = ['index']

const leaseRunsOut = () =>
  knowledge.database.sql`update jobs set lease_until = now() - interval '1 second' where status = 'running'`

const nodeId = newId()
/** The node reached the database all that time. */
const inTouchFor = (seconds: number) => knowledge.database.sql`
  update node_leases set since = now() - make_interval(secs => ${seconds}), until = now() + interval '3 seconds'
  where node_id = ${nodeId}`

test('law D1: a job is there if and only if its document is', async () => {
  const { jobs } = knowledge.storage
  await expect(
    knowledge.database.transaction(async sql => {
      await jobs.enqueue(sql, { id: newId(), kind: 'index', subject: newId() })
      throw new Error('no')
    }),
  ).rejects.toThrow('no')
  expect(await jobs.current(kinds)).toBeNull()
})

test('several takers never get the same job', async () => {
  const { jobs } = knowledge.storage
  for (let at = 0; at < 6; at++)
    await knowledge.database.transaction(sql => jobs.enqueue(sql, { id: newId(), kind: 'index' }))
  const claimed = await Promise.all(Array.from({ length: 8 }, () => jobs.claim(kinds)))
  const ids = claimed.flatMap(job => (job ? [job.id] : []))
  expect(new Set(ids).size).toBe(6)
  expect(ids).toHaveLength(6)
})

test('a job whose process died is taken again, and the dead one’s word no longer counts', async () => {
  const area = knowledge.area()
  const { jobs } = knowledge.storage
  const { id } = await area.addDocument(file('a.txt', 'Words that will be found.'))
  const dead = (await jobs.claim(kinds))!
  expect(await jobs.claim(kinds)).toBeNull()
  await leaseRunsOut()
  await area.drain()
  expect((await area.handlers['document:get']({ doc_id: id }, call)).status).toBe('ready')
  expect(await jobs.advance(dead, 0.5)).toBeNull()
  expect(await jobs.end(dead, 'too late')).toBeNull()
  expect(await jobs.current(kinds)).toMatchObject({ status: 'done', attempt: 2, error: null })
})

test('H4: who could not reach the database waits a whole lease before a job is taken from its node', async () => {
  const { database, storage } = knowledge
  const judge = { jobs: jobStorage(database, nodeId), leases: leaseStorage(database, nodeId) }
  await database.transaction(sql => storage.jobs.enqueue(sql, { id: newId(), kind: 'index' }))
  const running = (await jobStorage(database, newId()).claim(kinds))!
  // All were cut off from the database for longer than the lease of the job.
  await leaseRunsOut()
  expect(await judge.jobs.claim(kinds)).toBeNull()
  await judge.leases.beat()
  expect(await judge.jobs.claim(kinds)).toBeNull()
  await inTouchFor(29)
  expect(await judge.jobs.claim(kinds)).toBeNull()
  // Its node is there again, and goes on.
  expect(await storage.jobs.advance(running, 0.5)).toMatchObject({ attempt: 1, progress: 0.5 })
  await inTouchFor(31)
  expect(await judge.jobs.claim(kinds)).toBeNull()
  // Cut off again, this time for good; the judge too for a moment, so that it begins to count anew.
  await leaseRunsOut()
  await database.sql`update node_leases set until = now() - interval '1 second' where node_id = ${nodeId}`
  expect(await judge.jobs.claim(kinds)).toBeNull()
  await judge.leases.beat()
  expect(await judge.jobs.claim(kinds)).toBeNull()
  await inTouchFor(31)
  expect(await judge.jobs.claim(kinds)).toMatchObject({ id: running.id, attempt: 2 })
  expect(await storage.jobs.advance(running, 0.6)).toBeNull()
  await judge.leases.leave()
})

test('H4: nor is a job given up that was interrupted too often, before a whole lease has passed', async () => {
  const { database, storage } = knowledge
  const [jobs, leases] = [jobStorage(database, nodeId), leaseStorage(database, nodeId)]
  await database.transaction(sql => storage.jobs.enqueue(sql, { id: newId(), kind: 'index' }))
  await storage.jobs.claim(kinds)
  await database.sql`update jobs set attempt = 5`
  await leaseRunsOut()
  await leases.beat()
  expect(await jobs.claim(kinds)).toBeNull()
  expect(await jobs.current(kinds)).toMatchObject({ status: 'running' })
  await inTouchFor(31)
  expect(await jobs.claim(kinds)).toBeNull()
  expect(await jobs.current(kinds)).toMatchObject({
    status: 'error',
    error: expect.stringContaining('Given up'),
  })
  await leases.leave()
})

test('indexing that was interrupted half-way begins again and ends with each passage once', async () => {
  const area = knowledge.area()
  const { documents, jobs } = knowledge.storage
  const text = Array.from({ length: 300 }, (_, at) => `Line ${at} of ${'many '.repeat(60)}.`).join('\n\n')
  const { id } = await area.addDocument(file('long.txt', text))
  await jobs.claim(kinds)
  const document = (await documents.text(id))!
  const row = {
    id: newId(),
    source_id: id,
    ordinal: 0,
    title: 't',
    url: null,
    text: 'left behind',
    language: 'en',
    updated_at: document.updated_at,
    place: null,
    terms: [1],
    frequencies: [1],
    length: 1,
    words: [],
  }
  await documents.index(document, { rows: [row], first: true, last: false, derivation: 1 })
  await leaseRunsOut()
  await area.drain()
  expect(await area.searchPassages({ query: 'left behind', source: 'document', limit: 5 })).toEqual([])
  const { stored, counted } = await knowledge.statistics()
  expect(stored).toBe(counted)
  const { chunks } = await area.handlers['document:get']({ doc_id: id }, call)
  const [{ count }] = (await knowledge.database.sql`
    select count(*)::int as count from passages where source_id = ${id}`) as unknown as [{ count: number }]
  expect(count).toBe(chunks)
})

test('a job that takes its process down each time is given up, in words', async () => {
  const { jobs } = knowledge.storage
  await knowledge.database.transaction(sql => jobs.enqueue(sql, { id: newId(), kind: 'index' }))
  for (let times = 0; times < 5; times++) {
    expect(await jobs.claim(kinds)).not.toBeNull()
    await leaseRunsOut()
  }
  expect(await jobs.claim(kinds)).toBeNull()
  expect(await jobs.current(kinds)).toMatchObject({
    status: 'error',
    error: expect.stringContaining('Given up'),
  })
})

test('a failing embedding host is tried again later, and said in words; documents stay found', async () => {
  const embedding = {
    model: 'fake',
    async embed(): Promise<number[][]> {
      throw new ModelError('The embedding host does not answer.')
    },
  }
  const area = knowledge.area({ embedding })
  const { id } = await area.addDocument(file('a.txt', 'Open daily.'))
  await area.drain()
  expect((await area.handlers['document:get']({ doc_id: id }, call)).status).toBe('ready')
  const waiting = { status: 'building', job: { kind: 'embed', error: 'The embedding host does not answer.' } }
  expect(await area.handlers['index:status']({}, call)).toMatchObject(waiting)
  for (let times = 0; times < 3; times++) {
    await knowledge.database.sql`update jobs set run_after = now()`
    await area.drain()
  }
  expect(await area.handlers['index:status']({}, call)).toMatchObject({ ...waiting, status: 'error' })
})

test('a database’s or a bug’s own words never reach the document', async () => {
  const area = knowledge.area()
  const { id } = await area.addDocument(file('a.txt', 'Open daily.'))
  await knowledge.database.sql`update documents set sections = '[{"text": 5}]' where id = ${id}`
  await area.drain()
  const document = await area.handlers['document:get']({ doc_id: id }, call)
  expect(document).toMatchObject({ status: 'error', error: 'An internal error; the server log has it.' })
  expect(await area.handlers['index:status']({}, call)).toMatchObject({ status: 'error' })
  expect(knowledge.warnings).toEqual(['A job failed.'])
})

test('rebuilding is one job however often it is asked for, and keeps everything findable', async () => {
  const area = knowledge.area()
  await area.addDocument(file('a.txt', 'Open daily.'))
  await area.replaceProductPassages([
    { source_id: 'p', title: 'Lamp', url: null, text: 'Brass lamp', updated_at: '2026-01-02T03:04:05.000Z' },
  ])
  await area.drain()
  const first = await area.handlers['index:rebuild']({}, call)
  expect(await area.handlers['index:rebuild']({}, call)).toEqual(first)
  await area.drain()
  expect(await area.searchPassages({ query: 'open', source: 'document', limit: 5 })).toHaveLength(1)
  expect(await area.searchPassages({ query: 'brass', source: 'product', limit: 5 })).toHaveLength(1)
  expect(await area.handlers['index:status']({}, call)).toMatchObject({ status: 'idle', progress: 1 })
})

test('what was indexed of an older catalogue never takes the place of a newer one', async () => {
  const { passages } = knowledge.storage
  const versionOf = async (active: boolean) => {
    const [row] = await knowledge.database.sql<{ version: number }[]>`
      insert into catalogue_versions (count, active, hash, profile) values (0, ${active}, '', '{}') returning version`
    return row!.version
  }
  const older = await versionOf(false)
  const newer = await versionOf(true)
  const importing = await passages.beginCorpus('product', { derivation: 1, version: newer })
  const rebuilding = await passages.beginCorpus('product', { derivation: 1, version: older })
  await passages.activateCorpus(importing)
  await passages.activateCorpus(rebuilding)
  expect(await passages.productCorpus()).toEqual({ version: newer, derivation: 1 })
  expect(await passages.addTo(rebuilding, [])).toBe(false)
  await knowledge.database.sql`delete from catalogue_versions`
})

test('a started area takes jobs up at once, and stopping waits for what is at hand', async () => {
  const area = knowledge.area()
  await area.start()
  const { promise, resolve } = Promise.withResolvers<void>()
  const watching = knowledge.area({ progress: job => job.status === 'done' && resolve() })
  await watching.start()
  await watching.addDocument(file('a.txt', 'Open daily.'))
  await area.stop()
  await promise
  await watching.stop()
  expect(await knowledge.storage.jobs.current(kinds)).toMatchObject({ status: 'done' })
})
