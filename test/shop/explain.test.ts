import { beforeAll, describe, expect, test } from 'vitest'
import { code, startServer, type TestClient, type TestServer } from '../fixtures/harness.ts'
import { hire } from '../fixtures/staff.ts'

let server: TestServer
let lead: TestClient
beforeAll(async () => {
  server = await startServer({ demoShop: true })
  const { token } = await hire(server, 'lead', 'super_admin')
  lead = await server.connect({ namespace: 'agent', token })
})

const explain = (question: string, fields: object = {}) =>
  lead.ask('question:explain', { question, ...fields })

describe('a question that is explained', () => {
  test('what was found stands in its order with why, what was cited first; the answer is the one a visitor gets', async () => {
    const { reading, found, evidence, answer, error } = await explain('can i retrun a laptop?')
    expect(reading).toMatchObject({ text: 'can i return a laptop?', language: 'en', small_talk: null })
    expect(reading.parts[0]!.terms).toContain('laptop')
    expect(evidence).toBe('enough')
    expect(error).toBeNull()
    const cited = found.find(({ outcome }) => outcome === 'cited')!
    expect(cited).toMatchObject({ source: 'document', matched: expect.arrayContaining(['return']) })
    for (const figure of ['score', 'words', 'coverage'] as const) expect(cited[figure]).toBeGreaterThan(0)
    expect(cited.meaning).toBeNull()
    expect(found.map(({ outcome }) => outcome)).toEqual(expect.arrayContaining(['cited', 'weaker']))
    expect(found.flatMap(({ boosts }) => boosts.map(({ kind }) => kind))).toContain('heading')
    const { reply } = await server.http('POST', '/chat', { message: 'can i retrun a laptop?' })
    expect(reply.success && reply.data.answer).toBe(answer!.text)
    expect(answer).toMatchObject({ provider_id: 'builtin', degraded: false })
  })

  test('nothing of it is stored', async () => {
    const counts = () => server.app.database.sql`
      select (select count(*) from conversations) as conversations, (select count(*) from messages) as messages,
        (select count(*) from events) as events`
    const [before] = await counts()
    await explain('How long does delivery take?')
    expect((await counts())[0]).toEqual(before)
  })

  test('products say which columns a question has to fit; the page it is asked on counts', async () => {
    const { found, reading } = await explain('Which laptop under 1000 euros has 16 GB?')
    expect(found[0]).toMatchObject({ source: 'product', words: null })
    expect(reading.parts[0]!.filters.join()).toBe('price < 1000,ram_gb ≥ 16 ≤ 16.38')
    const product_id = found[0]!.source_id
    const onPage = await explain('how heavy is it?', { context: { product_id } })
    expect(onPage.found[0]!.source_id).toBe(product_id)
  })

  test('two questions, small talk, what nobody can answer and a curated answer are said to be so', async () => {
    const both = await explain('How can I pay? And how long does delivery take?')
    expect(both.reading.parts).toHaveLength(2)
    expect((await explain('thanks!')).reading.small_talk).toBe('thanks')
    expect(await explain('Do you play the accordion?')).toMatchObject({ evidence: 'none' })
    expect(await explain('Do you repair accordions?')).toMatchObject({ evidence: 'near' })
    await lead.ask('article:save', { questions: ['Do you engrave?'], answer: 'Yes.', language: 'en' })
    const curated = await explain('can you engrave it')
    expect(curated).toMatchObject({ evidence: 'curated', answer: { text: 'Yes [1].' } })
    expect(curated.found).toMatchObject([{ source: 'article', outcome: 'cited' }])
  })

  test('law S6: an empty question is refused', async () => {
    expect(code(await lead.call('question:explain', { question: ' ' }))).toBe('VALIDATION_ERROR')
  })
})
