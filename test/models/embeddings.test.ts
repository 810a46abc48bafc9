import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest'
import type { Call } from '../../server/core/call.ts'
import { createOllamaEmbedding } from '../../server/providers/ollama.ts'
import { createOpenAIEmbedding } from '../../server/providers/openai.ts'
import { type ModelServer, startModelServer } from '../fixtures/fakes/model-server.ts'
import { openKnowledge } from '../fixtures/knowledge.ts'

let host: ModelServer
let knowledge: Awaited<ReturnType<typeof openKnowledge>>
beforeAll(async () => {
  host = await startModelServer()
  knowledge = await openKnowledge()
})
afterAll(async () => {
  await knowledge.close()
  await host.close()
})
beforeEach(async () => {
  host.refuseTexts(null)
  await knowledge.clear()
})

const call = {} as Call
const rows = Array.from({ length: 40 }, (_, at) => ({
  source_id: `p${at}`,
  title: `Lamp ${at}`,
  url: null,
  text: at === 20 ? 'An endless description of a telescope.' : 'It shines.',
  updated_at: '2026-01-01T00:00:00.000Z',
}))

function embeddingOf(name: 'openai' | 'ollama') {
  return name === 'openai'
    ? createOpenAIEmbedding({ baseUrl: `${host.url}/v1`, apiKey: null, model: 'e' })
    : createOllamaEmbedding({ host: host.url, model: 'e' })
}

async function embedAll(name: 'openai' | 'ollama') {
  const area = knowledge.area({ embedding: embeddingOf(name) })
  await area.replaceProductPassages(rows)
  await area.drain()
  return { area, status: await area.handlers['index:status']({}, call) }
}

const refusal = { status: 400, body: '{"error":{"message":"batch size is too large"}}' }

test.each(['openai', 'ollama'] as const)('D8: %s: a host that takes ten texts gets no more', async name => {
  const sizes: number[] = []
  host.refuseTexts(texts => {
    sizes.push(texts.length)
    return texts.length > 10 ? refusal : null
  })
  const { status } = await embedAll(name)
  expect(status).toMatchObject({
    status: 'idle',
    embedding: { model: 'e', passages: 40, embedded: 40, refused: 0 },
  })
  expect(sizes).toEqual([32, 16, 8, 8, 8, 8, 8])
})

test('D8: a passage that is refused is marked and skipped, and found by its words', async () => {
  host.refuseTexts(texts => (texts.some(text => text.includes('endless')) ? refusal : null))
  const { area, status } = await embedAll('openai')
  expect(status).toMatchObject({ status: 'idle', embedding: { passages: 40, embedded: 39, refused: 1 } })
  const [found] = await area.searchPassages({ query: 'telescope', source: 'product', limit: 1 })
  expect(found).toMatchObject({ source_id: 'p20' })
})

test('D8: a host that refuses everything marks nothing', async () => {
  host.refuseTexts(() => ({ status: 400, body: '{"error":"unknown model"}' }))
  const { status } = await embedAll('openai')
  expect(status).toMatchObject({
    job: { error: 'The model host answered 400: unknown model.' },
    embedding: { embedded: 0, refused: 0 },
  })
})

/** For a host that is as slow as no test can wait for. */
const embeddingLimits = { batchMs: 1000, textMs: 0 }

test('D8: a slow host gets fewer texts at a time; until all have vectors the index is built, and found by words', async () => {
  const sizes: number[] = []
  const begun = Promise.withResolvers<void>()
  host.refuseTexts(texts => {
    // A search asks for the vector of its question.
    if (texts.length > 1) sizes.push(texts.length)
    begun.resolve()
    return texts.length > 10 ? new Promise(() => {}) : null
  })
  const area = knowledge.area({ embedding: embeddingOf('openai'), embeddingLimits })
  await area.replaceProductPassages(rows)
  const drained = area.drain()
  await begun.promise
  expect(await area.handlers['index:status']({}, call)).toMatchObject({
    status: 'building',
    embedding: { passages: 40, embedded: 0 },
  })
  const [found] = await area.searchPassages({ query: 'telescope', source: 'product', limit: 1 })
  expect(found).toMatchObject({ source_id: 'p20' })
  await drained
  expect(sizes.slice(0, 3)).toEqual([32, 16, 8])
  expect(await area.handlers['index:status']({}, call)).toMatchObject({
    status: 'idle',
    embedding: { passages: 40, embedded: 40, refused: 0 },
  })
})

test('D8: a host that does not answer for a single text either is asked again later, and nothing is marked', async () => {
  host.refuseTexts(() => new Promise(() => {}))
  const area = knowledge.area({
    embedding: embeddingOf('ollama'),
    embeddingLimits: { ...embeddingLimits, batchMs: 100 },
  })
  await area.replaceProductPassages(rows)
  await area.drain()
  expect(await area.handlers['index:status']({}, call)).toMatchObject({
    status: 'building',
    job: { error: 'The embedding model did not answer in time.' },
    embedding: { passages: 40, embedded: 0, refused: 0 },
  })
})
