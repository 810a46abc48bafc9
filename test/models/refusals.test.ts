import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { readConfig } from '../../server/config/config.ts'
import { hostWords } from '../../server/providers/host-words.ts'
import { type ModelServer, type Script, startModelServer } from '../fixtures/fakes/model-server.ts'
import { modelsOf } from '../fixtures/streams.ts'

let host: ModelServer
beforeAll(async () => {
  host = await startModelServer()
})
afterAll(() => host.close())

const { openai, ollama, run } = modelsOf(() => host)

describe('D5: what a host refuses is left out', () => {
  const refusals: [string, Script['refuse']][] = [
    [
      'stream_options',
      body =>
        body.stream_options
          ? { status: 400, body: '{"error":{"message":"Unrecognized request argument: stream_options"}}' }
          : null,
    ],
    [
      'stream_options, by detail',
      body =>
        body.stream_options
          ? {
              status: 422,
              body: '{"detail":[{"loc":["body","stream_options"],"msg":"Extra inputs are not permitted"}]}',
            }
          : null,
    ],
    ['stream_options, unnamed', body => (body.stream_options ? { status: 400, body: 'Bad Request' } : null)],
    [
      'an answer without a limit',
      body =>
        body.max_tokens ? null : { status: 400, body: '{"error":{"message":"max_tokens: field required"}}' },
    ],
    [
      'an answer without a limit, by detail',
      body =>
        body.max_tokens
          ? null
          : {
              status: 422,
              body: '{"detail":[{"type":"missing","loc":["body","max_tokens"],"msg":"Missing"}]}',
            },
    ],
    [
      'system',
      body =>
        body.messages.some(({ role }) => role === 'system')
          ? { status: 400, body: '{"error":{"message":"System role not supported"}}' }
          : null,
    ],
    [
      'system, by a template',
      body =>
        body.messages.some(({ role }) => role === 'system')
          ? { status: 500, body: '{"error":{"message":"Conversation roles must alternate user/assistant"}}' }
          : null,
    ],
  ]
  test.each(refusals)('%s, and that is remembered', async (_name, refuse) => {
    const model = openai()
    host.always({ pieces: ['Fine.'], refuse })
    const before = host.requests.length
    expect(await run(model)).toMatchObject({ text: 'Fine.', error: null })
    const tried = host.requests.length
    expect(tried - before).toBeGreaterThan(1)
    expect(await run(model)).toMatchObject({ text: 'Fine.', error: null })
    expect(host.requests.length - tried).toBe(1)
    const roles = host.requests.at(-1)!.messages.map(({ role }) => role)
    if (!roles.includes('system')) expect(roles).toEqual(['user'])
    host.always({ pieces: ['Hello.'] })
  })

  test('a stream: the whole answer is read', async () => {
    const whole = { choices: [{ message: { content: 'Fine.' }, finish_reason: 'stop' }] }
    host.script(
      { status: 400, body: '{"error":{"message":"This model does not support streaming"}}' },
      { raw: [JSON.stringify(whole)] },
    )
    expect(await run(openai())).toMatchObject({ text: 'Fine.', error: null })
    expect(host.requests.at(-1)!.stream).toBe(false)
  })

  const soon: Record<string, string>[] = [
    { 'retry-after': '0' },
    { 'retry-after': new Date(0).toUTCString() },
    { 'retry-after-ms': '5' },
  ]
  test.each(soon)('a 429 with %j is waited for', async headers => {
    expect(await run(openai(), { status: 429, headers })).toMatchObject({ error: null })
  })

  const never: Script[] = [
    { status: 429 },
    { status: 429, headers: { 'retry-after': '3600' } },
    { status: 429, headers: { 'retry-after': '0' }, body: '{"error":{"code":"insufficient_quota"}}' },
    { status: 401, headers: { 'retry-after': '0' } },
  ]
  test.each(never)('%j is not', async script => {
    const before = host.requests.length
    expect((await run(openai(), script)).error?.message).toContain(`answered ${script.status}`)
    expect(host.requests.length - before).toBe(1)
  })
})

describe('D6: the start says what is wrong', () => {
  const wrong: [string, Script, Script, RegExp][] = [
    [
      'a wrong path',
      { status: 404, body: '<html>Not found</html>' },
      { status: 404, body: '<html>Not found</html>' },
      /no chat at .*\/v1/,
    ],
    ['a page in place of a list', { status: 200, body: '<html>' }, {}, /web page/],
    [
      'a wrong key',
      { status: 401, body: '{"error":"Incorrect key key-0123456789"}' },
      {},
      /answered 401: Incorrect key …\.$/,
    ],
    ['a wrong key without a list', { status: 404 }, { status: 401 }, /answered 401/],
  ]
  test.each(wrong)('%s', async (_name, listing, chat, says) => {
    host.refuseListing(listing)
    host.script(chat)
    expect(await openai().check(AbortSignal.timeout(10_000))).toMatch(says)
    host.refuseListing(null)
    if (listing.status !== 404) await run(openai())
  })

  test('a host without a list is not wrong', async () => {
    host.refuseListing({ status: 404 })
    host.script({ status: 400, body: '{"error":{"message":"messages must not be empty"}}' })
    expect(await openai().check(AbortSignal.timeout(10_000))).toBeNull()
    host.refuseListing(null)
  })
})

describe('D9: connections and addresses', () => {
  test('an idle connection that its host has closed is tried once more on a fresh one', async () => {
    const models = [openai(), ollama()]
    for (const model of models) {
      await run(model)
      host.closeIdle(true)
      expect(await run(model, { pieces: ['Back.'] })).toMatchObject({ text: 'Back.', error: null })
      expect(await model.check(AbortSignal.timeout(10_000))).toBeNull()
      host.closeIdle(false)
    }
  })

  const addresses: [string, string][] = [
    ['0.0.0.0', 'http://127.0.0.1:11434'],
    ['0.0.0.0:8000', 'http://127.0.0.1:8000'],
    ['localhost', 'http://localhost:11434'],
    ['10.0.0.5:80', 'http://10.0.0.5'],
    [':9000', 'http://127.0.0.1:9000'],
    ['::1', 'http://[::1]:11434'],
    ['[::]', 'http://[::1]:11434'],
    ['http://box', 'http://box'],
    ['http://0.0.0.0:11434/', 'http://127.0.0.1:11434'],
    ['https://box', 'https://box'],
    ['https://box/ollama/', 'https://box/ollama'],
    ['box/ollama', 'http://box:11434/ollama'],
  ]
  test.each(addresses)('OLLAMA_HOST %s is %s', (value, address) => {
    expect(readConfig({ OLLAMA_HOST: value }, []).llm.ollamaHost).toBe(address)
  })

  test.each(['ftp://box', 'box:99999', 'a b', 'http://a:b@c'])('OLLAMA_HOST %s is refused', value => {
    expect(() => readConfig({ OLLAMA_HOST: value }, [])).toThrow('OLLAMA_HOST')
  })
})

test('A7: what a host says reaches staff without keys, organizations or people’s words', () => {
  const hostSentence =
    'Incorrect API key provided: sk-proj-abc***xyz (key-0123456789) for organization org-AbC123 of tim@shop.example: "How heavy is the lamp you sold me?"'
  const words = hostWords(hostSentence, 'x How heavy is the lamp you sold me? y', {
    authorization: 'Bearer key-0123456789',
  })
  expect(words).toContain('Incorrect API key provided')
  for (const secret of ['sk-', 'xyz', '0123456789', 'org-', 'tim@', 'How heavy'])
    expect(words).not.toContain(secret)
})
