import { execFileSync } from 'node:child_process'
import { once } from 'node:events'
import { setFlagsFromString } from 'node:v8'
import { runInNewContext } from 'node:vm'
import { afterAll, beforeAll, beforeEach, describe, expect, test, vi } from 'vitest'
import { defaultTimings, generateWith } from '../../server/areas/chat/reply/generate.ts'
import { createEgress } from '../../server/net/egress.ts'
import { AnswerCut, type ChatModel, type ChatRequest, ModelError } from '../../server/providers/model.ts'
import { createOllamaEmbedding, createOllamaModel } from '../../server/providers/ollama.ts'
import { createOpenAIEmbedding, createOpenAIModel } from '../../server/providers/openai.ts'
import type { AgentFor } from '../../server/providers/stream.ts'
import { type ModelServer, type Script, startModelServer } from '../fixtures/fakes/model-server.ts'

let host: ModelServer
beforeAll(async () => {
  // What an operator may have for other programs is no setting of ours.
  vi.stubEnv('OPENAI_ORG_ID', 'org-of-another')
  vi.stubEnv('OPENAI_PROJECT_ID', 'proj-of-another')
  vi.stubEnv('OPENAI_ADMIN_KEY', 'key-of-another')
  vi.stubEnv('OPENAI_CUSTOM_HEADERS', 'x-another: one')
  vi.stubEnv('OPENAI_LOG', 'debug')
  host = await startModelServer()
})
afterAll(() => host.close())
beforeEach(() => {
  for (const list of [host.requests, host.headers, host.aborted]) list.length = 0
})

const request: ChatRequest = {
  question: { text: 'How heavy is it?', earlier: [], language: 'en', context: {} },
  history: [],
  evidence: [],
}
const soon = () => AbortSignal.timeout(10_000)

async function run(model: ChatModel, signal = soon()) {
  let text = ''
  const tokens = await model.answer(request, extra => (text += extra), signal)
  return { text, tokens }
}

describe.each(['openai', 'ollama'] as const)('the package %s', provider => {
  const create = (agentFor?: AgentFor, base = host.url): ChatModel =>
    provider === 'openai'
      ? createOpenAIModel({ baseUrl: `${base}/v1`, apiKey: 'key-0123456789', model: 'test-model', agentFor })
      : createOllamaModel({ host: base, model: 'test-model', agentFor })
  const createEmbedding = () =>
    provider === 'openai'
      ? createOpenAIEmbedding({ baseUrl: `${host.url}/v1`, apiKey: null, model: 'e' })
      : createOllamaEmbedding({ host: host.url, model: 'e' })

  test('sends what the call needs and nothing of the machine or its environment', async () => {
    const model = create()
    await run(model)
    await model.check(soon())
    await createEmbedding().embed(['one'], soon())
    expect(host.headers).toHaveLength(3)
    const known = ['accept', 'authorization', 'connection', 'content-length', 'content-type', 'host']
    for (const headers of host.headers)
      expect(Object.keys(headers).filter(name => !known.includes(name))).toEqual([])
    const keys = host.headers.map(({ authorization }) => authorization)
    const key = provider === 'openai' ? 'Bearer key-0123456789' : undefined
    expect(keys).toEqual([key, key, undefined])
  })

  test('calls once: whether to ask again is decided by us', async () => {
    for (const status of [408, 409, 429, 500, 503]) {
      host.requests.length = 0
      host.script({ status })
      await expect(run(create())).rejects.toThrow(`answered ${status}`)
      expect(host.requests).toHaveLength(1)
    }
  })

  test('a stream that stalls behind its headers is ended by our own timer', async () => {
    host.script({ pieces: ['Two'], ending: 'hang' })
    let text = ''
    const writing = generateWith(create(), request, {
      onText(extra) {
        text += extra
      },
      signal: new AbortController().signal,
      timings: { ...defaultTimings, firstTextMs: 5000, silenceMs: 300 },
    })
    await expect(writing).rejects.toThrow()
    expect(text).toBe('Two')
  })

  test.each<[string, Script]>([
    ['without an end', { pieces: ['Two'], ending: 'early_end' }],
    ['with an end that gives no reason', { pieces: ['Two'], reason: null }],
    ['on a socket that is cut', { pieces: ['Two'], ending: 'reset' }],
  ])('a stream %s is a failure', async (_name, script) => {
    host.script(script)
    const failure = await run(create()).catch(error => error)
    expect(failure).toBeInstanceOf(ModelError)
    expect(failure).not.toBeInstanceOf(AnswerCut)
  })

  test('a caller’s abort ends the call with its reason, before the headers and behind them, collected garbage or not', async () => {
    setFlagsFromString('--expose-gc')
    const collect = runInNewContext('gc') as () => void
    for (const script of [{ hang: true }, { pieces: ['Two'], ending: 'hang' }] satisfies Script[]) {
      host.script(script)
      const abort = new AbortController()
      const requested = host.requests.length
      const received = Promise.withResolvers<void>()
      const answering = create().answer(request, () => received.resolve(), abort.signal)
      const failing = expect(answering).rejects.toThrow('enough')
      if (script.hang) await vi.waitUntil(() => host.requests.length > requested)
      else await received.promise
      collect()
      abort.abort(new Error('enough'))
      await failing
      await vi.waitUntil(() => host.aborted.length > requested)
    }
  })

  test('writes no line of its own, whatever a host sends', async () => {
    const lines: unknown[] = []
    const spies = (['debug', 'info', 'log', 'warn', 'error'] as const).map(name =>
      vi.spyOn(console, name).mockImplementation((...args) => void lines.push(args)),
    )
    const page = { body: '<html>', headers: { 'content-type': 'text/html' } }
    const scripts: Script[] = [
      { pieces: ['Two'], ending: 'garbage' },
      { raw: ['{"message":\nnot json\n'] },
      { status: 500, ...page },
      { status: 500, body: 'not json' },
      { status: 404, body: '{"error":"model not found"}' },
    ]
    for (const script of scripts) {
      host.script(script)
      await expect(run(create())).rejects.toBeInstanceOf(ModelError)
    }
    for (const listing of [
      { status: 200, ...page },
      { status: 500, ...page },
    ]) {
      host.refuseListing(listing)
      expect(await create().check(soon())).toMatch(/web page|answered 500/)
    }
    host.refuseListing(null)
    expect(lines).toEqual([])
    for (const spy of spies) spy.mockRestore()
  })

  test('goes out by our guard: a private address is refused, by its name too', async () => {
    const lookup = ((_host: string, _options: object, done: (error: null, found: object[]) => void) =>
      done(null, [{ address: '10.0.0.5', family: 4 }])) as never
    const outgoing = createEgress({ allowed: [], lookup })
    for (const base of ['http://10.0.0.5', 'http://169.254.169.254', 'http://inside.example', host.url]) {
      const model = create(outgoing.agentFor, base)
      expect(await model.check(soon())).toContain('(OUTGOING_REFUSED)')
      await expect(run(model)).rejects.toThrow('(OUTGOING_REFUSED)')
    }
    expect(host.headers).toEqual([])
    outgoing.close()
  })

  test('calls over our connections: one after the other over one, side by side without a limit', async () => {
    const own = await startModelServer()
    const outgoing = createEgress({ allowed: [own.url] })
    const model = create(outgoing.agentFor, own.url)
    for (let times = 0; times < 5; times++) {
      await run(model)
      await model.check(soon())
    }
    expect(own.connections()).toBe(1)
    const count = 40
    const all = Promise.withResolvers<void>()
    let begun = 0
    own.always({
      pieces: ['Two'],
      async gate() {
        begun += 1
        if (begun === count) all.resolve()
        await all.promise
      },
    })
    const answers = await Promise.all(Array.from({ length: count }, () => run(model)))
    expect(answers.map(({ text }) => text)).toEqual(Array(count).fill('Two'))
    outgoing.close()
    await own.close()
  })

  test('vectors that are none are refused', async () => {
    const { createServer } = await import('node:http')
    for (const vectors of [['AACAPw=='], [[0.1, null]], [null], [[]]]) {
      const odd = createServer((_request, response) => {
        response.writeHead(200, { 'content-type': 'application/json' })
        response.end(
          JSON.stringify({
            embeddings: vectors,
            data: vectors.map((embedding, index) => ({ index, embedding })),
          }),
        )
      }).listen(0, '127.0.0.1')
      await once(odd, 'listening')
      const url = `http://127.0.0.1:${(odd.address() as { port: number }).port}`
      const embedding =
        provider === 'openai'
          ? createOpenAIEmbedding({ baseUrl: url, apiKey: null, model: 'e' })
          : createOllamaEmbedding({ host: url, model: 'e' })
      await expect(embedding.embed(['one'], soon())).rejects.toThrow('one vector per text')
      odd.close()
      odd.closeAllConnections()
    }
  })
})

test('openai: a host that refuses encoding_format is asked without, not for the package’s base64', async () => {
  const requested: object[] = []
  host.refuseTexts((_texts, body) => {
    requested.push(body)
    return 'encoding_format' in body
      ? { status: 400, body: '{"error":"unknown parameter: encoding_format"}' }
      : null
  })
  const embedding = createOpenAIEmbedding({ baseUrl: `${host.url}/v1`, apiKey: null, model: 'e' })
  expect(await embedding.embed(['one', 'two'], soon())).toHaveLength(2)
  expect(requested).toMatchObject([{ encoding_format: 'float' }, { model: 'e', input: ['one', 'two'] }])
  host.refuseTexts(null)
})

test('the packages are loaded where such a model is configured, and only then', () => {
  const script = `
    import { registerHooks } from 'node:module'
    const loaded = new Set()
    registerHooks({
      load(url, context, next) {
        const name = /node_modules\\/(openai|ollama)\\//.exec(url)?.[1]
        if (name) loaded.add(name)
        return next(url, context)
      },
    })
    const { createModels } = await import('./server/providers/models.ts')
    const { readConfig } = await import('./server/config/config.ts')
    await import('./server/app.ts')
    const nobody = 'http://127.0.0.1:9'
    for (const environment of [{}, { OLLAMA_HOST: nobody }, { OPENAI_BASE_URL: nobody }]) {
      await createModels(readConfig(environment, []).llm).chat.check(AbortSignal.timeout(20_000))
      console.log([...loaded].join())
    }`
  const output = execFileSync(process.execPath, ['--input-type=module', '-e', script], { encoding: 'utf8' })
  expect(output.split('\n')).toEqual(['', 'ollama', 'ollama,openai', ''])
})
