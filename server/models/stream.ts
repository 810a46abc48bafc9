import { type IncomingMessage, request as requestHttp } from 'node:http'
import { request as requestHttps } from 'node:https'
import { StringDecoder } from 'node:string_decoder'
import { callOut, type Outgoing, type OutgoingCall } from '../outgoing.ts'
import { ModelError } from './model.ts'

/** Says where may be connected to (`outgoing.ts`); the system's own connections without. */
export type AgentFor = Outgoing['agentFor']

export interface LineRequest {
  url: string
  headers: Record<string, string>
  body: unknown
  /** The text in a line of the response, which comes without its end; empty ones are left out. What it throws ends the request. */
  textOf(line: string): string
  /** Whether the last line said that the answer is whole. */
  isWhole(): boolean
  /** The text of all lines of a read together. */
  onText(text: string): void
  /** For how long the read after one with text is put off, in milliseconds: text gathers meanwhile. */
  gatherMs?: number
  signal: AbortSignal
  agentFor: AgentFor | undefined
}

/**
 * As often as text leaves for its readers (law R3): reading a stream costs more by the read than by the byte, so what
 * would wait to be given out together waits in the socket.
 */
const defaultGatherMs = 40
/** For the socket: whoever does not read on holds one read and leaves the rest to the system. */
const oneRead = { highWaterMark: 1 }

/** A line is one event of a model's stream: far below this, in UTF-16 code units. */
const longestLine = 1_000_000
const longestErrorBody = 4000

/**
 * Posts JSON and reads the answer line by line. On node:http and with callbacks because this is the way of every
 * token: half of what a client library's async iteration costs (DESIGN.md section 7).
 * @throws ModelError when the host is away, refuses, or breaks off; the signal's reason after an abort
 */
export function postForLines({
  url,
  headers,
  body,
  signal,
  agentFor,
  ...reader
}: LineRequest): Promise<void> {
  const send = url.startsWith('https:') ? requestHttps : requestHttp
  const { promise, resolve, reject } = Promise.withResolvers<void>()
  const fail = (error: unknown) => {
    reject(signal.aborted ? signal.reason : toModelError(error, url))
    outgoing.destroy()
  }
  const outgoing = send(
    url,
    {
      method: 'POST',
      headers: { ...headers, 'content-type': 'application/json' },
      signal,
      agent: agentOf(url, agentFor),
      ...oneRead,
    },
    response => {
      if (response.statusCode === 200) readLines(response, reader, fail)
      else readRefusal(response, fail)
      response.on('error', fail)
      response.on('aborted', () => fail(new ModelError('The model host broke the connection off.')))
      response.on('end', resolve)
    },
  )
  outgoing.on('error', fail)
  // Outside of the listeners: an idle connection keeps those of its last call, and with them what they can see.
  outgoing.end(JSON.stringify(body))
  return promise
}

function readLines(
  response: IncomingMessage,
  {
    textOf,
    isWhole,
    onText,
    gatherMs = defaultGatherMs,
  }: Pick<LineRequest, 'textOf' | 'isWhole' | 'onText' | 'gatherMs'>,
  fail: (error: unknown) => void,
): void {
  const decoder = new StringDecoder('utf8')
  let rest = ''
  let text = ''
  let failed = false
  /** Says for how long the next read is put off. */
  function giveOn(): number {
    if (text === '') return 0
    const given = text
    text = ''
    onText(given)
    return isWhole() ? 0 : gatherMs
  }
  function takeLines(lines: string): void {
    let from = 0
    try {
      for (let end = lines.indexOf('\n'); end >= 0; end = lines.indexOf('\n', from)) {
        const line = lines.slice(from, lines[end - 1] === '\r' ? end - 1 : end)
        from = end + 1
        if (line !== '') text += textOf(line)
      }
      rest = lines.slice(from)
      if (rest.length > longestLine) throw new ModelError('The model host sent a line without end.')
    } catch (error) {
      failed = true
      giveOn()
      fail(error)
    }
  }
  let putOff = false
  function read(mayPutOff: boolean): void {
    const bytes: Buffer | null = response.read()
    if (bytes === null || failed) return
    takeLines(rest + decoder.write(bytes))
    const waitMs = giveOn()
    if (!mayPutOff || waitMs === 0) return
    putOff = true
    setTimeout(() => {
      putOff = false
      // Takes the little that was read before the pause; what the socket holds follows at once.
      read(false)
    }, waitMs)
  }
  response.on('readable', () => {
    if (!putOff) read(true)
  })
  // What came before a break counts.
  response.on('aborted', () => read(false))
  // A last line may lack its line end.
  response.on('end', () => {
    if (rest !== '' && !failed) takeLines(`${rest}\n`)
    giveOn()
  })
}

/** @throws ModelError */
function agentOf(url: string, agentFor: AgentFor | undefined) {
  try {
    return agentFor?.(url)
  } catch (error) {
    throw toModelError(error, url)
  }
}

function readRefusal(response: IncomingMessage, fail: (error: unknown) => void): void {
  let text = ''
  response.setEncoding('utf8')
  response.on('data', (more: string) => {
    if (text.length < longestErrorBody) text += more
  })
  response.on('end', () =>
    fail(new ModelError(`The model host answered ${response.statusCode}${reasonIn(text)}.`)),
  )
}

/** Hosts say why in `error.message` or `error`. */
function reasonIn(text: string): string {
  try {
    const { error } = JSON.parse(text)
    const reason = typeof error === 'string' ? error : error?.message
    return typeof reason === 'string' ? `: ${reason.slice(0, 200).replace(/\.$/, '')}` : ''
  } catch {
    return ''
  }
}

/** Why a host cannot be reached, in one sentence; addresses are the operator's own, keys are not in them. */
export function toModelError(error: unknown, url: string): ModelError {
  if (error instanceof ModelError) return error
  const { code, cause } = error as { code?: string; cause?: { code?: string } }
  return new ModelError(
    `The model host ${new URL(url).origin} does not answer (${code ?? cause?.code ?? 'failed'}).`,
    {
      cause: error,
    },
  )
}

/** @throws ModelError */
export function parseLine<T>(text: string): T {
  try {
    return JSON.parse(text) as T
  } catch {
    throw new ModelError('The model host sent something that is not JSON.')
  }
}

/** A whole JSON answer, for everything that is not a stream. @throws ModelError */
export async function fetchJson<T>(
  url: string,
  { agentFor, ...call }: Omit<OutgoingCall, 'url' | 'agent'> & Pick<LineRequest, 'agentFor'>,
): Promise<T> {
  const agent = agentOf(url, agentFor)
  try {
    const { status, text } = await callOut({ url, agent, ...call })
    if (status < 200 || status > 299)
      throw new ModelError(`The model host answered ${status}${reasonIn(text)}.`)
    return parseLine<T>(text)
  } catch (error) {
    throw toModelError(error, url)
  }
}
