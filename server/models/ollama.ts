import { type ChatModel, type EmbeddingModel, ModelError, type TokenCount } from './model.ts'
import { assertVectors, checkListing } from './openai.ts'
import { buildPrompt } from './prompt.ts'
import { type AgentFor, fetchJson, parseLine, postForLines } from './stream.ts'

export interface OllamaOptions {
  host: string
  model: string
  agentFor?: AgentFor
}

interface Part {
  message?: { content?: string }
  done?: boolean
  prompt_eval_count?: number
  eval_count?: number
  error?: string
}

/** Chat by `POST {host}/api/chat`, which answers one JSON object a line. */
export function createOllamaModel({ host, model, agentFor }: OllamaOptions): ChatModel {
  return {
    provider: 'ollama',
    model,

    async answer(request, onText, signal) {
      let finished = false
      let tokens: TokenCount | null = null
      function textOf(line: string): string {
        const part = parseLine<Part>(line)
        if (part.error)
          throw new ModelError(`Ollama reported an error: ${part.error.slice(0, 200).replace(/\.$/, '')}.`)
        if (part.done) {
          finished = true
          tokens = { prompt_tokens: part.prompt_eval_count ?? 0, completion_tokens: part.eval_count ?? 0 }
        }
        return part.message?.content ?? ''
      }
      await postForLines({
        url: `${host}/api/chat`,
        headers: {},
        body: { model, messages: buildPrompt(request), stream: true },
        textOf,
        isWhole: () => finished,
        onText,
        signal,
        agentFor,
      })
      if (!finished) throw new ModelError('Ollama ended the answer early.')
      return tokens
    },

    check(signal) {
      return checkListing(model, async () => {
        const { models } = await fetchJson<{ models?: { name: string }[] }>(`${host}/api/tags`, {
          signal,
          agentFor,
        })
        const names = (models ?? []).map(entry => entry.name)
        // `llama3.2` means `llama3.2:latest`.
        return names.flatMap(name =>
          name.endsWith(':latest') ? [name.slice(0, -':latest'.length), name] : [name],
        )
      })
    },
  }
}

/** Embeddings by `POST {host}/api/embed`. */
export function createOllamaEmbedding({ host, model, agentFor }: OllamaOptions): EmbeddingModel {
  return {
    model,
    async embed(texts, signal) {
      const { embeddings } = await fetchJson<{ embeddings?: number[][] }>(`${host}/api/embed`, {
        method: 'POST',
        headers: { 'content-type': 'application/json' },
        body: JSON.stringify({ model, input: texts }),
        signal,
        agentFor,
      })
      return assertVectors(embeddings ?? [], texts.length)
    },
  }
}
