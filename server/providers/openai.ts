import { createAsk } from './chat/answer.ts'
import { type ChatModel, type EmbeddingModel, HostRefused, ModelError, VectorsMissing } from './model.ts'
import { type AgentFor, callHost, fetchJson } from './stream.ts'

const officialUrl = 'https://api.openai.com/v1'
/** What is asked of a host that wants to be told a limit: more than an answer here has, and within every model's. */
const answerTokensMax = 4096

export interface OpenAIOptions {
  /** Any server that speaks the same; the official one when null. */
  baseUrl: string | null
  apiKey: string | null
  model: string
  /** See `readBody`; 0 gives each text on as soon as it is there. */
  gatherMs?: number
  agentFor?: AgentFor
}

/** Chat by streaming `POST {base}/chat/completions`. */
export function createOpenAIModel({ baseUrl, apiKey, model, gatherMs, agentFor }: OpenAIOptions): ChatModel {
  const base = baseUrl ?? officialUrl
  const headers: Record<string, string> = apiKey ? { authorization: `Bearer ${apiKey}` } : {}
  const missingKey = !apiKey && !baseUrl ? 'OPENAI_API_KEY is missing.' : null

  const url = `${base}/chat/completions`
  const ask = createAsk({
    url,
    headers,
    model,
    body: (messages, left) => ({
      model,
      messages,
      stream: !left.has('stream'),
      ...(!left.has('stream') && !left.has('stream_options') && { stream_options: { include_usage: true } }),
      ...(left.has('open_end') && { max_tokens: answerTokensMax }),
    }),
    gatherMs,
    agentFor,
  })

  /** Asks for nothing: a host that has the endpoint says what is missing, and it costs no token. */
  async function probe(signal: AbortSignal): Promise<string | null> {
    try {
      const response = await callHost({ url, headers, body: { model, messages: [] }, signal, agentFor })
      response.destroy()
      return null
    } catch (error) {
      const { status = 0, message, body = '' } = error as Partial<HostRefused>
      if ([404, 405, 501].includes(status) && !/\bmodel\b/i.test(body))
        return `There is no chat at ${url} (${status}); OPENAI_BASE_URL mostly ends in /v1.`
      return status === 0 || status === 401 || status === 403 ? message! : null
    }
  }

  return {
    provider: 'openai',
    model,

    async answer(request, onText, signal) {
      if (missingKey) throw new ModelError(missingKey)
      return ask(request, onText, signal)
    },

    async check(signal) {
      if (missingKey) return missingKey
      return checkListing(
        model,
        async () => {
          const { data } = await fetchJson<{ data?: { id: string }[] }>({
            url: `${base}/models`,
            method: 'GET',
            headers,
            signal,
            agentFor,
          })
          return (data ?? []).map(entry => entry.id)
        },
        () => probe(signal),
      )
    },
  }
}

/** Embeddings by `POST {base}/embeddings`. */
export function createOpenAIEmbedding({ baseUrl, apiKey, model, agentFor }: OpenAIOptions): EmbeddingModel {
  const headers: Record<string, string> = apiKey ? { authorization: `Bearer ${apiKey}` } : {}
  /** Some hosts know no other form, and refuse to be told. */
  let encoding: { encoding_format?: 'float' } = { encoding_format: 'float' }

  async function embed(texts: string[], signal: AbortSignal): Promise<number[][]> {
    const { data } = await fetchJson<{ data?: { index: number; embedding: number[] }[] }>({
      url: `${baseUrl ?? officialUrl}/embeddings`,
      headers,
      body: { model, input: texts, ...encoding },
      signal,
      agentFor,
    })
    const vectors = (data ?? []).toSorted((a, b) => a.index - b.index).map(entry => entry.embedding)
    return assertVectors(vectors, texts.length)
  }

  return {
    model,
    embed(texts, signal) {
      return embed(texts, signal).catch(error => {
        const isRefused = error instanceof HostRefused && error.body.includes('encoding_format')
        if (!isRefused || !encoding.encoding_format) throw error
        encoding = {}
        return embed(texts, signal)
      })
    },
  }
}

/**
 * What is wrong with a model, by its host's listing.
 * @param probe asks in another way where there is no listing: a host without one is not thereby wrong
 */
export async function checkListing(
  model: string,
  list: () => Promise<string[]>,
  probe: () => Promise<string | null>,
): Promise<string | null> {
  try {
    const names = await list()
    if (names.length === 0 || names.includes(model)) return null
    return `The model '${model}' is not offered by its host; it offers ${names.slice(0, 5).join(', ')}${names.length > 5 ? ' …' : ''}.`
  } catch (error) {
    if (error instanceof HostRefused && [404, 405, 501].includes(error.status)) return probe()
    return (error as Error).message
  }
}

/** @throws ModelError unless there is one vector per text, all of one length and of numbers */
export function assertVectors(vectors: number[][], count: number): number[][] {
  const length = vectors[0]?.length ?? 0
  const isVector = (vector: number[]) =>
    Array.isArray(vector) && vector.length === length && length > 0 && vector.every(Number.isFinite)
  if (vectors.length !== count || !vectors.every(isVector))
    throw new VectorsMissing('The embedding model did not give one vector per text.')
  return vectors
}
