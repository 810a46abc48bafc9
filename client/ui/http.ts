import type { OperationInput, OperationOutput, Reply } from '#protocol'
import { type RoutedName, routes } from '#protocol/core/routes'
import { ParleyError } from '../sdk/error.ts'
import { fillRoute } from '../sdk/route.ts'
import { basePath } from './base-path.ts'

/** An input whose text may be empty: in a query that is as if it were not there. */
export type Filter<I> = { [N in keyof I]: I[N] | (I[N] extends string | undefined ? '' : never) }

interface HttpOptions {
  token?: string
  signal?: AbortSignal
}

/** An operation's file, or a ParleyError. */
export async function download<K extends RoutedName>(
  name: K,
  input: Filter<OperationInput<K>>,
  options?: HttpOptions,
): Promise<Blob> {
  return (await send(name, input, options)).blob()
}

/** An operation's output, or a ParleyError. A file in its input goes as a form. */
export async function call<K extends RoutedName>(
  name: K,
  input: Filter<OperationInput<K>>,
  options?: HttpOptions,
): Promise<OperationOutput<K>> {
  const response = await send(name, input, options)
  const reply: Reply<OperationOutput<K>> | null = await response.json().catch(() => null)
  if (reply?.success) return reply.data
  throw unavailable(response)
}

async function send(name: RoutedName, input: object, { token, signal }: HttpOptions = {}): Promise<Response> {
  const { method, path, rest } = fillRoute(routes[name], input)
  const hasBody = method === 'POST' || method === 'PUT'
  const headers = new Headers()
  if (token) headers.set('Authorization', `Bearer ${token}`)
  if (hasBody && !fileOf(rest)) headers.set('Content-Type', 'application/json')
  const response = await fetch(basePath + path + (hasBody ? '' : queryOf(rest)), {
    method,
    headers,
    body: hasBody ? bodyOf(rest) : undefined,
    signal,
  }).catch(error => {
    throw new ParleyError(signal?.aborted ? 'ABORTED' : 'DISCONNECTED', String(error), { retryable: true })
  })
  if (!response.ok) throw await refusal(response)
  return response
}

function queryOf(fields: Record<string, unknown>): string {
  const filled = Object.entries(fields).filter(([, value]) => value !== undefined && value !== '')
  const query = new URLSearchParams(filled.map(([name, value]) => [name, String(value)])).toString()
  return query && `?${query}`
}

function bodyOf(fields: Record<string, unknown>): BodyInit {
  const file = fileOf(fields)
  if (!file) return JSON.stringify(fields)
  const form = new FormData()
  for (const [name, value] of Object.entries(fields)) if (typeof value === 'string') form.append(name, value)
  form.append('file', file)
  return form
}

function fileOf({ file }: Record<string, unknown>): File | null {
  return file instanceof File ? file : null
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
