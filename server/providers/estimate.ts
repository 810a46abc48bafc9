import { estimateTokens } from '../answering/prompt/history.ts'
import { buildPrompt } from '../answering/prompt/prompt.ts'
import type { ChatRequest, TokenCount } from './model.ts'

/** By how much a host may count more than is estimated. */
const margin = 1.25
/** What stands around a message. */
const messageTokens = 4

/** What a call has used whose host did not say. */
export function estimateUse(
  { question, history, evidence, memories = [], guidance = [] }: ChatRequest,
  text: string,
): TokenCount {
  const earlier = [...history.map(turn => turn.text), ...memories, ...guidance]
  const texts = [question.text, ...earlier, ...evidence.map(source => source.text)]
  return {
    prompt_tokens: Math.round(sumTokens(texts)),
    completion_tokens: Math.round(estimateTokens(text)),
    estimated: true,
  }
}

/** What a call may use at most. @param maxTokens of its answer */
export function estimateMaxUse(request: ChatRequest, maxTokens: number): TokenCount {
  const messages = buildPrompt(request)
  const texts = messages.map(({ content }) => content)
  const prompt_tokens = Math.ceil(margin * (sumTokens(texts) + messages.length * messageTokens))
  return { prompt_tokens, completion_tokens: maxTokens, estimated: true }
}

function sumTokens(texts: string[]): number {
  return texts.reduce((total, text) => total + estimateTokens(text), 0)
}
