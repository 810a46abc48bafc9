/** Every code the server answers with, its HTTP status, and whether the same call may succeed later. */
export const codes = {
  VALIDATION_ERROR: { status: 400, retryable: false },
  PROVIDER_INACTIVE: { status: 400, retryable: false },
  UNAUTHORIZED: { status: 401, retryable: false },
  INVALID_CREDENTIALS: { status: 401, retryable: false },
  TOKEN_EXPIRED: { status: 401, retryable: false },
  INVALID_CODE: { status: 401, retryable: false },
  FORBIDDEN: { status: 403, retryable: false },
  INSUFFICIENT_QUOTA: { status: 403, retryable: false },
  PROVIDER_NOT_ACCESSIBLE: { status: 403, retryable: false },
  NOT_FOUND: { status: 404, retryable: false },
  CONVERSATION_NOT_FOUND: { status: 404, retryable: false },
  REQUEST_TIMEOUT: { status: 408, retryable: true },
  CONFLICT: { status: 409, retryable: false },
  USER_ALREADY_EXISTS: { status: 409, retryable: false },
  PAYLOAD_TOO_LARGE: { status: 413, retryable: false },
  UNSUPPORTED_MEDIA_TYPE: { status: 415, retryable: false },
  UNPROCESSABLE_FILE: { status: 422, retryable: false },
  CLIENT_TOO_OLD: { status: 426, retryable: false },
  RATE_LIMITED: { status: 429, retryable: true },
  INTERNAL_ERROR: { status: 500, retryable: true },
  AI_API_ERROR: { status: 502, retryable: true },
  SERVICE_UNAVAILABLE: { status: 503, retryable: true },
  AI_SERVICE_ERROR: { status: 503, retryable: true },
  PROVIDER_ERROR: { status: 503, retryable: true },
  NOT_CONFIGURED: { status: 503, retryable: false },
} as const satisfies Record<string, { status: number; retryable: boolean }>

export type Code = keyof typeof codes

/** What any operation may answer, besides the codes its own definition lists. */
export const commonCodes = [
  'VALIDATION_ERROR',
  'UNAUTHORIZED',
  'FORBIDDEN',
  'REQUEST_TIMEOUT',
  'PAYLOAD_TOO_LARGE',
  'RATE_LIMITED',
  'SERVICE_UNAVAILABLE',
  'INTERNAL_ERROR',
] as const satisfies readonly Code[]

/** `details` of VALIDATION_ERROR is a list of these; `field` is a dotted path, '' for the input as a whole. */
export interface FieldProblem {
  field: string
  reason: string
}

/** An error meant for the caller. Anything else that is thrown reaches the wire as INTERNAL_ERROR without its text. */
export class OperationError extends Error {
  readonly code: Code
  readonly details: unknown

  constructor(code: Code, message: string, details?: unknown) {
    super(message)
    this.name = 'OperationError'
    this.code = code
    this.details = details
  }
}

export interface WireError {
  code: Code
  message: string
  details?: unknown
  retryable: boolean
}

export interface Success<T> {
  success: true
  data: T
  message?: string
  timestamp: string
  request_id: string
}

export interface Failure {
  success: false
  error: WireError
  timestamp: string
  request_id: string
}

/** Socket acknowledgement and HTTP body alike. */
export type Reply<T> = Success<T> | Failure

/** Refuses input the way a failed schema does, for rules a schema cannot say. */
export function invalid(field: string, reason: string): OperationError {
  return new OperationError('VALIDATION_ERROR', `${field}: ${reason}`, [
    { field, reason },
  ] satisfies FieldProblem[])
}

export function conversationNotFound(): OperationError {
  return new OperationError('CONVERSATION_NOT_FOUND', 'There is no such conversation.')
}
