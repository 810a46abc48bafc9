import type { Reply, WireError } from '#protocol'
import type { ErrorCode } from './types.ts'

/** What a failed call throws. `retryable` says whether the same call may succeed later. */
export class ParleyError extends Error {
  readonly code: ErrorCode
  readonly details: unknown
  readonly retryable: boolean

  constructor(code: ErrorCode, message: string, { details, retryable = false }: Partial<WireError> = {}) {
    super(message)
    this.name = 'ParleyError'
    this.code = code
    this.details = details
    this.retryable = retryable
  }
}

export function toParleyError(error: unknown): ParleyError {
  return error instanceof ParleyError ? error : new ParleyError('INTERNAL_ERROR', String(error))
}

/** The data of an answer; throws what the server refused it with. */
export function unwrap<T>(reply: Reply<T>): T {
  if (reply.success) return reply.data
  throw new ParleyError(reply.error.code, reply.error.message, reply.error)
}

/** Milliseconds the server asks to wait, from `details` of RATE_LIMITED and its like. */
export function retryAfter(details: unknown): number {
  const wait = (details as { retry_after_ms?: unknown } | null | undefined)?.retry_after_ms
  return typeof wait === 'number' ? wait : 0
}
