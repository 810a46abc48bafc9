import fc from 'fast-check'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { buildPrompt } from '../../server/answering/prompt/prompt.ts'
import { defaultTimings, generateWith } from '../../server/areas/chat/reply/generate.ts'
import { readConfig } from '../../server/config/config.ts'
import { createReasoningFilter } from '../../server/providers/chat/reasoning.ts'
import { wholeAnswer } from '../../server/providers/chat/whole.ts'
import { createEventReader } from '../../server/providers/event-reader.ts'
import { hostWords } from '../../server/providers/host-words.ts'
import { AnswerCut, type ChatModel, type ChatRequest, ModelError } from '../../server/providers/model.ts'
import { createOllamaModel } from '../../server/providers/ollama.ts'
import { createOpenAIModel } from '../../server/providers/openai.ts'
import { type ModelServer, type Script, startModelServer } from '../fixtures/fakes/model-server.ts'

let host: ModelServer
beforeAll(async () => {
  host = await startModelServer()
})
afterAll(() => host.close())

const request: ChatRequest = {
  question: { text: 'How heavy is it?', earlier: [], language: 'en', context: {} },
  history: [
    { role: 'user', text: 'And this?' },
    { role: 'user', text: 'Which lamp?' },
  ],
  evidence: [],
}

const openai = (name = 'test-model') =>
  createOpenAIModel({ baseUrl: `${host.url}/v1`, apiKey: 'key-0123456789', model: name })
const ollama = () => createOllamaModel({ host: host.url, model: 'test-model' })

/** As the server collects an answer: what is retracted does not count. */
async function run(model: ChatModel, script?: Script) {
  if (script) host.script(script)
  const received = { text: '', retracted: 0, alive: 0 }
  const requested: ChatRequest = {
    ...request,
    onActivity() {
      received.alive += 1
    },
    onRetract() {
      received.text = ''
      received.retracted += 1
    },
  }
  const answering = model.answer(
    requested,
    extra => {
      received.text += extra
    },
    new AbortController().signal,
  )
  const { tokens, error } = await answering.then(
    counted => ({ tokens: counted, error: null }),
    (failure: Error) => ({ tokens: null, error: failure }),
  )
  return { ...received, tokens, error }
}

/** Each is reasoning `a` and the answer `b`. */
const reasoned = [
  '<think>a</think>b',
  '<think>\na\n</think>\n\nb',
  '\n\n<think>a</think> b',
  '<THINK>a</Think>b',
  '< think >a</ think >b',
  '<think type="x">a</think>b',
  '<think></think>b',
  '<think/>b',
  '<thinking>a</thinking>b',
  '<thought>a</thought>b',
  '<reasoning>a</reasoning>b',
  '<reflection>a</reflection>b',
  '<seed:think>a</seed:think>b',
  '[THINK]a[/THINK]b',
  '◁think▷a◁/think▷b',
  '<|begin_of_thought|>a<|end_of_thought|>\n\n<|begin_of_solution|>b<|end_of_solution|>',
  '<|START_THINKING|>a<|END_THINKING|><|START_RESPONSE|>b<|END_RESPONSE|>',
  '<|channel|>analysis<|message|>a<|end|>b',
  '<|channel|>analysis<|message|>a<|end|><|start|>assistant<|channel|>final<|message|>b<|return|>',
  '<|start|>assistant<|channel|>analysis<|message|>a<|start|>assistant<|channel|>final <|message|>b<|end|>',
  '<|channel|>final<|message|>b',
  'b<think>a',
  'b<think>a</think>',
  'a</think>b',
  'a</thinking>\nb',
  'a[/THINK]b',
  'a◁/think▷b',
  'a<|end|><|start|>assistant<|channel|>final<|message|>b',
  '<think>a<think>a</think>a</think>b',
  '<think>a</think><think>a</think>b',
]
const literal = [
  'Write `<think>` and `</think>` so.',
  '```xml\n<think>a</think>\n```\nand ``<think>`` too.',
  '~~~\n</think>\n~~~\n',
  'a < b, [think](https://a.example), [1] <b>x</b> <thinker> </',
  '<',
  '  indented\n\ttext ',
]

function filtered(text: string, sizes: number[], beginsInside = false): string {
  let out = ''
  const filter = createReasoningFilter({
    beginsInside,
    onHabit() {},
    onRetract() {
      out = ''
    },
  })
  for (let at = 0, turn = 0; at < text.length; turn++) {
    const size = sizes[turn % sizes.length]!
    const extra = filter.push(text.slice(at, at + size))
    out += extra
    at += size
  }
  const rest = filter.end(true)
  return out + rest
}

describe('D1: reasoning is no part of an answer', () => {
  test.each(reasoned)('%j is b, however it comes', text => {
    fc.assert(
      fc.property(fc.array(fc.integer({ min: 1, max: 12 }), { minLength: 1, maxLength: 6 }), sizes => {
        expect(filtered(text, sizes)).toBe('b')
      }),
      { numRuns: 60 },
    )
    for (let at = 1; at < text.length; at++) expect(filtered(text, [at, text.length])).toBe('b')
  })

  test.each(literal)('%j stays', text => {
    for (const sizes of [[1], [2], [3], [text.length]]) expect(filtered(text, sizes)).toBe(text)
  })

  test('the text of a model whose template begins inside is held back until that ends', () => {
    for (const text of ['a <b> c</think>\nb', '<think>a</think>b', 'a <think> a</think>b', 'b', 'b<think>a'])
      for (const sizes of [[1], [3], [text.length]]) expect(filtered(text, sizes, true)).toBe('b')
  })

  test.each(['<', '<thin', '</thi', '<|chan', '[TH', '◁'])(
    'half a mark at the end of a cut answer, %s, is none of it; at the end of a whole one it is text',
    async half => {
      for (const model of [openai(), ollama()]) {
        expect(await run(model, { pieces: ['b', half], reason: 'length' })).toMatchObject({ text: 'b' })
        expect(await run(model, { pieces: ['b', half] })).toMatchObject({ text: `b${half}` })
      }
    },
  )

  test('blanks alone are no text', () => {
    for (const text of [' ', '\n\n', '<think>a</think>\n', ' \n<think>a'])
      for (const sizes of [[1], [text.length]]) expect(filtered(text, sizes)).toBe('')
  })

  test.each(['openai', 'ollama'] as const)(
    '%s: neither in the text nor in fields of its own',
    async provider => {
      const model = provider === 'openai' ? openai() : ollama()
      const pieces = ['<thi', 'nk>I see', ' it</th', 'ink>\n\n', 'Two', ' kg']
      expect(await run(model, { reasoning: ['Let me', ' see'], pieces })).toMatchObject({
        text: 'Two kg',
        error: null,
      })
    },
  )

  test('is taken back where only its end was marked, and never shown again by that model', async () => {
    const model = openai()
    let at = 0
    const shown = Promise.withResolvers<void>()
    host.script({ pieces: ['a', '</think>b'], gate: async () => (at++ > 0 ? shown.promise : undefined) })
    const outputs: string[] = []
    const requested = { ...request, onRetract: () => void outputs.splice(0) }
    const onText = (text: string) => {
      outputs.push(text)
      shown.resolve()
    }
    await model.answer(requested, onText, AbortSignal.timeout(10_000))
    expect(outputs).toEqual(['b'])
    expect(await run(model, { pieces: ['more', '</think>', 'c'] })).toMatchObject({ text: 'c', retracted: 0 })
    expect(await run(model, { pieces: ['d'] })).toMatchObject({ text: 'd', retracted: 0 })
  })

  test('is not in summaries and translations, and an answer that ends inside it has no text', async () => {
    const whole = { lengthMax: 100, silenceMs: 10_000 }
    host.script({ pieces: ['a', '</think>', ' b'] })
    expect(await wholeAnswer(openai(), request, whole)).toBe('b')
    expect(await run(openai('deepseek-r1'), { pieces: ['a', ' a'], reason: 'length' })).toMatchObject({
      text: '',
    })
  })

  test('is not sent back where it was stored before', () => {
    const turns = [{ role: 'assistant' as const, text: '<think>a</think>It is tall [2].' }]
    const prompt = buildPrompt({ ...request, history: turns })
    expect(prompt[1]).toEqual({ role: 'assistant', content: 'It is tall.' })
  })
})

describe('D2: a cut answer is not whole', () => {
  const reasons = ['length', 'content_filter', 'error', 'tool_calls', 'model_length', 'whatever']
  test.each(reasons)('finish_reason %s', async reason => {
    for (const model of [openai(), ollama()]) {
      const { text, error } = await run(model, {
        pieces: ['Once'],
        reason,
        usage: { prompt_tokens: 3, completion_tokens: 1 },
      })
      expect(text).toBe('Once')
      expect(error).toBeInstanceOf(AnswerCut)
      expect((error as AnswerCut).tokens).toEqual({ prompt_tokens: 3, completion_tokens: 1 })
    }
  })

  test('an end without a reason is none', async () => {
    for (const model of [openai(), ollama()]) {
      const { text, error } = await run(model, { pieces: ['Once'], reason: null })
      expect(text).toBe('Once')
      expect(error).toBeInstanceOf(ModelError)
    }
  })

  test('Ollama: an answer that reaches the end of the context is cut', async () => {
    const full = { prompt_tokens: 8000, completion_tokens: 192 }
    expect((await run(ollama(), { pieces: ['Once'], usage: full })).error).toBeInstanceOf(AnswerCut)
    expect(host.requests.at(-1)!.options!.num_ctx).toBe(8192)
    const less = { prompt_tokens: 8000, completion_tokens: 191 }
    expect((await run(ollama(), { pieces: ['Once'], usage: less })).error).toBeNull()
  })
})

const chunk = (content: unknown, extra: object = {}) => ({
  choices: [{ index: 0, delta: { content }, ...extra }],
})
const data = (value: unknown) => `data: ${JSON.stringify(value)}`
const two = [data(chunk('Zwei ')), data(chunk('公斤', { finish_reason: 'stop' }))]
const usage = { prompt_tokens: 5, completion_tokens: 3, total_tokens: 8 }

/** All of them say "Zwei 公斤". */
const forms: [string, string][] = [
  ['LF', `${two.join('\n\n')}\n\ndata: [DONE]\n\n`],
  ['CRLF', `${two.join('\r\n\r\n')}\r\n\r\ndata: [DONE]\r\n\r\n`],
  ['CR', `${two.join('\r\r')}\r\rdata: [DONE]\r\r`],
  ['a BOM', `\ufeff${two.join('\n\n')}\n\ndata: [DONE]\n\n`],
  ['no space after the colon', `${two.join('\n\n').replaceAll('data: ', 'data:')}\n\ndata:[DONE]\n\n`],
  ['blanks round the end mark', `${two.join('\n\n')}\n\ndata:   [DONE]  \n\n`],
  [
    'comments, names, ids and empty data',
    `: hi\n\nretry: 5\nid: 1\nevent: message\n${two.join('\n\n: ping\n\ndata:\n\ndata: \n\n')}\n\n`,
  ],
  [
    'an event over several lines',
    two
      .map(line => line.replace('{"choices"', '{\ndata: "choices"').replace('}]}', '}]\ndata: }'))
      .join('\n\n'),
  ],
  ['events without empty lines', `${two.join('\n')}\ndata: [DONE]\n`],
  ['no end of the last line', two.join('\n\n')],
  [
    'a list of parts',
    `${data(
      chunk([
        { type: 'thinking', thinking: 'x' },
        { type: 'text', text: 'Zwei ' },
      ]),
    )}\n\n${data(chunk([{ type: 'text', text: '公' }, '斤'], { finish_reason: 'stop' }))}\n\n`,
  ],
  [
    'other types',
    `${data(chunk(7))}\n\n${data(chunk({ a: 1 }))}\n\n${data(chunk([{ type: 'image_url', image_url: 'x' }, 3, null]))}\n\n${data({ choices: [{ delta: null }] })}\n\n${data({ choices: [] })}\n\n${data(null)}\n\n${data(5)}\n\n${two.join('\n\n')}\n\n`,
  ],
  [
    'message for delta',
    `${data({ choices: [{ message: { content: 'Zwei ' } }] })}\n\n${data({ choices: [{ message: { content: '公斤' }, finish_reason: 'stop' }] })}\n\n`,
  ],
  [
    'all of it once more',
    `${two[0]}\n\n${data(chunk('公斤'))}\n\n${data({ object: 'chat.completion', choices: [{ message: { content: 'Zwei 公斤' }, finish_reason: 'stop' }] })}\n\n`,
  ],
  [
    'empty reasons',
    `${data(chunk('Zwei ', { finish_reason: '' }))}\n\n${data(chunk('公斤', { finish_reason: null }))}\n\ndata: [DONE]\n\n`,
  ],
  [
    'one whole body',
    JSON.stringify({
      object: 'chat.completion',
      choices: [{ message: { content: 'Zwei 公斤' }, finish_reason: 'stop' }],
      usage,
    }),
  ],
  [
    'one whole body over lines',
    JSON.stringify(
      { choices: [{ message: { content: [{ type: 'text', text: 'Zwei 公斤' }] }, finish_reason: 'stop' }] },
      null,
      2,
    ),
  ],
  [
    'JSON lines',
    `${JSON.stringify({ message: { content: 'Zwei ' } })}\n${JSON.stringify({ message: { content: '公斤' } })}\r\n\n${JSON.stringify({ done: true })}`,
  ],
]

describe('D3: an answer is read by the grammar', () => {
  test.each(forms)('with %s', async (_name, body) => {
    const bytes = Buffer.from(body)
    for (const size of [bytes.length, 1, 7]) {
      const raw = Array.from({ length: Math.ceil(bytes.length / size) }, (_, at) =>
        bytes.subarray(at * size, (at + 1) * size),
      )
      for (const model of [openai(), ollama()])
        expect(await run(model, { raw })).toMatchObject({ text: 'Zwei 公斤', error: null })
    }
  })

  test('is the same for every split', () => {
    const read = (body: string, sizes: number[]) => {
      const found: string[] = []
      const reader = createEventReader(event => void found.push(event))
      for (let at = 0, turn = 0; at < body.length; turn++) {
        const size = sizes[turn % sizes.length]!
        reader.push(body.slice(at, at + size))
        at += size
      }
      reader.end()
      return found
    }
    const sizes = fc.array(fc.integer({ min: 1, max: 40 }), { minLength: 1, maxLength: 8 })
    fc.assert(
      fc.property(fc.constantFrom(...forms.map(([, body]) => body)), sizes, (body, cut) => {
        expect(read(body, cut)).toEqual(read(body, [body.length]))
      }),
      { numRuns: 300 },
    )
  })

  const counts: [string, object][] = [
    ['a last chunk', { choices: [], usage }],
    ['null choices', { choices: null, usage }],
    ['Anthropic’s names', { choices: [], usage: { input_tokens: 5, output_tokens: 3 } }],
    ['the choice', { choices: [{ delta: {}, usage }] }],
    ['x_groq', { choices: [], x_groq: { usage } }],
  ]
  test.each(counts)('tokens are counted by %s', async (_name, last) => {
    const raw = [`${two.join('\n\n')}\n\n${data(last)}\n\ndata: [DONE]\n\n`]
    expect((await run(openai(), { raw })).tokens).toEqual({ prompt_tokens: 5, completion_tokens: 3 })
  })

  const failures: [string, string, RegExp][] = [
    [
      'an error in the stream',
      `${two[0]}\n\n${data({ error: { message: 'overloaded' } })}\n\n`,
      /overloaded/,
    ],
    ['an error event', `${two[0]}\n\nevent: error\ndata: {"message":"overloaded"}\n\n`, /overloaded/],
    ['an error for a stream', JSON.stringify({ error: 'overloaded' }), /overloaded/],
    ['a web page', '<!doctype html><title>Hello</title>', /web page/],
    ['words', 'data: oops\n\n', /not JSON/],
    ['nothing', '', /ended the answer early/],
  ]
  test.each(failures)('%s is a failure', async (_name, body, says) => {
    expect((await run(openai(), { raw: [body] })).error?.message).toMatch(says)
  })
})

describe('D4: the end of an answer is the protocol’s', () => {
  const afters = ['open', 'reset', 'garbage'] as const
  test.each(afters)('the connection is %s behind it', async after => {
    for (const model of [openai(), ollama()]) {
      const counted = { prompt_tokens: 5, completion_tokens: 3 }
      const before = host.connections()
      expect(await run(model, { pieces: ['Done.'], usage: counted, after })).toMatchObject({
        text: 'Done.',
        tokens: counted,
        error: null,
      })
      // The connection that was not ended is let go.
      while (after !== 'reset' && host.connections() > before)
        await new Promise(resolve => setImmediate(resolve))
    }
  })

  test('a reason alone is an end, and a count behind it is read', async () => {
    const raw = [`${two.join('\n\n')}\n\n`]
    expect(await run(openai(), { raw, after: 'open' })).toMatchObject({
      text: 'Zwei 公斤',
      tokens: null,
      error: null,
    })
    const later = [...raw, `${data({ choices: [], usage })}\n\n`]
    expect(await run(openai(), { raw: later, after: 'open' })).toMatchObject({
      tokens: { prompt_tokens: 5, completion_tokens: 3 },
    })
  })
})

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

describe('D7: any byte is life', () => {
  test('reasoning and keep-alives keep a model alive for longer than its silence may last', async () => {
    const silenceMs = 1500
    const beats = Array.from({ length: 12 }, (_, at) =>
      at % 2 ? ': ping\n\n' : `${data({ choices: [{ delta: { reasoning: 'hm' } }] })}\n\n`,
    )
    const beat = () => new Promise<void>(resolve => void setTimeout(resolve, 200))
    host.script({ raw: [...beats, `${two.join('\n\n')}\n\n`], gate: beat })
    let text = ''
    await generateWith(openai(), request, {
      onText(extra) {
        text += extra
      },
      signal: new AbortController().signal,
      timings: { ...defaultTimings, firstTextMs: silenceMs, silenceMs },
    })
    expect(text).toBe('Zwei 公斤')
  })

  test('a summary or a translation too is waited for while bytes come, and given up after a silence', async () => {
    const beat = () => new Promise<void>(resolve => void setTimeout(resolve, 200))
    const beats = Array.from({ length: 8 }, () => ': ping\n\n')
    host.script({ raw: [...beats, `${two.join('\n\n')}\n\n`], gate: beat })
    expect(await wholeAnswer(openai(), request, { lengthMax: 100, silenceMs: 1000 })).toBe('Zwei 公斤')
    host.script({ hang: true })
    await expect(wholeAnswer(openai(), request, { lengthMax: 100, silenceMs: 300 })).rejects.toThrow(
      expect.objectContaining({ name: 'TimeoutError' }),
    )
  })

  test('its bound is a setting', () => {
    expect(readConfig({}, []).llmSilenceS).toBe(60)
    expect(readConfig({ LLM_SILENCE_S: '300' }, []).llmSilenceS).toBe(300)
    for (const value of ['0', 'soon', '-1'])
      expect(() => readConfig({ LLM_SILENCE_S: value }, [])).toThrow('LLM_SILENCE_S')
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
