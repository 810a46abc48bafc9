import type { Reply } from '#protocol'
import { ParleyError } from '../sdk/error.ts'
import { basePath } from './base-path.ts'

export interface HttpOptions {
  method?: 'GET' | 'POST' | 'PUT' | 'DELETE'
  body?: unknown
  token?: string
  signal?: AbortSignal
}

/** A file below /api/v1, or a ParleyError. */
export async function download(path: string, token: string | undefined): Promise<Blob> {
  const headers = new Headers()
  if (token) headers.set('Authorization', `Bearer ${token}`)
  const response = await fetch(`${basePath}/api/v1${path}`, { headers }).catch(error => {
    throw new ParleyError('DISCONNECTED', String(error), { retryable: true })
  })
  if (response.ok) return response.blob()
  throw await refusal(response)
}

/** One call below /api/v1: the envelope's data, or a ParleyError. */
export async function request<T>(
  path: string,
  { method, body, token, signal }: HttpOptions = {},
): Promise<T> {
  const isForm = body instanceof FormData
  const headers = new Headers()
  if (token) headers.set('Authorization', `Bearer ${token}`)
  if (body !== undefined && !isForm) headers.set('Content-Type', 'application/json')
  const response = await fetch(`${basePath}/api/v1${path}`, {
    method: method ?? (body === undefined ? 'GET' : 'POST'),
    headers,
    body: isForm ? body : body === undefined ? undefined : JSON.stringify(body),
    signal,
  }).catch(error => {
    throw new ParleyError(signal?.aborted ? 'ABORTED' : 'DISCONNECTED', String(error), { retryable: true })
  })
  if (!response.ok) throw await refusal(response)
  const reply: Reply<T> | null = await response.json().catch(() => null)
  if (reply?.success) return reply.data
  throw unavailable(response)
}

async function refusal(response: Response): Promise<ParleyError> {
  const reply: Reply<unknown> | null = await response.json().catch(() => null)
  return reply && !reply.success
    ? new ParleyError(reply.error.code, reply.error.message, reply.error)
    : unavailable(response)
}

function unavailable({ status }: Response): ParleyError {
  return new ParleyError('SERVICE_UNAVAILABLE', `HTTP ${status}`, { retryable: true })
}
