import type { Config } from '../config.ts'
import { createBuiltinModel } from './builtin.ts'
import type { AgentFor } from './http.ts'
import type { ChatModel, EmbeddingModel } from './model.ts'
import { createOllamaEmbedding, createOllamaModel } from './ollama.ts'
import { createOpenAIEmbedding, createOpenAIModel } from './openai.ts'

export interface Models {
  /** The configured one; the built-in answerer where none is. */
  chat: ChatModel
  builtin: ChatModel
  embedding: EmbeddingModel | null
}

const defaultModels = { openai: 'gpt-4o-mini', ollama: 'llama3.2' }
export const defaultOllamaHost = 'http://127.0.0.1:11434'

/** The models by configuration alone. None of them is called here. */
export function createModels(llm: Config['llm'], agentFor: AgentFor): Models {
  const builtin = createBuiltinModel()
  if (llm.provider === 'builtin') return { chat: builtin, builtin, embedding: null }
  const model = llm.model ?? defaultModels[llm.provider]
  if (llm.provider === 'openai') {
    const host = { baseUrl: llm.openaiUrl, apiKey: llm.openaiKey, agentFor }
    return {
      chat: createOpenAIModel({ ...host, model }),
      builtin,
      embedding: llm.embeddingModel ? createOpenAIEmbedding({ ...host, model: llm.embeddingModel }) : null,
    }
  }
  const host = llm.ollamaHost ?? defaultOllamaHost
  return {
    chat: createOllamaModel({ host, model, agentFor }),
    builtin,
    embedding: llm.embeddingModel
      ? createOllamaEmbedding({ host, model: llm.embeddingModel, agentFor })
      : null,
  }
}

const checkEveryMs = 5 * 60_000
const checkMs = 5000

/** Asks the model now and then whether it is there: for the sentence at start and for the health check. */
export function watchModel(model: ChatModel, report: (problem: string) => void) {
  let problem: string | null = null
  async function check(): Promise<string | null> {
    const before = problem
    problem = await model.check(AbortSignal.timeout(checkMs)).catch((error: Error) => error.message)
    if (problem !== null && problem !== before) report(problem)
    return problem
  }
  const timer = setInterval(check, checkEveryMs)
  timer.unref()
  return {
    check,
    state: () => ({ provider: model.provider, model: model.model, problem }),
    close: () => clearInterval(timer),
  }
}

/** What the operator named is called wherever it is, loopback included. */
export function operatorsOwn({ llm, outgoingAllowed }: Pick<Config, 'llm' | 'outgoingAllowed'>): string[] {
  const hosts = [llm.openaiUrl, llm.ollamaHost, defaultOllamaHost].filter(url => url !== null)
  return [...outgoingAllowed, ...hosts.map(url => new URL(url).origin)]
}
