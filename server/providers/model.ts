import type { Evidence, Question } from '../answering/retrieval/evidence.ts'

export interface Turn {
  role: 'user' | 'assistant'
  text: string
}

export interface Payer {
  person_id: string | null
  /** The answer that is paid for; null where it is not stored. */
  message_id: string | null
}

/** Everything an answerer gets. `evidence[i]` is source number i + 1; the model may name no other. */
export interface ChatRequest {
  question: Question
  /** Earlier turns, oldest first, already trimmed to the token budget; the question itself is not among them. */
  history: Turn[]
  evidence: Evidence[]
  /** What the person said of themselves in earlier conversations, and may help. Data, as the evidence is (law A4). */
  memories?: string[]
  /** What staff have told the assistant in private, oldest first: to be followed, and never shown. */
  guidance?: string[]
  /** In place of a shop assistant's: then the question is all that goes with them. */
  instructions?: string
  /** In whose budgets it counts; without one only in those of all and of the provider. */
  payer?: Payer
  /** The longest answer; without it what the model's settings say. */
  maxTokens?: number
  /** The host gave a sign of life: any byte. */
  onActivity?(): void
  /** The text so far was reasoning, and only its end said so: it does not count, and the answer begins anew. */
  onRetract?(): void
}

/** As the provider counted; null where it did not say. */
export interface TokenCount {
  prompt_tokens: number
  /** Of the prompt, those that the host had read before and charges less for. */
  cached_tokens?: number
  completion_tokens: number
  /** Of sound that was understood or spoken, in milliseconds. */
  sound_ms?: number
  /** The host did not say. */
  estimated?: boolean
}

/** What an owner sets for a model; the host's own where nothing is said. */
export interface ModelSettings {
  temperature?: number
  /** The longest answer. */
  max_tokens?: number
  /** The window that the model is given, of Ollama. */
  context_tokens?: number
}

export interface ChatModel {
  /** 'builtin'; 'openai' or 'ollama' of the environment; a provider's id. */
  provider: string
  model: string
  /** The longest answer that its settings allow. */
  maxTokens?: number
  /** Where it is paid for by the token; undefined where it runs on a machine of one's own. */
  hostUrl?: string
  /**
   * Writes an answer with marks like [1] after what it took from source 1, handing text to `onText` as it comes.
   * What is handed on is the answer alone, never a model's reasoning.
   * @throws ModelError, an AnswerCut where the text ends too early; after an abort whatever the abort's reason is
   */
  answer(
    request: ChatRequest,
    onText: (text: string) => void,
    signal: AbortSignal,
  ): Promise<TokenCount | null>
  /** One sentence on what is wrong with the configuration or the host, or null. Used at start and by health checks. */
  check(signal: AbortSignal): Promise<string | null>
  /** The models that its host offers. @throws ModelError */
  list?(signal: AbortSignal): Promise<string[]>
}

export interface EmbeddingModel {
  model: string
  /** One vector per text, all of the same length, in order. @throws ModelError */
  embed(texts: string[], signal: AbortSignal): Promise<number[][]>
}

/**
 * The provider refused, failed or said something unreadable. `message` is one sentence for operators and staff, without
 * secrets; a visitor is shown a fixed one instead (`visitor-errors.ts`).
 */
export class ModelError extends Error {
  constructor(message: string, options?: ErrorOptions) {
    super(message, options)
    this.name = 'ModelError'
  }
}

/** It is not asked: what it may cost at most does not fit a budget any more. */
export class BudgetReached extends ModelError {
  /** Rather than by the built-in answerer, the question is answered by nobody. */
  readonly refuses: boolean

  constructor(message: string, refuses: boolean) {
    super(message)
    this.refuses = refuses
  }
}

/** The host answered with a status that is no success. */
export class HostRefused extends ModelError {
  readonly status: number
  /** What it said, in its own form. */
  readonly body: string
  /** After how long it wants to be asked again, in milliseconds; null where it did not say. */
  readonly retryAfterMs: number | null

  constructor(message: string, { status, body, retryAfterMs }: Omit<HostRefused, keyof Error>) {
    super(message)
    this.status = status
    this.body = body
    this.retryAfterMs = retryAfterMs
  }
}

/** The host did not embed all it was given. */
export class VectorsMissing extends ModelError {}

/** The host ended the answer before it was whole: what was written stands, and is said to be cut. */
export class AnswerCut extends ModelError {
  readonly tokens: TokenCount | null

  constructor(message: string, tokens: TokenCount | null) {
    super(message)
    this.tokens = tokens
  }
}
