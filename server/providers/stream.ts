import { type IncomingMessage, request as requestHttp } from 'node:http'
import { request as requestHttps } from 'node:https'
import type { Egress } from '../net/egress.ts'
import { hostWords, reasonIn } from './host-words.ts'
import { HostRefused, ModelError } from './model.ts'

/** Says where may be connected to (`egress.ts`); the system's own connections without. */
export type AgentFor = Egress['agentFor']

/** For the socket: whoever does not read on holds one read and leaves the rest to the system. */
const oneRead = { highWaterMark: 1 }
const refusalMaxBytes = 4000
/** Longest whole answer by default: many vectors of an embedding model. */
const answerMaxBytes = 64_000_000
/** The packages also send what they run on. */
const sentHeaders = ['accept', 'anthropic-version', 'api-key', 'authorization', 'content-type', 'x-api-key']

/** A call that succeeded. Its body is read off its socket: a web stream costs a token more than twice as much. */
export class HostResponse extends Response {
  readonly message: IncomingMessage

  constructor(message: IncomingMessage) {
    super(new ReadableStream())
    this.message = message
  }

  /** @throws ModelError, or what the connection says */
  override async text(maxBytes = answerMaxBytes): Promise<string> {
    const { text, isWhole } = await readText(this.message, maxBytes)
    if (!isWhole) throw new ModelError('The model host sent an answer without end.')
    return text
  }

  override async json(): Promise<unknown> {
    return parseJson(await this.text())
  }
}

/**
 * What the packages `openai` and `ollama` call by. An idle connection that the host has closed meanwhile shows itself only
 * when it is used: then the call goes out once more, on a fresh one.
 * @throws HostRefused where the answer is no success, a ModelError when the host is away; the signal's reason after an abort
 */
export function createHostFetch(agentFor: AgentFor | undefined) {
  return async function hostFetch(address: string | URL | Request, init: RequestInit = {}) {
    const headers = new Headers(init.headers)
    const form = init.body instanceof FormData ? new Response(init.body) : null
    if (form) headers.set('content-type', form.headers.get('content-type')!)
    const call: HostCall = {
      url: String(address),
      method: init.method ?? 'GET',
      headers: Object.fromEntries([...headers].filter(([name]) => sentHeaders.includes(name))),
      body: form ? Buffer.from(await form.arrayBuffer()) : typeof init.body === 'string' ? init.body : '',
      signal: init.signal!,
      agentFor,
    }
    const message = await send(call, false)
    const { statusCode = 0 } = message
    if (statusCode >= 200 && statusCode <= 299) return new HostResponse(message)
    throw await refusal(call, message)
  }
}

interface HostCall {
  url: string
  method: string
  headers: Record<string, string>
  body: string | Buffer
  signal: AbortSignal
  agentFor: AgentFor | undefined
}

function send(call: HostCall, fresh: boolean): Promise<IncomingMessage> {
  const { url, method, headers, body, signal, agentFor } = call
  const { promise, resolve, reject } = Promise.withResolvers<IncomingMessage>()
  const request = url.startsWith('https:') ? requestHttps : requestHttp
  try {
    signal.throwIfAborted()
    const outgoing = request(url, {
      method,
      headers,
      signal,
      agent: agentFor ? agentFor(url, fresh) : fresh ? false : undefined,
      ...oneRead,
    })
    outgoing.on('response', resolve)
    outgoing.on('error', error => {
      if (signal.aborted) reject(signal.reason)
      else if (outgoing.reusedSocket && !fresh) resolve(send(call, true))
      else reject(toModelError(error, url))
    })
    outgoing.end(body)
  } catch (error) {
    reject(signal.aborted ? signal.reason : toModelError(error, url))
  }
  return promise
}

async function refusal(call: HostCall, message: IncomingMessage): Promise<HostRefused> {
  const { text: body } = await readText(message, refusalMaxBytes).catch(() => ({ text: '' }))
  const status = message.statusCode!
  const words = hostWords(
    reasonIn(parsed(body)),
    typeof call.body === 'string' ? call.body : '',
    call.headers,
  )
  return new HostRefused(`The model host answered ${status}${words && `: ${words}`}.`, {
    status,
    body,
    retryAfterMs: retryAfterMs(message.headers),
  })
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
function readText(message: IncomingMessage, maxBytes: number): Promise<{ text: string; isWhole: boolean }> {
  return new Promise((resolve, reject) => {
    const pieces: Buffer[] = []
    let bytes = 0
    const finish = (isWhole: boolean) => resolve({ text: Buffer.concat(pieces).toString(), isWhole })
    message.on('data', (piece: Buffer) => {
      pieces.push(piece)
      bytes += piece.length
      if (bytes <= maxBytes) return
      message.destroy()
      finish(false)
    })
    message.on('end', () => finish(true))
    message.on('error', reject)
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
function toModelError(error: unknown, url: string): ModelError {
  const { code, cause } = error as { code?: string; cause?: unknown }
  for (const known of [error, cause]) if (known instanceof ModelError) return known
  const why = code ?? (cause as { code?: string } | undefined)?.code ?? 'failed'
  return new ModelError(`The model host ${new URL(url).origin} does not answer (${why}).`, { cause: error })
}

/**
 * A call by one of the packages, which have errors of their own and wrap ours.
 * @throws ModelError; the signal's reason after an abort
 */
export async function calling<T>(host: string, signal: AbortSignal, call: () => Promise<T>): Promise<T> {
  try {
    return await call()
  } catch (error) {
    throw signal.aborted ? signal.reason : toModelError(error, host)
  }
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
