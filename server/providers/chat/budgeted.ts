import { estimateUse } from '../estimate.ts'
import {
  AnswerCut,
  type ChatModel,
  type ChatRequest,
  ModelError,
  type Payer,
  type TokenCount,
} from '../model.ts'

/** What a call may cost at most, taken out of the budgets until it has ended. */
export interface Reservation {
  /** The longest answer that it is enough for. */
  maxTokens: number
  /** @param tokens that were used; null for none */
  settle(tokens: TokenCount | null): void
}

/** Null where no budget counts the call. @throws BudgetReached */
export type Reserve = (
  model: ChatModel,
  request: ChatRequest,
  signal: AbortSignal,
) => Promise<Reservation | null>

/** Enters what a call has used of which no stored answer tells: a draft, a summary, a translation. */
export type Meter = (model: MeteredModel, tokens: TokenCount, payer?: Payer) => void

export type MeteredModel = Pick<ChatModel, 'provider' | 'model' | 'hostUrl'>

/** The same, of sound: at most so much. */
export type ReserveSound = (
  model: MeteredModel,
  maxUse: TokenCount,
  payer: Payer,
  signal: AbortSignal,
) => Promise<Pick<Reservation, 'settle'> | null>

/** A model that is asked only where the most it can cost fits every budget that counts it, and whose every call is entered. */
export function budgetedModel(
  model: ChatModel,
  { reserve, meter }: { reserve: Reserve; meter: Meter },
): ChatModel {
  return {
    ...model,
    async answer(request, onText, signal) {
      const { payer } = request
      const isStored = payer !== undefined && payer.message_id !== null
      const reservation = await reserve(model, request, signal)
      if (!reservation && isStored) return model.answer(request, onText, signal)
      const maxTokens = reservation?.maxTokens ?? request.maxTokens
      const settle = (tokens: TokenCount | null) => {
        reservation?.settle(tokens)
        if (tokens && !isStored) meter(model, tokens, payer)
      }
      if (signal.aborted) {
        settle(null)
        throw signal.reason
      }
      let text = ''
      const addText = (piece: string) => {
        text += piece
        onText(piece)
      }
      try {
        const tokens = await model.answer({ ...request, maxTokens }, addText, signal)
        settle(tokens ?? estimateUse(request, text))
        return tokens
      } catch (error) {
        settle(usedUntil(error, request, text, signal))
        throw error
      }
    },
  }
}

/** A host that fails before its first word is not paid; one that somebody stopped has read the prompt. */
function usedUntil(
  error: unknown,
  request: ChatRequest,
  text: string,
  signal: AbortSignal,
): TokenCount | null {
  if (error instanceof AnswerCut && error.tokens) return error.tokens
  const isStopped = signal.aborted && !isFailure(signal.reason)
  return text !== '' || isStopped ? estimateUse(request, text) : null
}

/** Of the host: it failed, or took too long. */
function isFailure(reason: unknown): boolean {
  return reason instanceof ModelError || (reason as Error).name === 'TimeoutError'
}
