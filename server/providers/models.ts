import { createBuiltinModel } from '../answering/builtin/model.ts'
import type { Config } from '../config/config.ts'
import { AnswerCut, type ChatModel, type EmbeddingModel, type HostRefused, ModelError } from './model.ts'
import { createOllamaEmbedding, createOllamaModel } from './ollama.ts'
import { createOpenAIEmbedding, createOpenAIModel } from './openai.ts'
import type { AgentFor } from './stream.ts'

export interface Models {
  /** The configured one; the built-in answerer where none is. */
  chat: ChatModel
  builtin: ChatModel
  embedding: EmbeddingModel | null
}

/** Of the answerer that needs no model. */
export const builtinProvider = 'builtin'

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
/** An outage is one line a minute and kind, not one for each question. */
const reportEveryMs = 60_000

export interface WatchReport {
  /** What is wrong, in one sentence, and how many calls have failed by now. */
  problem(reason: string, fields: { status?: number; failures: number }): void
  /** A call succeeded after failures. */
  recovered(failures: number): void
}

/** A model that says how each of its calls went: an empty answer is a failure, and a host that cuts a text off is there. */
export function observeCalls(
  model: ChatModel,
  { succeeded, failed }: { succeeded(): void; failed(error: ModelError): void },
): ChatModel {
  return {
    ...model,
    async answer(request, onText, signal) {
      let isEmpty = true
      try {
        const tokens = await model.answer(
          request,
          text => {
            isEmpty &&= text.trim() === ''
            onText(text)
          },
          signal,
        )
        if (isEmpty) throw new ModelError('The model gave an empty answer.')
        succeeded()
        return tokens
      } catch (error) {
        if (error instanceof AnswerCut && !isEmpty) succeeded()
        else if (error instanceof ModelError) failed(error)
        throw error
      }
    },
  }
}

/** What is known of a model: by its own check now and then, and by how its calls went. For the health check and the log. */
export function watchModel(model: ChatModel, report: WatchReport) {
  let checked: string | null = null
  /** Of the last call, until one succeeds: a host that lists its models need not answer. */
  let called: string | null = null
  let failures = 0
  const reportedAt = new Map<string | number, number>()

  async function check(): Promise<string | null> {
    const before = checked
    checked = await model.check(AbortSignal.timeout(checkMs)).catch((error: Error) => error.message)
    if (checked !== null && checked !== before) report.problem(checked, { failures })
    return checked
  }

  function failed(error: ModelError): void {
    failures += 1
    called = error.message
    const { status } = error as Partial<HostRefused>
    // The host's own words stand at the end of a sentence, and may differ each time.
    const kind = status ?? error.message.slice(0, 30)
    const now = performance.now()
    if (now - (reportedAt.get(kind) ?? Number.NEGATIVE_INFINITY) < reportEveryMs) return
    reportedAt.set(kind, now)
    report.problem(called, { ...(status !== undefined && { status }), failures })
  }

  function succeeded(): void {
    if (called !== null) report.recovered(failures)
    called = null
    checked = null
    failures = 0
  }

  const timer = setInterval(check, checkEveryMs)
  timer.unref()
  return {
    model: observeCalls(model, { failed, succeeded }),
    check,
    state: () => ({ provider: model.provider, model: model.model, problem: called ?? checked }),
    close: () => clearInterval(timer),
  }
}

/** What the operator named is called wherever it is, loopback included. */
export function operatorsOwn({ llm, outgoingAllowed }: Pick<Config, 'llm' | 'outgoingAllowed'>): string[] {
  const hosts = [llm.openaiUrl, llm.ollamaHost, defaultOllamaHost].filter(url => url !== null)
  return [...outgoingAllowed, ...hosts.map(url => new URL(url).origin)]
}
