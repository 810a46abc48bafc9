import fc from 'fast-check'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { buildPrompt } from '../../server/answering/prompt/prompt.ts'
import { defaultTimings, generateWith } from '../../server/areas/chat/reply/generate.ts'
import { readConfig } from '../../server/config/config.ts'
import { createReasoningFilter } from '../../server/providers/chat/reasoning.ts'
import { wholeAnswer } from '../../server/providers/chat/whole.ts'
import { createEventReader } from '../../server/providers/event-reader.ts'
import { type ModelServer, startModelServer } from '../fixtures/fakes/model-server.ts'
import { chunk, data, modelsOf, request, two, usage } from '../fixtures/streams.ts'

let host: ModelServer
beforeAll(async () => {
  host = await startModelServer()
})
afterAll(() => host.close())

const { openai, ollama, run } = modelsOf(() => host)

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
