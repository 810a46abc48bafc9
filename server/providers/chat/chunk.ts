import { reasonIn } from '../host-words.ts'
import type { TokenCount } from '../model.ts'

/** What one event of a stream says, or a whole answer, in whichever provider's form. */
export interface Chunk {
  text: string
  /** It carries reasoning in a field of its own. */
  reasons: boolean
  /** Holds the whole answer once more, not the next piece of it. */
  isWhole: boolean
  /** Why the answer ended; null as long as it goes on. */
  finish: string | null
  /** Nothing follows. */
  isLast: boolean
  tokens: TokenCount | null
  /** How much was written by now, where that is counted by itself. */
  completionTokens: number | null
  /** The host's words, where it reports an error. */
  error: string | null
}

/**
 * OpenAI's chat completions, streamed or whole, Ollama's chat, Anthropic's messages, and what hosts make of them. Only what is a string, or a list
 * of parts with strings, is text: nothing of another type is made one.
 */
export function readChunk(value: unknown): Chunk {
  const part = recordOf(value)
  const choice = recordOf(listOf(part.choices)[0])
  const delta = recordOf(choice.delta ?? part.delta)
  const message = recordOf(choice.message ?? part.message)
  const streamed =
    textOf(delta.content) ||
    (delta.type === 'text_delta' && textOf(delta.text)) ||
    textOf(delta.refusal) ||
    textOf(choice.text) ||
    textOf(part.response)
  const text = streamed || textOf(message.content) || textOf(message.refusal) || textOf(part.content)
  const finish =
    finishOf(choice.finish_reason) ??
    finishOf(delta.stop_reason ?? part.stop_reason) ??
    (part.done === true ? (finishOf(part.done_reason) ?? 'stop') : null)
  return {
    text,
    reasons: hasReasoning(delta) || hasReasoning(message),
    isWhole: streamed === '' && (part.object === 'chat.completion' || part.type === 'message'),
    finish,
    isLast: part.done === true || part.type === 'message_stop',
    tokens:
      countOf(part.usage) ??
      countOf(choice.usage) ??
      countOf(recordOf(part.x_groq).usage) ??
      countOf(message.usage) ??
      countOf(part),
    completionTokens: part.type === 'message_delta' ? numberOf(recordOf(part.usage).output_tokens) : null,
    error: errorOf(part, choice),
  }
}

function textOf(content: unknown): string {
  if (typeof content === 'string') return content
  if (Array.isArray(content)) return content.map(textOfPart).join('')
  return textOfPart(content)
}

/** Parts of other kinds (thoughts, pictures, tools) are no text. */
function textOfPart(part: unknown): string {
  if (typeof part === 'string') return part
  const { type = 'text', text } = recordOf(part)
  if (type !== 'text' && type !== 'output_text') return ''
  if (typeof text === 'string') return text
  const { value } = recordOf(text)
  return typeof value === 'string' ? value : ''
}

function hasReasoning({ reasoning_content, reasoning, thinking }: Record<string, unknown>): boolean {
  return [reasoning_content, reasoning, thinking].some(one => typeof one === 'string' && one !== '')
}

/** Many hosts send an empty one until there is a reason. */
function finishOf(reason: unknown): string | null {
  if (reason === undefined || reason === null || reason === '' || reason === false) return null
  return typeof reason === 'string' ? reason : 'unknown'
}

function countOf(usage: unknown): TokenCount | null {
  const count = recordOf(usage)
  const prompt = count.prompt_tokens ?? count.input_tokens ?? count.prompt_eval_count
  const completion = count.completion_tokens ?? count.output_tokens ?? count.eval_count
  if (!isCount(prompt) || !isCount(completion)) return null
  // Anthropic counts what it had read before beside the input, the others within.
  const read = numberOf(count.cache_read_input_tokens) ?? 0
  const beside = read + (numberOf(count.cache_creation_input_tokens) ?? 0)
  // OpenAI's way, DeepSeek's, Moonshot's.
  const details = recordOf(count.prompt_tokens_details ?? count.input_tokens_details)
  const inside = details.cached_tokens ?? count.prompt_cache_hit_tokens ?? count.cached_tokens
  const cached = numberOf(inside) ?? read
  return {
    prompt_tokens: prompt + beside,
    ...(cached > 0 && { cached_tokens: Math.min(cached, prompt + beside) }),
    completion_tokens: completion,
  }
}

function numberOf(value: unknown): number | null {
  return isCount(value) ? value : null
}

function isCount(value: unknown): value is number {
  return typeof value === 'number' && Number.isFinite(value) && value >= 0
}

function errorOf(part: Record<string, unknown>, choice: Record<string, unknown>): string | null {
  const error = part.error ?? choice.error
  if (error) return reasonIn(error) || 'no reason given'
  if (part.object === 'error' || part.type === 'error') return reasonIn(part) || 'no reason given'
  const { status_code, status_msg } = recordOf(part.base_resp)
  return status_code ? reasonIn(status_msg) || 'no reason given' : null
}

function recordOf(value: unknown): Record<string, unknown> {
  return typeof value === 'object' && value !== null ? (value as Record<string, unknown>) : {}
}

function listOf(value: unknown): unknown[] {
  return Array.isArray(value) ? value : []
}
