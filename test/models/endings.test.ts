import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { AnswerCut, ModelError } from '../../server/providers/model.ts'
import { type ModelServer, startModelServer } from '../fixtures/fakes/model-server.ts'
import { data, modelsOf, two, usage } from '../fixtures/streams.ts'

let host: ModelServer
beforeAll(async () => {
  host = await startModelServer()
})
afterAll(() => host.close())

const { openai, ollama, run } = modelsOf(() => host)

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
