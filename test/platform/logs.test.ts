import { readdirSync, readFileSync } from 'node:fs'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { createLog, describeError } from '../../server/observability/log.ts'
import { createOpenAIModel } from '../../server/providers/openai.ts'
import { type ModelServer, startModelServer } from '../fixtures/fakes/model-server.ts'
import { startServer, type TestServer } from '../fixtures/harness.ts'

let host: ModelServer
let server: TestServer
let lines: string[]
beforeAll(async () => {
  host = await startModelServer()
  const chat = createOpenAIModel({ baseUrl: `${host.url}/v1`, apiKey: 'test', model: 'test-model' })
  lines = []
  const log = createLog('trace', { write: line => void lines.push(line) })
  server = await startServer({}, { models: { chat }, log })
})
afterAll(() => host.close())

/** What was logged under a request id. */
function logged(requestId: string): any[] {
  return lines.map(line => JSON.parse(line)).filter(line => line.request_id === requestId)
}

describe('a request id', () => {
  test('is the same in the acknowledgement, in the log, and in the line of the answer that was asked for', async () => {
    const client = await server.connect()
    const { conversation } = await client.ask('conversation:open', {})
    const conversation_id = conversation.id
    const sent = await client.call('message:send', { conversation_id, key: 'k', content: 'Hello?' })
    const { message } = await client.until('message:updated')
    expect(logged(sent.request_id)).toMatchObject([
      { msg: 'operation', operation: 'message:send', code: 'ok', person_id: expect.any(String) },
      { msg: 'answered', conversation_id, message_id: message.id, status: 'complete', provider: 'openai' },
    ])
    const refused = await client.call('message:send', { conversation_id, key: 'k', content: '' })
    expect(logged(refused.request_id)).toMatchObject([
      { operation: 'message:send', code: 'VALIDATION_ERROR' },
    ])
  })

  test('of questions that are answered together, that of the newest', async () => {
    const client = await server.connect()
    const { conversation } = await client.ask('conversation:open', {})
    const conversation_id = conversation.id
    const opened = Promise.withResolvers<void>()
    host.script({ pieces: ['One.'], gate: () => opened.promise }, { pieces: ['Two.'] })
    const say = (key: string) =>
      client.call('message:send', { conversation_id, key, content: `Question ${key}` })
    await say('first')
    await say('second')
    const third = await say('third')
    opened.resolve()
    const newest = third.success ? third.data.message.id : ''
    const { message } = await client.until('message:updated', event => event.message.in_reply_to === newest)
    expect(logged(third.request_id)).toMatchObject([
      { msg: 'operation' },
      { msg: 'answered', message_id: message.id },
    ])
  })

  test('over HTTP, also in the header, and also where it was refused before an operation ran', async () => {
    const ask = async (headers: Record<string, string>) => {
      const response = await fetch(`${server.url}/api/v1/chat`, {
        method: 'POST',
        headers: { 'content-type': 'application/json', ...headers },
        body: JSON.stringify({ message: 'Hello?' }),
      })
      const { request_id } = (await response.json()) as { request_id: string }
      expect(response.headers.get('x-request-id')).toBe(request_id)
      return request_id
    }
    expect(
      logged(await ask({}))
        .map(({ msg }) => msg)
        .sort(),
    ).toEqual(['answered', 'operation'])
    expect(logged(await ask({ authorization: 'Bearer none' }))).toMatchObject([
      { operation: 'chat:ask', code: 'UNAUTHORIZED' },
    ])
  })
})

describe('law S4: what people wrote', () => {
  const word = 'kanarienvogel'
  const mail = `${word}@vogel.example`
  const phone = '+49 30 901820777'
  const text = `${word} ${mail} ${phone}`

  function expectSilence() {
    const report = lines.filter(line => /kanarienvogel|vogel\.example|901820777/i.test(line))
    expect(report).toEqual([])
  }

  test('in any field of any operation, taken or refused, is in no line', async () => {
    const context = { product_id: word, url: `https://${word}.example/?q=${mail}` }
    const client = await server.connect({ auth: { context, language: 'en' } })
    const { conversation } = await client.ask('conversation:open', { context })
    const conversation_id = conversation.id
    const inputs: [string, unknown][] = [
      ['conversation:open', { new: true, key: word, context }],
      ['conversation:open', { conversation_id: text }],
      ['conversation:update', { conversation_id, title: text, metadata: { [word]: text } }],
      ['conversation:update', { conversation_id, title: `${text}\0`, metadata: { note: `${text}\0` } }],
      [
        'conversation:update',
        { conversation_id, title: `${text}\ud800`, metadata: { [`${text}\0`]: '\ud800' } },
      ],
      ['conversation:list', { search: text }],
      ['conversation:list', { search: `${text}\0` }],
      ['conversation:history', { conversation_id, before_seq: text }],
      ['message:send', { conversation_id, key: word, content: text, context }],
      ['message:send', { conversation_id, key: word, content: `other ${text}` }],
      ['message:send', { conversation_id, key: text, content: text }],
      ['message:send', { conversation_id, key: `${word}2`, content: `${text}\0` }],
      ['message:send', { conversation_id, key: `${word}3`, content: text, attachments: [text] }],
      ['message:send', text],
      ['product:search', { query: text, category: text }],
      ['product:search', { query: `${text}\0` }],
      ['product:recommend', { query: text, context }],
      ['product:compare', { product_ids: [word, text] }],
      ['auth:renew', { refresh_token: text }],
      ['reply:rejoin', { message_id: text, offset: 0 }],
      [text, { text }],
    ]
    for (const [name, input] of inputs) await client.call(name as never, input as never)
    const { message } = await client.until('message:updated')
    await client.call('message:feedback', { message_id: message.id, rating: -1, comment: text })
    await client.call('message:feedback', { message_id: message.id, rating: -1, comment: `${text}\0` })
    expectSilence()
  })

  test('over HTTP, in paths, headers, queries, files and broken bodies, is in no line', async () => {
    const token = await server.signIn()
    const send = (path: string, body: BodyInit, headers: Record<string, string> = {}) =>
      fetch(`${server.url}/api/v1${path}`, {
        method: 'POST',
        body,
        headers: { authorization: `Bearer ${token}`, 'x-request-id': word, 'user-agent': text, ...headers },
      })
    const json = { 'content-type': 'application/json' }
    await send('/chat', JSON.stringify({ message: text, session_id: text }), json)
    await send('/chat', JSON.stringify({ message: text, language: text }), json)
    await send('/chat', `{"message": "${text}`, json)
    await send('/chat', text, { 'content-type': `text/${word}` })
    await send(`/${word}?${mail}`, text)
    await send('/auth/login', JSON.stringify({ username: mail, password: text }), json)
    await send('/auth/login', JSON.stringify({ username: `${mail}\0`, password: text }), json)
    await send('/chat', JSON.stringify({ message: text }), { ...json, authorization: `Bearer ${word}` })
    await send('/chat', JSON.stringify({ message: text }), { ...json, authorization: text })
    await send('/admin/products', JSON.stringify([{ id: 'x', name: text, price: text }]), json)
    await send('/admin/products', JSON.stringify([{ id: word, name: `${text}\0` }]), json)
    for (const content of [`# ${text}\n\n${text}`, `${text}\0`, '']) {
      const form = new FormData()
      form.set('file', new File([content], `${word} ${mail}.md`, { type: 'text/markdown' }))
      await send('/admin/docs', form)
    }
    await fetch(`${server.url}/api/v1/products?query=${encodeURIComponent(text)}&page=${word}`)
    await fetch(`${server.url}/${word}`)
    expectSilence()
  })

  test('repeated by a model, or in what it says of its failure, is in no line', async () => {
    const client = await server.connect()
    const { conversation } = await client.ask('conversation:open', {})
    const conversation_id = conversation.id
    host.script({ pieces: [text] }, { pieces: [text], ending: 'garbage' }, { status: 400 })
    for (const key of ['one', 'two', 'three']) {
      const { message } = await client.ask('message:send', { conversation_id, key, content: text })
      await client.until('message:updated', event => event.message.in_reply_to === message.id)
    }
    expectSilence()
  })

  test('errors are given to the log as they are, so that it decides what of them is kept', () => {
    const files = readdirSync('server', { recursive: true, encoding: 'utf8' }).filter(name =>
      name.endsWith('.ts'),
    )
    const wrong = files.filter(name =>
      /(log\.\w+|warn)\([^)]*(String\(|\.message\b|\.stack\b|inWords)/.test(
        readFileSync(`server/${name}`, 'utf8'),
      ),
    )
    expect(wrong).toEqual([])
  })

  test('quoted by an error, is left out: of whatever is thrown, kind and place are kept', () => {
    const postgres = Object.assign(new Error(`invalid input: "${text}"`), {
      name: 'PostgresError',
      code: '22P02',
      detail: `Failing row contains (${text}).`,
      where: `JSON data, line 1: {"content": "${text}"}`,
    })
    const thrown = [
      postgres,
      new SyntaxError(`Unexpected token, "${text}" is not valid JSON`),
      new TypeError(`Headers.append: "${text}" is an invalid header value.`),
      new Error('outer', { cause: new Error(text) }),
      new Error(`first line\n    at ${text}`),
      text,
    ]
    for (const error of thrown) expect(JSON.stringify(describeError(error))).not.toContain(word)
    expect(describeError(postgres)).toMatchObject({ name: 'PostgresError', code: '22P02' })
    expect(describeError(postgres).stack[0]).toMatch(/^at .*logs\.test\.ts/)
    const mistake = describeError(new TypeError("Cannot read properties of undefined (reading 'id')"))
    expect(mistake.message).toBe("Cannot read properties of undefined (reading 'id')")
  })
})
