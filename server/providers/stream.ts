import { type IncomingMessage, request as requestHttp } from 'node:http'
import { request as requestHttps } from 'node:https'
import { callOut, type Outgoing } from '../net/egress.ts'
import { hostWords, reasonIn } from './host-words.ts'
import { HostRefused, ModelError } from './model.ts'

/** Says where may be connected to (`outgoing.ts`); the system's own connections without. */
export type AgentFor = Outgoing['agentFor']

export interface HostCall {
  url: string
  method?: 'GET' | 'POST'
  headers?: Record<string, string>
  /** Sent as JSON. */
  body?: unknown
  signal: AbortSignal
  agentFor: AgentFor | undefined
}

/** For the socket: whoever does not read on holds one read and leaves the rest to the system. */
const oneRead = { highWaterMark: 1 }
const refusalMaxBytes = 4000
/** What an idle connection says that its host has closed. */
const brokenOff = new Set(['ECONNRESET', 'EPIPE'])

/**
 * Calls a model host. An idle connection that the host has closed meanwhile shows itself only when it is used: then the
 * call goes out once more, on a fresh one.
 * @returns the response of a call that succeeded, unread
 * @throws HostRefused, or a ModelError when the host is away; the signal's reason after an abort
 */
export async function callHost(call: HostCall): Promise<IncomingMessage> {
  const sent = call.body === undefined ? undefined : JSON.stringify(call.body)
  const response = await send(call, sent, false)
  const { statusCode = 0 } = response
  if (statusCode >= 200 && statusCode <= 299) return response
  const text = await readText(response, refusalMaxBytes).catch(() => '')
  throw refusal(call, { status: statusCode, body: text, sent, retryAfterMs: retryAfterMs(response.headers) })
}

function send(call: HostCall, sent: string | undefined, fresh: boolean): Promise<IncomingMessage> {
  const { url, method = 'POST', headers, signal, agentFor } = call
  const { promise, resolve, reject } = Promise.withResolvers<IncomingMessage>()
  const request = url.startsWith('https:') ? requestHttps : requestHttp
  try {
    signal.throwIfAborted()
    const outgoing = request(url, {
      method,
      headers: { ...headers, ...(sent !== undefined && { 'content-type': 'application/json' }) },
      signal,
      agent: agentFor ? agentFor(url, fresh) : fresh ? false : undefined,
      ...oneRead,
    })
    outgoing.on('response', resolve)
    outgoing.on('error', error => {
      if (signal.aborted) reject(signal.reason)
      else if (outgoing.reusedSocket && !fresh) resolve(send(call, sent, true))
      else reject(toModelError(error, url))
    })
    outgoing.end(sent)
  } catch (error) {
    reject(signal.aborted ? signal.reason : toModelError(error, url))
  }
  return promise
}

interface Refusal {
  status: number
  body: string
  sent: string | undefined
  retryAfterMs: number | null
}

function refusal({ headers }: Pick<HostCall, 'headers'>, { sent = '', ...said }: Refusal): HostRefused {
  const words = hostWords(reasonIn(parsed(said.body)), sent, headers)
  return new HostRefused(`The model host answered ${said.status}${words && `: ${words}`}.`, said)
}

/** In seconds or as a date (RFC 9110), or in milliseconds as OpenAI says it. */
function retryAfterMs(headers: IncomingMessage['headers']): number | null {
  const ms = Number(headers['retry-after-ms'] ?? Number.NaN)
  if (ms >= 0) return ms
  const after = headers['retry-after']
  if (after === undefined) return null
  const seconds = Number(after)
  const waitMs = Number.isNaN(seconds) ? Date.parse(after) - Date.now() : seconds * 1000
  return Number.isNaN(waitMs) ? null : Math.max(0, waitMs)
}

/** What is longer than `maxBytes` is cut. */
function readText(response: IncomingMessage, maxBytes: number): Promise<string> {
  return new Promise((resolve, reject) => {
    const pieces: Buffer[] = []
    let bytes = 0
    const finish = () => resolve(Buffer.concat(pieces).toString())
    response.on('data', (piece: Buffer) => {
      pieces.push(piece)
      bytes += piece.length
      if (bytes < maxBytes) return
      response.destroy()
      finish()
    })
    response.on('end', finish)
    response.on('error', reject)
  })
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return null
  }
}

/** Why a host cannot be reached, in one sentence for operators. */
export function toModelError(error: unknown, url: string): ModelError {
  if (error instanceof ModelError) return error
  const { code, cause } = error as { code?: string; cause?: { code?: string } }
  const why = code ?? cause?.code ?? 'failed'
  return new ModelError(`The model host ${new URL(url).origin} does not answer (${why}).`, { cause: error })
}

/** @throws ModelError */
export function parseJson(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    throw new ModelError(
      text.trimStart().startsWith('<')
        ? 'The model host answered with a web page: the address may lack its path.'
        : 'The model host sent something that is not JSON.',
    )
  }
}

/** A whole JSON answer, for everything that is not a stream. @throws as `callHost` */
export async function fetchJson<T>({
  url,
  method = 'POST',
  headers,
  body,
  signal,
  agentFor,
}: HostCall): Promise<T> {
  const sent = body === undefined ? undefined : JSON.stringify(body)
  const call = (fresh: boolean) =>
    callOut({
      url,
      method,
      headers: { ...headers, ...(sent !== undefined && { 'content-type': 'application/json' }) },
      body: sent,
      signal,
      agent: agentFor?.(url, fresh),
    })
  try {
    const { status, text } = await call(false).catch(error => {
      if (!signal.aborted && brokenOff.has(error.code)) return call(true)
      throw error
    })
    if (status < 200 || status > 299)
      throw refusal({ headers }, { status, body: text, sent, retryAfterMs: null })
    return parseJson(text) as T
  } catch (error) {
    throw signal.aborted ? signal.reason : toModelError(error, url)
  }
}
