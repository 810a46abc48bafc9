import type { Ollama } from 'ollama'
import { createAsk } from './chat/answer.ts'
import type { ChatModel, EmbeddingModel, ModelSettings } from './model.ts'
import { assertVectors, checkListing } from './openai.ts'
import { type AgentFor, calling, createHostFetch, type HostResponse } from './stream.ts'

export interface OllamaOptions {
  host: string
  model: string
  settings?: ModelSettings
  agentFor?: AgentFor
}

/** Ollama's own default is less than the prompt takes, and it cuts that without a word. Earlier turns take 3,000 of it. */
const defaultContextTokens = 8192

/** Calls by the package `ollama`, which is loaded where such a model is configured. */
function createClient({ host, agentFor }: Omit<OllamaOptions, 'model'>) {
  const loading = import('ollama')
  const hostFetch = createHostFetch(agentFor)

  /** With a client of its own: the package takes no signal, and keeps whatever it streams. */
  function call<T>(signal: AbortSignal, ask: (client: Ollama) => Promise<T>) {
    return calling(host, signal, async () => {
      const { Ollama } = await loading
      let response: HostResponse | undefined
      const client = new Ollama({
        host,
        async fetch(url, init) {
          response = await hostFetch(url, { ...init, signal })
          return response
        },
      })
      return { result: await ask(client), response: response! }
    })
  }

  return {
    call: async <T>(signal: AbortSignal, ask: (client: Ollama) => Promise<T>): Promise<T> =>
      (await call(signal, ask)).result,
    /** @returns the response as it came, unread: the package prints what it cannot read. */
    send: async (signal: AbortSignal, ask: (client: Ollama) => Promise<unknown>): Promise<HostResponse> =>
      (await call(signal, ask)).response,
  }
}

/** Chat by `POST {host}/api/chat`, which answers one JSON object a line. */
export function createOllamaModel({ model, settings = {}, ...options }: OllamaOptions): ChatModel {
  const contextTokens = settings.context_tokens ?? defaultContextTokens
  const client = createClient(options)

  async function list(signal: AbortSignal): Promise<string[]> {
    const { models } = await client.call(signal, ollama => ollama.list())
    // `llama3.2` means `llama3.2:latest`.
    return (models ?? []).flatMap(({ name }) =>
      name.endsWith(':latest') ? [name.slice(0, -':latest'.length), name] : [name],
    )
  }

  return {
    provider: 'ollama',
    model,
    maxTokens: settings.max_tokens,
    list,

    answer: createAsk({
      headers: {},
      model,
      contextTokens,
      send: (messages, _left, signal, maxTokens = settings.max_tokens) =>
        client.send(signal, ollama =>
          ollama.chat({
            model,
            messages,
            stream: true,
            options: {
              num_ctx: contextTokens,
              ...(settings.temperature !== undefined && { temperature: settings.temperature }),
              ...(maxTokens !== undefined && { num_predict: maxTokens }),
            },
          }),
        ),
    }),

    check: signal =>
      checkListing(
        model,
        () => list(signal),
        async () => `There is no Ollama at ${options.host}.`,
      ),
  }
}

/** Embeddings by `POST {host}/api/embed`. */
export function createOllamaEmbedding({ model, ...options }: OllamaOptions): EmbeddingModel {
  const client = createClient(options)
  return {
    model,
    async embed(texts, signal) {
      const { embeddings } = await client.call(signal, ollama =>
        ollama.embed({ model, input: texts, truncate: true }),
      )
      return assertVectors(embeddings ?? [], texts.length)
    },
  }
}
