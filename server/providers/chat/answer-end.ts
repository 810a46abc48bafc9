import { AnswerCut, ModelError, type TokenCount } from '../model.ts'
import type { Chunk } from './chunk.ts'

/** Why an answer ends that is whole, in the words of OpenAI, Ollama, TGI, Anthropic and Cohere. */
const wholeReasons = new Set(['stop', 'eos', 'eos_token', 'end_turn', 'stop_sequence', 'complete', 'done'])
/** How an answer ends, and what it cost. @param contextTokens all that the model can have in view */
export function createAnswerEnd(contextTokens?: number) {
  let reason: string | null = null
  let isOver = false
  let tokens: TokenCount | null = null

  /** What ended the answer before it was whole. */
  function cut(): string | null {
    if (reason === null) return 'no end'
    if (!wholeReasons.has(reason.toLowerCase())) return reason.replace(/[^\w-]/g, '').slice(0, 40)
    const total = tokens ? tokens.prompt_tokens + tokens.completion_tokens : 0
    return contextTokens !== undefined && total >= contextTokens ? 'length of the context' : null
  }

  return {
    cut,
    hasReason: () => reason !== null,
    isOver: () => isOver,
    add(chunk: Chunk): void {
      tokens = chunk.tokens ?? tokens
      if (chunk.completionTokens !== null && tokens)
        tokens = { ...tokens, completion_tokens: chunk.completionTokens }
      const isCounted = reason !== null && chunk.tokens !== null
      reason ??= chunk.finish ?? (chunk.isWhole ? 'stop' : null)
      isOver = chunk.isLast || chunk.isWhole || isCounted
    },
    /** The host says that nothing follows. */
    close(): void {
      isOver = true
      reason ??= 'stop'
    },
    result(): TokenCount | null {
      if (reason === null) throw new ModelError('The model host ended the answer early.')
      const why = cut()
      if (why !== null) throw new AnswerCut(`The model host cut the answer off (${why}).`, tokens)
      return tokens
    },
  }
}
