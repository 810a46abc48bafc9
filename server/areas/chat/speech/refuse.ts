import { type Language, OperationError } from '#protocol'
import { BudgetReached, ModelError } from '../../../providers/model.ts'
import { speechWords } from './words.ts'

type Spoken = Language | null

export function notConfigured(language: Spoken): OperationError {
  return new OperationError('NOT_CONFIGURED', speechWords(language).notConfigured)
}

/** Another's looks like what does not exist (law S2). */
export function noSuchSpeech(): OperationError {
  return new OperationError('NOT_FOUND', 'There is no such speech.')
}

export function noSuchSound(): OperationError {
  return new OperationError('NOT_FOUND', 'There is no such sound.')
}

export function tooManySpeeches(language: Spoken, retry_after_ms: number): OperationError {
  return new OperationError('RATE_LIMITED', speechWords(language).tooManySpeeches, { retry_after_ms })
}

export function tooMuchToday(language: Spoken, retry_after_ms: number): OperationError {
  return new OperationError('RATE_LIMITED', speechWords(language).tooMuchToday, { retry_after_ms })
}

/** A provider's failure, in words for who listens. */
export function providerFailed(language: Spoken, error: unknown): unknown {
  if (!(error instanceof ModelError)) return error
  const words = speechWords(language)
  return error instanceof BudgetReached
    ? new OperationError('INSUFFICIENT_QUOTA', words.overBudget)
    : new OperationError('AI_SERVICE_ERROR', words.unavailable)
}
