import { beforeAll, describe, expect, test } from 'vitest'
import type { Language } from '#protocol'
import {
  assemble,
  code,
  converse,
  startServer,
  type TestClient,
  type TestServer,
} from '../fixtures/harness.ts'
import { askInVain, listQuestions, untilListed } from '../fixtures/questions.ts'
import { hire } from '../fixtures/staff.ts'

let server: TestServer
let lead: TestClient
beforeAll(async () => {
  server = await startServer({ demoShop: true })
  const { token } = await hire(server, 'lead', 'super_admin')
  lead = await server.connect({ namespace: 'agent', token })
})

const day = 86_400_000
const at = (ms: number) => new Date(Date.now() + ms).toISOString()

async function write(questions: string[], answer: string, fields: object = {}) {
  const input = { questions, answer, language: 'en' as Language, ...fields }
  return (await lead.ask('article:save', input)).article
}

const connectZh = () => server.connect({ auth: { language: 'zh' } })

async function ask(question: string, language = 'en') {
  const client = await server.connect({ auth: { language } })
  const { conversation, message, answer } = await converse(client, question)
  return { client, conversation, message, answer, shown: assemble(client.received, answer.id) }
}

describe('a curated answer', () => {
  test('law A1: is given as it stands to the same question in other words, streamed as stored, with its own reference', async () => {
    const text = 'Yes. **Engraving** costs 9 EUR:\n\n- up to 20 letters\n- two days more'
    const article = await write(['Do you engrave?', 'Can you engrave a name?'], text)
    for (const question of ['is it possible to have it engraved?', 'Could you engrave my name']) {
      const { answer, shown } = await ask(question)
      expect(answer).toMatchObject({ content: `${text} [1]`, status: 'complete', degraded: false })
      expect(shown).toBe(answer.content)
      expect(answer.references).toEqual([
        {
          number: 1,
          source: 'article',
          source_id: article.id,
          title: 'Do you engrave?',
          url: null,
          quote: text,
          score: 1,
          updated_at: article.updated_at,
        },
      ])
    }
    const other = await ask('Do you gift wrap?')
    expect(other.answer.references.map(({ source }) => source)).not.toContain('article')
  })

  test('stands before what documents say, and beside them where a message asks both', async () => {
    const before = await ask('How long do I have to return a laptop?')
    expect(before.answer.references[0]?.source).toBe('document')
    await write(['How long do I have to return a laptop?'], 'You have a hundred days this winter.')
    const { answer } = await ask('how long do i have to return a laptop')
    expect(answer.content).toBe('You have a hundred days this winter [1].')
    const both = await ask('How long do I have to return a laptop? And how can I pay?')
    expect(both.answer.content).toContain('a hundred days')
    expect(both.answer.references.map(({ source }) => source)).toEqual(['article', 'document'])
  })

  test('is of one language', async () => {
    await write(['可以刻字吗？', '能刻名字吗？'], '可以，刻字每件九元。', { language: 'zh' })
    expect((await ask('请问能刻字吗', 'zh')).answer.content).toBe('可以，刻字每件九元 [1]。')
  })

  test('is given from its first day to its last, and its state says so', async () => {
    const question = 'Is there a winter sale?'
    const article = await write([question], 'All month.', { valid_from: at(day) })
    expect(article.state).toBe('upcoming')
    expect((await ask(question)).answer.content).not.toContain('All month')
    const change = async (fields: object) =>
      (await lead.ask('article:save', { article_id: article.id, ...fields })).article.state
    expect(await change({ valid_from: null, valid_until: at(day) })).toBe('ending')
    expect((await ask(question)).answer.content).toBe('All month [1].')
    expect(await change({ valid_until: at(-day) })).toBe('expired')
    expect((await ask(question)).answer.content).not.toContain('All month')
    expect(await change({ valid_until: at(30 * day) })).toBe('valid')
    const refused = await lead.call('article:save', {
      article_id: article.id,
      valid_from: at(40 * day),
    })
    expect(code(refused)).toBe('VALIDATION_ERROR')
  })

  test('law S5: what is written, changed and removed is in the log; law S6: what is not there is said', async () => {
    const article = await write(['Do you buy old lamps?', 'do you buy old lamps?'], 'No.')
    expect(article.questions).toEqual(['do you buy old lamps?'])
    await lead.ask('article:save', { article_id: article.id, answer: 'Yes.' })
    expect((await lead.ask('article:get', { article_id: article.id })).article.answer).toBe('Yes.')
    expect((await lead.ask('article:list', { search: 'OLD LAMPS' })).items.map(({ id }) => id)).toEqual([
      article.id,
    ])
    await lead.ask('article:delete', { article_id: article.id })
    for (const call of [
      lead.call('article:delete', { article_id: article.id }),
      lead.call('article:get', { article_id: article.id }),
      lead.call('article:save', { article_id: article.id, answer: 'No.' }),
    ])
      expect(code(await call)).toBe('NOT_FOUND')
    for (const input of [{}, { questions: [] }, { questions: [' '], answer: 'A', language: 'en' }])
      expect(code(await lead.call('article:save', input as never))).toBe('VALIDATION_ERROR')
    const rows = await server.app.database.sql`
      select action, before, after from audit where subject = ${article.id} order by id`
    expect(rows.map(({ action }) => action)).toEqual(['article:save', 'article:save', 'article:delete'])
    expect(rows[1]).toMatchObject({ before: { answer: 'No.' }, after: { answer: 'Yes.' } })
  })
})

describe('questions that were not answered well', () => {
  test('are listed in groups of the same one, with their examples and where they were asked', async () => {
    const [one, other] = [await server.connect(), await server.connect()]
    await askInVain(one, lead, 'Do you repair accordions?')
    const group = await askInVain(other, lead, 'can you repair an accordion')
    expect(group).toMatchObject({
      question: 'can you repair an accordion',
      count: 2,
      language: 'en',
      status: 'open',
      signals: { unanswered: 2, disliked: 0, person: 0 },
    })
    expect(group.examples.map(({ question }) => question)).toEqual([
      'can you repair an accordion',
      'Do you repair accordions?',
    ])
    expect(await lead.until('question:changed')).toEqual({})
    const [wen, li] = [await connectZh(), await connectZh()]
    await askInVain(wen, lead, '你们修手风琴吗？')
    const zh = await askInVain(li, lead, '请问你们能修手风琴吗')
    expect(zh).toMatchObject({ count: 2, language: 'zh' })
    const listed = (await listQuestions(lead)).flatMap(({ examples }) => examples.map(each => each.question))
    await converse(one, 'thanks!')
    await askInVain(one, lead, 'Do you tune pianos?')
    expect(listed).not.toContain('thanks!')
  })

  test('a group is found by some of its questions, however often they are asked', async () => {
    const visitors = await Promise.all(Array.from({ length: 9 }, () => server.connect()))
    await Promise.all(visitors.map(visitor => converse(visitor, 'Do you tune harmoniums?')))
    await untilListed(lead, 'Do you tune harmoniums?', ({ count }) => count === visitors.length)
    const another = await server.connect()
    await converse(another, 'can you tune a harmonium')
    const { id } = await untilListed(lead, 'can you tune a harmonium', ({ count }) => count === 10)
    const [found] = await server.app.database.sql<{ count: number }[]>`
      select count(*)::int as count from question_signals where group_id = ${id} and terms <> '{}'`
    expect(found!.count).toBeLessThan(5)
  })

  test('an answer that is rated badly, and one after which a person is asked for, count; a rating taken back does not', async () => {
    const { client, answer, message, conversation } = await ask('How long does a refund take?')
    expect(answer.references).not.toEqual([])
    await client.ask('message:feedback', { message_id: answer.id, rating: -1 })
    await untilListed(lead, message.content, ({ signals }) => signals.disliked === 1)
    await client.ask('message:feedback', { message_id: answer.id, rating: 1 })
    await client.ask('handoff:request', { conversation_id: conversation.id, key: crypto.randomUUID() })
    const group = await untilListed(lead, message.content, ({ signals }) => signals.person === 1)
    expect(group).toMatchObject({ count: 1, signals: { disliked: 0, person: 1 } })
    const filtered = await lead.ask('question:list', { signal: 'person' })
    expect(filtered.items.map(({ id }) => id)).toEqual([group.id])
  })

  test('are answered once, and open again where that was no help', async () => {
    const group = await askInVain(await server.connect(), lead, 'Do you rent out harps?')
    const article = await write(['Do you rent out harps?'], 'By the week.', { group_id: group.id })
    expect(await untilListed(lead, group.question)).toMatchObject({
      status: 'answered',
      article_id: article.id,
    })
    const { client, answer } = await ask('do you rent out harps')
    expect(answer.content).toBe('By the week [1].')
    await client.ask('message:feedback', { message_id: answer.id, rating: -1 })
    const again = await untilListed(lead, 'do you rent out harps', ({ status }) => status === 'open')
    expect(again).toMatchObject({ id: group.id, article_id: article.id, count: 2 })
    await lead.ask('article:delete', { article_id: article.id })
    expect(await untilListed(lead, group.question)).toMatchObject({ status: 'open', article_id: null })
  })

  test('are put aside and taken up again, in the log', async () => {
    const group = await askInVain(await server.connect(), lead, 'Do you sell helicopters?')
    await lead.ask('question:dismiss', { group_id: group.id })
    const statusOf = async (status: 'open' | 'dismissed') =>
      (await lead.ask('question:list', { status, page_size: 100 })).items.map(({ id }) => id)
    expect(await statusOf('dismissed')).toEqual([group.id])
    expect(await statusOf('open')).not.toContain(group.id)
    await lead.ask('question:dismiss', { group_id: group.id, dismissed: false })
    expect(await statusOf('open')).toContain(group.id)
    const rows = await server.app.database
      .sql`select after from audit where subject = ${group.id} order by id`
    expect(rows.map(({ after }) => after)).toEqual([{ dismissed: true }, { dismissed: false }])
    expect(code(await lead.call('question:dismiss', { group_id: crypto.randomUUID() }))).toBe('NOT_FOUND')
  })

  test('a question whose words are removed is listed no more', async () => {
    const visitor = await server.connect()
    const { message } = await converse(visitor, 'Do you whittle spoons?')
    const group = await untilListed(lead, message.content)
    await lead.ask('message:redact', { message_id: message.id })
    expect((await listQuestions(lead)).map(({ id }) => id)).not.toContain(group.id)
  })

  test('numbers and addresses of people are masked, and what is erased is gone from here', async () => {
    const visitor = await server.connect()
    await converse(visitor, 'Do you mend bagpipes? I am ada@mail.example')
    const masked = 'Do you mend bagpipes? I am [email]'
    const group = await untilListed(lead, masked)
    const confirm = { confirm: 'erase everything' }
    const erased = await server.http('POST', '/privacy/erase', confirm, visitor.token)
    expect(erased.reply).toMatchObject({ success: true })
    const left = await server.app.database.sql`
      select 1 from question_signals where group_id = ${group.id}`
    expect(left).toHaveLength(0)
    expect((await listQuestions(lead)).map(({ id }) => id)).not.toContain(group.id)
  })
})
