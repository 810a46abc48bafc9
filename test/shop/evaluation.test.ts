import { beforeAll, describe, expect, test } from 'vitest'
import type { OperationInput, Reference } from '#protocol'
import { until } from '../faults/wait.ts'
import { code, converse, startServer, type TestClient, type TestServer } from '../fixtures/harness.ts'
import { askInVain } from '../fixtures/questions.ts'
import { hire } from '../fixtures/staff.ts'

let server: TestServer
let lead: TestClient
let token: string
beforeAll(async () => {
  server = await startServer({ demoShop: true })
  ;({ token } = await hire(server, 'lead', 'super_admin'))
  lead = await server.connect({ namespace: 'agent', token })
})

const save = async (input: OperationInput<'evaluation:save'>) =>
  (await lead.ask('evaluation:save', input)).case
const casesOf = async () => (await lead.ask('evaluation:cases', { page_size: 100 })).items

async function clear() {
  for (const { id } of await casesOf()) await lead.ask('evaluation:delete', { case_id: id })
}

/** A run that somebody begins, to its end. */
async function run() {
  const { run } = await lead.ask('evaluation:start', {})
  return ended(run.id)
}

async function ended(run_id: string) {
  let found = await lead.ask('evaluation:get', { run_id })
  await until('the run to end', async () => {
    found = await lead.ask('evaluation:get', { run_id })
    return found.run.ended_at !== null
  })
  return found
}

const sourcesOf = (references: Reference[]) =>
  references.map(({ source, source_id, title }) => ({ source, source_id, title: title.split(' › ')[0] }))

async function upload(name: string, text: string): Promise<string> {
  const form = new FormData()
  form.append('file', new Blob([text]), name)
  const { reply } = await server.http('POST', '/admin/docs', form, token)
  const { doc_id } = reply.success ? reply.data : undefined!
  await until('the document to be indexed', async () => {
    const { reply } = await server.http('GET', `/admin/docs/${doc_id}`, undefined, token)
    return reply.success && reply.data.status === 'ready'
  })
  return doc_id
}

describe('an evaluation', () => {
  test('each question is held against what is expected of its answer, and the sums say how it went', async () => {
    await clear()
    const { answer } = await converse(await server.connect(), 'Within how many days can I return a laptop?')
    const { source, source_id, title } = answer.references[0]!
    const expected = { source: source as 'document', source_id, title }
    await save({
      question: 'Within how many days can I return a laptop?',
      sources: [expected],
      facts: ['30 DAYS | a month'],
    })
    await save({ question: 'Do you play the accordion?', expects: 'refusal' })
    await save({
      question: 'How can I pay?',
      sources: [{ ...expected, source: 'product', source_id: 'none' }],
    })
    await save({ question: 'Do you play the tuba?' })
    await save({ question: 'can I return a laptop', facts: ['0 days', 'within 7 weeks'] })
    await save({ question: 'How long can I return it?', expects: 'refusal' })
    const { run: done, before, results } = await run()
    expect(before).toBeNull()
    const problems = Object.fromEntries(results.map(({ question, problems }) => [question, problems]))
    expect(problems).toEqual({
      'Within how many days can I return a laptop?': [],
      'Do you play the accordion?': [],
      'How can I pay?': ['other_source'],
      'Do you play the tuba?': ['refused'],
      'can I return a laptop': ['missing_fact'],
      'How long can I return it?': ['answered'],
    })
    expect(results.find(({ question }) => question === 'can I return a laptop')!.missing).toEqual([
      '0 days',
      'within 7 weeks',
    ])
    expect(done).toMatchObject({
      status: 'done',
      trigger: 'person',
      cases: 6,
      asked: 6,
      passed: 2,
      refusals: 2,
      models: ['builtin'],
      cost: null,
    })
    expect(done.references.honest).toBe(done.references.written)
    expect(done.references.honest).toBeGreaterThan(3)
    expect(done.median_ms).not.toBeNull()
  })

  test('questions grow from conversations: with what was said before, the page and the sources that were cited, masked and once', async () => {
    await clear()
    const visitor = await server.connect()
    const first = await converse(visitor, 'Can I return a laptop?')
    const { conversation_id } = first.message
    await visitor.ask('message:send', {
      conversation_id,
      key: crypto.randomUUID(),
      content: 'And is it free? My mail is ada@mail.example',
    })
    const { message } = await visitor.until('message:updated', event => event.message.seq > first.answer.seq)
    const { cases, added } = await lead.ask('evaluation:adopt', { message_id: message.id })
    expect(added).toBe(1)
    expect(cases[0]).toMatchObject({
      question: 'And is it free? My mail is [email]',
      language: 'en',
      earlier: [{ question: 'Can I return a laptop?', answer: first.answer.content }],
      is_adopted: true,
      sources: sourcesOf(message.references),
    })
    const again = await lead.ask('evaluation:adopt', { message_id: message.in_reply_to! })
    expect(again).toMatchObject({ added: 0, cases: [{ id: cases[0]!.id }] })
    const question = await lead.ask('evaluation:adopt', { message_id: first.message.id })
    expect(question.cases[0]).toMatchObject({ question: 'Can I return a laptop?', earlier: [] })

    const group = await askInVain(await server.connect(), lead, 'Do you play the ocarina?')
    const ofGroup = await lead.ask('evaluation:adopt', { group_id: group.id })
    expect(ofGroup.cases[0]).toMatchObject({ question: 'Do you play the ocarina?', sources: [] })
    const { article } = await lead.ask('article:save', {
      questions: ['Do you engrave?', 'Can it be engraved?'],
      answer: 'Yes.',
      language: 'en',
    })
    const ofArticle = await lead.ask('evaluation:adopt', { article_id: article.id })
    expect(ofArticle.added).toBe(2)
    const source = { source: 'article', source_id: article.id, title: 'Do you engrave?' }
    expect(ofArticle.cases.map(({ sources }) => sources)).toEqual([[source], [source]])
    const { results } = await run()
    expect(results.filter(({ passed }) => passed).map(({ question }) => question)).toEqual(
      expect.arrayContaining(['Do you engrave?', 'Can it be engraved?', 'Can I return a laptop?']),
    )
  })

  test('law S6: what a visitor said goes when it is removed, unless the shop has made it its own', async () => {
    await clear()
    const { message } = await converse(await server.connect(), 'Do you sell kites, asks Ada Lovelace?')
    const { message: other } = await converse(await server.connect(), 'Do you sell drums, asks Ada Lovelace?')
    await lead.ask('evaluation:adopt', { message_id: message.id })
    const { cases } = await lead.ask('evaluation:adopt', { message_id: other.id })
    const own = await save({ case_id: cases[0]!.id, question: 'Do you sell drums?' })
    expect(own).toMatchObject({ is_adopted: false, language: 'en' })
    for (const { id } of [message, other]) await lead.ask('message:redact', { message_id: id })
    expect((await casesOf()).map(({ question }) => question)).toEqual(['Do you sell drums?'])
  })

  test('a run is compared with the one before, question by question, what became worse first', async () => {
    await clear()
    const doc = await upload('zoo.md', '# Zoo\n\n## Giraffes\n\nGiraffes may be hired for 90 EUR an hour.')
    await upload('pay.md', '# Payment\n\nPay by card or PayPal.\n\n# Delivery\n\nDelivery takes 3 days.')
    await save({ question: 'What does it cost to hire a giraffe?', facts: ['90'] })
    await save({ question: 'Do you have a car park?' })
    await save({ question: 'How can I pay?' })
    const first = await run()
    await server.http('DELETE', `/admin/docs/${doc}`, undefined, token)
    await upload('park.md', '# Car park\n\nThe car park has 40 places.')
    const added = await save({ question: 'How long does delivery take?' })
    const { before, results, run: second } = await run()
    expect(before!.id).toBe(first.run.id)
    expect(results.map(({ question, change, passed }) => [question, change, passed])).toEqual([
      ['What does it cost to hire a giraffe?', 'worse', false],
      ['Do you have a car park?', 'better', true],
      ['How long does delivery take?', 'new', true],
      ['How can I pay?', 'same', true],
    ])
    expect(results[0]!.before).toMatchObject({ passed: true, answer: expect.stringContaining('90 EUR') })
    // What came of a question goes with it, the sums of the run stay.
    await lead.ask('evaluation:delete', { case_id: added.id })
    const later = await lead.ask('evaluation:get', { run_id: second.id })
    expect(later.results).toHaveLength(3)
    expect(later.run.asked).toBe(4)
  })

  test('what is there already, nothing to ask, and what is not there are refused', async () => {
    await clear()
    expect(code(await lead.call('evaluation:start', {}))).toBe('CONFLICT')
    await save({ question: 'How can I pay?' })
    expect(code(await lead.call('evaluation:save', { question: 'how can i PAY?' }))).toBe('CONFLICT')
    expect(code(await lead.call('evaluation:save', { language: 'en' }))).toBe('VALIDATION_ERROR')
    expect(code(await lead.call('evaluation:adopt', {}))).toBe('VALIDATION_ERROR')
    const nobody = crypto.randomUUID()
    for (const call of [
      lead.call('evaluation:adopt', { message_id: nobody }),
      lead.call('evaluation:save', { case_id: nobody, facts: [] }),
      lead.call('evaluation:delete', { case_id: nobody }),
      lead.call('evaluation:get', { run_id: nobody }),
      lead.call('evaluation:cancel', { run_id: nobody }),
    ])
      expect(code(await call)).toBe('NOT_FOUND')
  })

  test('a run is one at a time, is told to staff, and ends where it is cancelled', async () => {
    await clear()
    for (let number = 0; number < 30; number++)
      await save({ question: `How can I pay for number ${number}?` })
    const first = await lead.ask('evaluation:start', {})
    expect((await lead.ask('evaluation:start', {})).run.id).toBe(first.run.id)
    await lead.until('evaluation:changed', event => event.run_id === first.run.id)
    const { run: cancelled } = await lead.ask('evaluation:cancel', { run_id: first.run.id })
    expect(cancelled.status).toBe('cancelled')
    expect((await lead.ask('evaluation:cancel', { run_id: first.run.id })).run.status).toBe('cancelled')
    const next = await run()
    expect(next.run).toMatchObject({ status: 'done', asked: 30 })
    // One that was cut short is nothing to compare with.
    expect(next.before?.id).not.toBe(first.run.id)
  })

  test('where it is set, a change is followed by a run once all is indexed, and nothing else is', async () => {
    await clear()
    await save({ question: 'Do you have a swimming pool?' })
    await run()
    const runs = async () => (await lead.ask('evaluation:runs', {})).items
    const count = (await runs()).length
    const lookForChange = async () => {
      for (let times = 0; times < 3; times++) await server.app.evaluateIfChanged()
    }
    await upload('pool.md', '# Swimming pool\n\nOur swimming pool is open from 8 to 20.')
    await lookForChange()
    expect(await runs()).toHaveLength(count)
    await lead.ask('evaluation:set', { automatic: true })
    expect((await lead.ask('evaluation:settings', {})).settings).toEqual({ automatic: true })
    await lookForChange()
    const [newest] = await runs()
    expect(newest).toMatchObject({ trigger: 'change' })
    const { results } = await ended(newest!.id)
    expect(results[0]).toMatchObject({ change: 'better', passed: true })
    await lookForChange()
    expect(await runs()).toHaveLength(count + 1)
    await lead.ask('article:save', { questions: ['Do you?'], answer: 'No.', language: 'en' })
    await lookForChange()
    expect(await runs()).toHaveLength(count + 2)
    await ended((await runs())[0]!.id)
    await lead.ask('evaluation:set', { automatic: false })
  })

  test('law D1: a run whose node died goes on where it was; one whose job was given up ends as failed', async () => {
    await clear()
    const { sql } = server.app.database
    await save({ question: 'How can I pay?' })
    const [row] = await sql<{ id: string }[]>`
      insert into evaluation_runs (id, status, trigger, basis, cases) values (gen_random_uuid(), 'running', 'person', '', 1)
      returning id`
    await server.app.evaluateIfChanged()
    const { run: lost } = await lead.ask('evaluation:get', { run_id: row!.id })
    expect(lost).toMatchObject({ status: 'error', error: 'It was interrupted.' })

    await save({ question: 'Where are you?' })
    const { items } = await lead.ask('evaluation:cases', {})
    const [half] = await sql<{ id: string }[]>`
      with run as (
          insert into evaluation_runs (id, status, trigger, basis, cases, asked)
          values (gen_random_uuid(), 'running', 'person', '', 2, 1) returning id),
        job as (insert into jobs (id, kind, subject) select gen_random_uuid(), 'evaluation', id::text from run),
        result as (
          insert into evaluation_results (run_id, case_id, question, problems, missing, answer, sources, is_refusal,
            marks_written, marks_honest, duration_ms)
          select id, ${items[0]!.id}, 'Where are you?', '{}', '{}', 'As it was answered before.', '[]', false, 0, 0, 1 from run)
      select id from run`
    const { run: done, results } = await run()
    expect(done).toMatchObject({ id: half!.id, status: 'done', asked: 2 })
    expect(results.map(({ answer }) => answer)).toContain('As it was answered before.')
  })
})
