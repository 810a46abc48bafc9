import { type ChatModel, type EmbeddingModel, ModelError, type TokenCount } from './model.ts'
import { buildPrompt } from './prompt.ts'
import { type AgentFor, fetchJson, parseLine, postForLines } from './stream.ts'

const officialUrl = 'https://api.openai.com/v1'

export interface OpenAIOptions {
  /** Any server that speaks the same; the official one when null. */
  baseUrl: string | null
  apiKey: string | null
  model: string
  /** See stream.ts; 0 gives each text on as soon as it is there. */
  gatherMs?: number
  agentFor?: AgentFor
}

interface Chunk {
  choices?: { delta?: { content?: string | null }; finish_reason?: string | null }[]
  usage?: TokenCount | null
  error?: { message?: string } | string
}

/** Chat by streaming `POST {base}/chat/completions`. */
export function createOpenAIModel({ baseUrl, apiKey, model, gatherMs, agentFor }: OpenAIOptions): ChatModel {
  const base = baseUrl ?? officialUrl
  const headers: Record<string, string> = apiKey ? { authorization: `Bearer ${apiKey}` } : {}
  const missingKey = !apiKey && !baseUrl ? 'OPENAI_API_KEY is missing.' : null

  return {
    provider: 'openai',
    model,

    async answer(request, onText, signal) {
      if (missingKey) throw new ModelError(missingKey)
      let finished = false
      let tokens: TokenCount | null = null
      function textOf(line: string): string {
        if (!line.startsWith('data:')) return ''
        const data = line.slice(line[5] === ' ' ? 6 : 5)
        if (data === '[DONE]') {
          finished = true
          return ''
        }
        const chunk = parseLine<Chunk>(data)
        if (chunk.error) throw new ModelError(`The model host reported an error${describe(chunk.error)}.`)
        const choice = chunk.choices?.[0]
        if (choice?.finish_reason) finished = true
        if (chunk.usage) tokens = readCount(chunk.usage)
        return choice?.delta?.content ?? ''
      }
      await postForLines({
        url: `${base}/chat/completions`,
        headers,
        body: {
          model,
          messages: buildPrompt(request),
          stream: true,
          stream_options: { include_usage: true },
        },
        textOf,
        isWhole: () => finished,
        onText,
        gatherMs,
        signal,
        agentFor,
      })
      if (!finished) throw new ModelError('The model host ended the answer early.')
      return tokens
    },

    async check(signal) {
      if (missingKey) return missingKey
      return checkListing(model, async () => {
        const { data } = await fetchJson<{ data?: { id: string }[] }>(`${base}/models`, {
          headers,
          signal,
          agentFor,
        })
        return (data ?? []).map(entry => entry.id)
      })
    },
  }
}

/** Embeddings by `POST {base}/embeddings`. */
export function createOpenAIEmbedding({ baseUrl, apiKey, model, agentFor }: OpenAIOptions): EmbeddingModel {
  const headers = { 'content-type': 'application/json', ...(apiKey && { authorization: `Bearer ${apiKey}` }) }
  return {
    model,
    async embed(texts, signal) {
      const { data } = await fetchJson<{ data?: { index: number; embedding: number[] }[] }>(
        `${baseUrl ?? officialUrl}/embeddings`,
        {
          method: 'POST',
          headers,
          body: JSON.stringify({ model, input: texts, encoding_format: 'float' }),
          signal,
          agentFor,
        },
      )
      const vectors = (data ?? []).toSorted((a, b) => a.index - b.index).map(entry => entry.embedding)
      return assertVectors(vectors, texts.length)
    },
  }
}

/** A host that has no listing is not thereby wrong. */
export async function checkListing(model: string, list: () => Promise<string[]>): Promise<string | null> {
  try {
    const names = await list()
    if (names.length === 0 || names.includes(model)) return null
    return `The model '${model}' is not offered by its host; it offers ${names.slice(0, 5).join(', ')}${names.length > 5 ? ' …' : ''}.`
  } catch (error) {
    const { message } = error as Error
    return /answered (404|405|501)/.test(message) ? null : message
  }
}

/** @throws ModelError unless there is one vector per text, all of one length */
export function assertVectors(vectors: number[][], count: number): number[][] {
  const length = vectors[0]?.length ?? 0
  const sound =
    vectors.length === count && vectors.every(vector => vector.length === length && vector.length > 0)
  if (!sound) throw new ModelError('The embedding model did not give one vector per text.')
  return vectors
}

function describe(error: NonNullable<Chunk['error']>): string {
  const message = typeof error === 'string' ? error : error.message
  return message ? `: ${message.slice(0, 200).replace(/\.$/, '')}` : ''
}

function readCount({ prompt_tokens, completion_tokens }: TokenCount): TokenCount | null {
  return Number.isFinite(prompt_tokens) && Number.isFinite(completion_tokens)
    ? { prompt_tokens, completion_tokens }
    : null
}
