import type { PromptMessage } from '../answering/prompt/prompt.ts'
import { createAsk } from './chat/answer.ts'
import type { ChatModel, ModelSettings } from './model.ts'
import { checkListing } from './openai.ts'
import { type AgentFor, calling, createHostFetch, type HostResponse } from './stream.ts'

export const officialAnthropicUrl = 'https://api.anthropic.com/v1'
const apiVersion = '2023-06-01'
/** It wants to be told a limit: more than an answer here has, and within every model's. */
const answerTokensMax = 4096

export interface AnthropicOptions {
  baseUrl: string
  apiKey: string | null
  model: string
  settings?: ModelSettings
  gatherMs?: number
  agentFor?: AgentFor
}

/** Chat by streaming `POST {base}/messages`, in Anthropic's own wire format. */
export function createAnthropicModel({
  baseUrl,
  apiKey,
  model,
  settings = {},
  gatherMs,
  agentFor,
}: AnthropicOptions): ChatModel {
  const maxTokens = settings.max_tokens ?? answerTokensMax
  const hostFetch = createHostFetch(agentFor)
  const headers: Record<string, string> = {
    'content-type': 'application/json',
    'anthropic-version': apiVersion,
    ...(apiKey !== null && { 'x-api-key': apiKey }),
  }

  function call(path: string, init: RequestInit): Promise<HostResponse> {
    return calling(baseUrl, init.signal!, () => hostFetch(`${baseUrl}${path}`, { ...init, headers }))
  }

  async function list(signal: AbortSignal): Promise<string[]> {
    const { data } = (await (await call('/models', { signal })).json()) as { data?: { id: string }[] }
    return (data ?? []).map(({ id }) => id)
  }

  return {
    provider: 'anthropic',
    model,
    maxTokens,
    hostUrl: baseUrl,
    list,

    answer: createAsk({
      headers,
      model,
      gatherMs,
      send: (messages, left, signal) =>
        call('/messages', {
          method: 'POST',
          signal,
          body: JSON.stringify({
            model,
            max_tokens: maxTokens,
            ...(settings.temperature !== undefined && { temperature: settings.temperature }),
            ...toAnthropic(messages),
            stream: !left.has('stream'),
          }),
        }),
    }),

    check: signal =>
      checkListing(
        model,
        () => list(signal),
        async () => null,
      ),
  }
}

/** Instructions stand apart there, and turns alternate. */
function toAnthropic(all: PromptMessage[]) {
  const system = all.filter(({ role }) => role === 'system').map(({ content }) => content)
  const messages: { role: string; content: string }[] = []
  for (const { role, content } of all) {
    if (role === 'system') continue
    const last = messages.at(-1)
    if (last?.role === role) last.content += `\n\n${content}`
    else messages.push({ role, content })
  }
  return { ...(system.length > 0 && { system: system.join('\n\n') }), messages }
}
