import { type Language, OperationError } from '#protocol'
import { voiceMaxBytes } from '#protocol/core/limits'
import { BudgetReached, ModelError } from '../../../providers/model.ts'
import { voiceWords } from './words.ts'

type Spoken = Language | null

export function notConfigured(language: Spoken): OperationError {
  return new OperationError('NOT_CONFIGURED', voiceWords(language).notConfigured)
}

/** Another's looks like what does not exist (law S2). */
export function noSuchStream(): OperationError {
  return new OperationError('NOT_FOUND', 'There is no such stream.')
}

export function streamEnded(language: Spoken): OperationError {
  return new OperationError('CONFLICT', voiceWords(language).ended)
}

export function chunksMissing(received: number): OperationError {
  return new OperationError('CONFLICT', 'Some chunks are missing.', { received })
}

/** Where the stream stands stays known: the same chunk may come again. */
export function beyondWindow(language: Spoken, received: number, retry_after_ms: number): OperationError {
  return new OperationError('RATE_LIMITED', voiceWords(language).tooFast, { retry_after_ms, received })
}

export function tooLong(language: Spoken, max_seconds: number): OperationError {
  return new OperationError('PAYLOAD_TOO_LARGE', voiceWords(language).tooLong(max_seconds), {
    max_seconds,
    max_bytes: voiceMaxBytes,
  })
}

export function noSpeech(language: Spoken): OperationError {
  return new OperationError('UNPROCESSABLE_FILE', voiceWords(language).noSpeech, { reason: 'no_speech' })
}

export function unreadable(language: Spoken, format: string): OperationError {
  return new OperationError('UNPROCESSABLE_FILE', voiceWords(language).unreadable(format), {
    reason: 'unreadable',
    format,
  })
}

export function tooMuchToday(language: Spoken, retry_after_ms: number): OperationError {
  return new OperationError('RATE_LIMITED', voiceWords(language).tooMuchToday, { retry_after_ms })
}

export function tooManyStreams(language: Spoken, retry_after_ms: number): OperationError {
  return new OperationError('RATE_LIMITED', voiceWords(language).tooManyStreams, { retry_after_ms })
}

export function nodeFull(language: Spoken, retry_after_ms: number): OperationError {
  return new OperationError('SERVICE_UNAVAILABLE', voiceWords(language).nodeFull, { retry_after_ms })
}

/** A provider's failure, in words for who spoke: its own are for staff and the log. */
export function providerFailed(language: Spoken, error: unknown): unknown {
  if (!(error instanceof ModelError)) return error
  const words = voiceWords(language)
  const refusal =
    error instanceof BudgetReached
      ? new OperationError('INSUFFICIENT_QUOTA', words.overBudget)
      : new OperationError('AI_SERVICE_ERROR', words.unavailable)
  return Object.assign(refusal, { cause: error })
}
