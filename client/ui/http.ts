import type { Reply } from '#protocol'
import { ParleyError } from '../sdk/error.ts'

export interface HttpOptions {
  method?: 'GET' | 'POST' | 'PUT' | 'DELETE'
  body?: unknown
  token?: string
  signal?: AbortSignal
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
  const response = await fetch(`/api/v1${path}`, {
    method: method ?? (body === undefined ? 'GET' : 'POST'),
    headers,
    body: isForm ? body : body === undefined ? undefined : JSON.stringify(body),
    signal,
  }).catch(error => {
    throw new ParleyError(signal?.aborted ? 'ABORTED' : 'DISCONNECTED', String(error), { retryable: true })
  })
  const reply: Reply<T> | null = await response.json().catch(() => null)
  if (reply?.success) return reply.data
  if (reply) throw new ParleyError(reply.error.code, reply.error.message, reply.error)
  throw new ParleyError('SERVICE_UNAVAILABLE', `HTTP ${response.status}`, { retryable: true })
}
