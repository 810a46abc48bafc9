import type { OpenAI } from 'openai'
import { createAsk } from './chat/answer.ts'
import {
  type ChatModel,
  type EmbeddingModel,
  HostRefused,
  ModelError,
  type ModelSettings,
  VectorsMissing,
} from './model.ts'
import { type AgentFor, calling, createHostFetch, type HostResponse } from './stream.ts'

export const officialOpenaiUrl = 'https://api.openai.com/v1'
/** What is asked of a host that wants to be told a limit: more than an answer here has, and within every model's. */
const answerTokensMax = 4096
/** The package's own limit ends with the headers; how long a host may be silent is measured where its answer is read. */
const neverMs = 2 ** 31 - 1

export interface OpenAIOptions {
  /** Any server that speaks the same; the official one when null. */
  baseUrl: string | null
  apiKey: string | null
  model: string
  settings?: ModelSettings
  /** Azure wants the key in a header of its own. */
  isAzure?: boolean
  /** OpenAI's own host, whatever the address is written like. */
  isOfficial?: boolean
  /** See `readBody`; 0 gives each text on as soon as it is there. */
  gatherMs?: number
  agentFor?: AgentFor
}

/** Calls by the package `openai`, which is loaded where such a model is configured: it takes 30 MB. */
export function createOpenAIClient({ baseUrl, apiKey, isAzure, agentFor }: Omit<OpenAIOptions, 'model'>) {
  const url = baseUrl ?? officialOpenaiUrl
  const loading = import('openai').then(
    ({ OpenAI }) =>
      new OpenAI({
        baseURL: url,
        apiKey: apiKey ?? 'none',
        ...((apiKey === null || isAzure) && {
          defaultHeaders: { authorization: null, ...(isAzure && { 'api-key': apiKey }) },
        }),
        // Whatever stands in the environment is no setting of ours.
        adminAPIKey: null,
        organization: null,
        project: null,
        maxRetries: 0,
        timeout: neverMs,
        logLevel: 'off',
        fetch: createHostFetch(agentFor),
      }),
  )

  return {
    url,
    headers: (apiKey === null ? {} : { authorization: `Bearer ${apiKey}` }) as Record<string, string>,
    missingKey: apiKey === null && baseUrl === null ? 'OPENAI_API_KEY is missing.' : null,
    /** @returns the response as it came, unread: the package's own stream costs a token twice as much. */
    send(
      signal: AbortSignal,
      call: (client: OpenAI) => { asResponse(): Promise<Response> },
    ): Promise<HostResponse> {
      return calling(url, signal, async () => (await call(await loading).asResponse()) as HostResponse)
    },
  }
}

/** Chat by streaming `POST {base}/chat/completions`. */
export function createOpenAIModel({ model, settings = {}, gatherMs, ...host }: OpenAIOptions): ChatModel {
  const client = createOpenAIClient(host)
  const { missingKey } = client
  const isOfficial = host.isOfficial ?? host.baseUrl === null
  /** Padding of each event against who counts bytes: other hosts may refuse to hear of it. */
  const padding = isOfficial ? { include_obfuscation: false } : {}
  /** Its newer models refuse the older name, which is the only one that other hosts know. */
  const limitName = isOfficial || host.isAzure ? 'max_completion_tokens' : 'max_tokens'

  const ask = createAsk({
    headers: client.headers,
    model,
    gatherMs,
    send: (messages, left, signal, maxTokens = settings.max_tokens) =>
      client.send(signal, ({ chat }) =>
        chat.completions.create(
          {
            model,
            messages,
            stream: !left.has('stream'),
            ...(!left.has('stream') &&
              !left.has('stream_options') && { stream_options: { include_usage: true, ...padding } }),
            ...(settings.temperature !== undefined && { temperature: settings.temperature }),
            ...(maxTokens !== undefined
              ? { [limitName]: maxTokens }
              : left.has('open_end') && { max_tokens: answerTokensMax }),
          },
          { signal },
        ),
      ),
  })

  /** Asks for nothing: a host that has the endpoint says what is missing, and it costs no token. */
  async function probe(signal: AbortSignal): Promise<string | null> {
    try {
      const { message } = await client.send(signal, ({ chat }) =>
        chat.completions.create({ model, messages: [] }, { signal }),
      )
      message.destroy()
      return null
    } catch (error) {
      const { status = 0, message, body = '' } = error as Partial<HostRefused>
      if ([404, 405, 501].includes(status) && !/\bmodel\b/i.test(body))
        return `There is no chat at ${client.url}/chat/completions (${status}); OPENAI_BASE_URL mostly ends in /v1.`
      return status === 0 || status === 401 || status === 403 ? message! : null
    }
  }

  async function list(signal: AbortSignal): Promise<string[]> {
    const response = await client.send(signal, ({ models }) => models.list({ signal }))
    const { data } = (await calling(client.url, signal, () => response.json())) as { data?: { id: string }[] }
    return (data ?? []).map(entry => entry.id)
  }

  return {
    provider: 'openai',
    model,
    maxTokens: settings.max_tokens,
    hostUrl: client.url,
    list,

    async answer(request, onText, signal) {
      if (missingKey) throw new ModelError(missingKey)
      return ask(request, onText, signal)
    },

    async check(signal) {
      return (
        missingKey ??
        checkListing(
          model,
          () => list(signal),
          () => probe(signal),
        )
      )
    },
  }
}

/** Embeddings by `POST {base}/embeddings`. */
export function createOpenAIEmbedding({ model, ...host }: OpenAIOptions): EmbeddingModel {
  const client = createOpenAIClient(host)
  /** Some hosts know no other form, and refuse to be told. */
  let encoding: { encoding_format?: 'float' } = { encoding_format: 'float' }

  async function embed(texts: string[], signal: AbortSignal): Promise<number[][]> {
    // Past the package's `embeddings.create`, which asks for base64 where nothing is said.
    const response = await client.send(signal, openai =>
      openai.post('/embeddings', { body: { model, input: texts, ...encoding }, signal }),
    )
    const { data } = (await calling(client.url, signal, () => response.json())) as {
      data?: { index: number; embedding: number[] }[]
    }
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
