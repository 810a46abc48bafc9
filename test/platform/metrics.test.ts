import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { createOpenAIModel } from '../../server/providers/openai.ts'
import { type ModelServer, startModelServer } from '../fixtures/fakes/model-server.ts'
import { converse, startServer, type TestServer } from '../fixtures/harness.ts'

let host: ModelServer
let server: TestServer
beforeAll(async () => {
  host = await startModelServer()
  const chat = createOpenAIModel({ baseUrl: `${host.url}/v1`, apiKey: 'test', model: 'test-model' })
  server = await startServer({}, { models: { chat } })
})
afterAll(() => host.close())

/** Every sample by its name and labels as they are written. */
async function scrape(): Promise<Map<string, number>> {
  const response = await fetch(`${server.url}/metrics`)
  expect(response.headers.get('content-type')).toMatch(/^text\/plain; version=0\.0\.4/)
  const lines = (await response.text()).split('\n').filter(line => line !== '' && !line.startsWith('#'))
  return new Map(
    lines.map(line => [line.slice(0, line.lastIndexOf(' ')), Number(line.slice(line.lastIndexOf(' ')))]),
  )
}

describe('/metrics', () => {
  test('shows what the one who operates it asks for', async () => {
    const before = await scrape()
    const client = await server.connect()
    const { conversation, answer } = await converse(client, 'Hello?')
    host.script({ pieces: ['Half ', 'of it'], ending: 'reset' })
    const { answer: failed } = await converse(client, 'Again?')
    expect(failed.status).toBe('failed')
    const again = await server.connect({ token: client.token })
    await again.ask('conversation:open', { conversation_id: conversation.id, since_seq: 1 })
    await again.ask('conversation:open', { conversation_id: conversation.id, since_seq: 10_000 })
    await again.call('message:feedback', { message_id: answer.id, rating: 1 })
    await again.call('message:feedback', { message_id: crypto.randomUUID(), rating: 1 })
    const after = await scrape()
    const grown = Object.fromEntries(
      [...after].flatMap(([name, value]) => {
        const difference = value - (before.get(name) ?? 0)
        return name.startsWith('parley_') && difference !== 0 ? [[name, difference]] : []
      }),
    )
    expect(grown).toMatchObject({
      'parley_connections{namespace="visitor"}': 2,
      'parley_messages_total{role="user"}': 2,
      'parley_messages_total{role="assistant"}': 2,
      'parley_durable_events_total{event="message:created"}': 4,
      'parley_durable_events_total{event="message:updated"}': 3,
      'parley_resumes_total{answer="events"}': 1,
      'parley_resumes_total{answer="snapshot"}': 1,
      'parley_replies_total{status="complete",provider="openai",degraded="false"}': 1,
      'parley_replies_total{status="failed",provider="openai",degraded="false"}': 1,
      parley_first_delta_seconds_count: 2,
      parley_open_conversations: 1,
      'parley_operation_seconds_count{operation="message:send",code="ok"}': 2,
      'parley_operation_seconds_count{operation="message:feedback",code="ok"}': 1,
      'parley_operation_seconds_count{operation="message:feedback",code="NOT_FOUND"}': 1,
    })
  })

  test('and what is there even when nothing happens', async () => {
    const samples = await scrape()
    const still = {
      parley_seq_gaps_total: 0,
      parley_caught_up_events_total: 0,
      parley_replies_running: 0,
      parley_journal_waiting: 0,
      parley_jobs_waiting: 0,
      parley_database_late: 0,
      parley_database_pools_replaced: 0,
      parley_redis_up: 0,
    }
    for (const [name, value] of Object.entries(still))
      expect([name, samples.get(name)]).toEqual([name, value])
    expect(samples.get('parley_database_connections')).toBeGreaterThanOrEqual(1)
    // The look itself asks how many jobs wait.
    expect(samples.get('parley_database_running')).toBeLessThanOrEqual(1)
    for (const name of [
      'nodejs_eventloop_lag_p99_seconds',
      'nodejs_heap_size_used_bytes',
      'process_resident_memory_bytes',
      'process_cpu_seconds_total',
    ])
      expect(samples.get(name)).toBeGreaterThan(0)
  })

  test('labels are of fixed sets: an unknown operation is not one', async () => {
    const client = await server.connect()
    await client.call('canary:canary' as never, {} as never)
    const names = [...(await scrape()).keys()].join('\n')
    expect(names).toContain('operation="unknown",code="NOT_FOUND"')
    expect(names).not.toContain('canary')
  })
})
