import { beforeAll, expect, test } from 'vitest'
import type { EventPayload } from '#protocol'
import { Queue } from '../../server/areas/desk/handoff/queue.ts'
import { createQueueSync } from '../../server/areas/desk/handoff/queue-sync.ts'
import { newId } from '../../server/core/ids.ts'
import { createLog } from '../../server/observability/log.ts'
import { handoffStorage, type StoredHandoff } from '../../storage/desk/handoff.ts'
import { key, people, quick } from '../fixtures/handoff.ts'
import { startServer, type TestServer } from '../fixtures/harness.ts'

let server: TestServer
beforeAll(async () => {
  server = await startServer({ handoffTimeoutS: 3600 }, { handoff: quick })
})
const { agent, visitor } = people(() => server)

/** Makes the queue `length` long, with people who left their page open elsewhere. */
async function fill(length: number): Promise<void> {
  const { sql } = server.app.database
  await sql`
    with made as (
      insert into people (id, role) select gen_random_uuid(), 'visitor'
      from generate_series(1, ${length} - (select count(*)::int from handoffs where status = 'pending')) returning id),
    talks as (
      insert into conversations (id, person_id, language, mode, epoch, seq)
      select gen_random_uuid(), id, 'en', 'queued', 1, 1 from made returning id)
    insert into handoffs (id, conversation_id, status, cause, priority, created_at, queued_at)
    select gen_random_uuid(), id, 'pending', 'request', 1, now() - interval '1 hour', now() from talks`
  await sql`analyze handoffs`
}

/** Rows of the table that statements have read so far, by scans and by indexes. */
async function rowsRead(): Promise<number> {
  const { sql } = server.app.database
  await sql`select pg_stat_force_next_flush()`
  const [row] = await sql<{ rows: number }[]>`
    select (seq_tup_read + coalesce(idx_tup_fetch, 0))::float8 as rows from pg_stat_user_tables where relname = 'handoffs'`
  return row!.rows
}

test('a change of a queue of 5,000 reads no more rows than of one of 50', async () => {
  const ann = await agent()
  const { client, id } = await visitor()
  const cost: Record<number, number> = {}
  for (const length of [50, 5000]) {
    await fill(length)
    await ann.client.until('queue:changed', event => event.pending === length)
    const before = await rowsRead()
    for (let round = 0; round < 10; round++) {
      const { handoff } = await client.ask('handoff:request', { conversation_id: id, key: key() })
      expect(handoff.queue_position).toBe(length + 1)
      await ann.client.until('queue:changed', event =>
        event.handoffs.some(entry => entry.id === handoff.id && entry.status === 'pending'),
      )
      await client.ask('handoff:cancel', { conversation_id: id })
      await ann.client.until('queue:changed', event =>
        event.handoffs.some(entry => entry.id === handoff.id && entry.status === 'cancelled'),
      )
    }
    cost[length] = (await rowsRead()) - before
  }
  console.log(
    `rows read by 10 requests and 10 cancellations: ${cost[50]} of 50 waiting, ${cost[5000]} of 5,000`,
  )
  expect(cost[50]).toBeGreaterThan(0)
  // Twenty changes that each read the queue would be 100,000; a plan from before the queue was long may read it once.
  expect(cost[5000]!).toBeLessThan(cost[50]! * 2 + 2 * 5000)
}, 60_000)

test('a node looks at nobody in front of a change, and tells only those it has who moved', async () => {
  const rows: StoredHandoff[] = []
  const storage = handoffStorage(server.app.database)
  const { handoffs } = await storage.present(0)
  const waiting = handoffs.filter(row => row.status === 'pending')
  const queue = new Queue({ capacity: () => 3, team: () => null, clocks: () => [] })
  const requested: string[] = []
  const moved: EventPayload<'handoff:moved'>[] = []
  const received = new Set<string>()
  const watch = createQueueSync({
    storage: {
      present: async () => ({ horizon: '1', handoffs: waiting, agents: [] }),
      changesSince: async () => ({ horizon: '1', handoffs: rows, agents: [] }),
    },
    queue,
    toStaff() {},
    toConversation: (_id, _event, payload) => moved.push(payload),
    hasSubscribers(id) {
      requested.push(id)
      return received.has(id)
    },
    isIdle: () => false,
    log: createLog('silent'),
  })
  await watch.refresh()
  expect(queue.waiting).toHaveLength(5000)
  requested.length = 0
  const last = queue.waiting.at(-1)!
  const later = {
    ...last,
    id: newId(),
    conversation_id: newId(),
    created_at: new Date(Date.now() + 1000).toISOString(),
  }
  received.add(later.conversation_id)
  rows.push(later)
  await watch.refresh()
  expect(requested).toEqual([later.conversation_id])
  expect(moved).toEqual([
    {
      conversation_id: later.conversation_id,
      handoff_id: later.id,
      queue_position: 5001,
      estimated_wait_ms: null,
    },
  ])
  received.add(queue.waiting[10]!.conversation_id!)
  rows.push({ ...queue.waiting[0]!, status: 'cancelled', seq: 2 })
  await watch.refresh()
  await watch.close()
  expect(moved.slice(1).map(event => event.queue_position)).toEqual([10, 5000])
})
