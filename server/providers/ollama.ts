import { createAsk } from './chat/answer.ts'
import type { ChatModel, EmbeddingModel } from './model.ts'
import { assertVectors, checkListing } from './openai.ts'
import { type AgentFor, fetchJson } from './stream.ts'

export interface OllamaOptions {
  host: string
  model: string
  agentFor?: AgentFor
}

/** Ollama's own default is less than the prompt takes, and it cuts that without a word. Earlier turns take 3,000 of it. */
const contextTokens = 8192

/** Chat by `POST {host}/api/chat`, which answers one JSON object a line. */
export function createOllamaModel({ host, model, agentFor }: OllamaOptions): ChatModel {
  return {
    provider: 'ollama',
    model,

    answer: createAsk({
      url: `${host}/api/chat`,
      headers: {},
      model,
      body: messages => ({ model, messages, stream: true, options: { num_ctx: contextTokens } }),
      contextTokens,
      agentFor,
    }),

    check(signal) {
      return checkListing(
        model,
        async () => {
          const { models } = await fetchJson<{ models?: { name: string }[] }>({
            url: `${host}/api/tags`,
            method: 'GET',
            signal,
            agentFor,
          })
          const names = (models ?? []).map(entry => entry.name)
          // `llama3.2` means `llama3.2:latest`.
          return names.flatMap(name =>
            name.endsWith(':latest') ? [name.slice(0, -':latest'.length), name] : [name],
          )
        },
        async () => `There is no Ollama at ${host}.`,
      )
    },
  }
}

/** Embeddings by `POST {host}/api/embed`. */
export function createOllamaEmbedding({ host, model, agentFor }: OllamaOptions): EmbeddingModel {
  return {
    model,
    async embed(texts, signal) {
      const { embeddings } = await fetchJson<{ embeddings?: number[][] }>({
        url: `${host}/api/embed`,
        body: { model, input: texts, truncate: true },
        signal,
        agentFor,
      })
      return assertVectors(embeddings ?? [], texts.length)
    },
  }
}
