import { Readable } from 'node:stream'
import { type Context, Hono } from 'hono'
import { streamSSE } from 'hono/streaming'
import {
  codes,
  type HttpBinding,
  type Operation,
  OperationError,
  operations,
  type Reply,
  roleAtLeast,
} from '#protocol'
import { originPath } from '#protocol/core/routes'
import type { Call, Caller, FileAnswer } from '../core/call.ts'
import { newId } from '../core/ids.ts'
import { yieldToLoop } from '../core/turns.ts'
import type { IncomingBody } from '../net/body.ts'
import { assertShallowJson, bodyLimit } from '../net/body-limit.ts'
import type { Log } from '../observability/log.ts'
import { type Identity, nobody } from '../security/identity.ts'
import { acceptedLanguage } from './accepted-language.ts'
import { assertRole, type Dispatch, toFailure } from './dispatch.ts'
import { readMultipart } from './multipart.ts'
import type { OriginGate } from './origin.ts'

export interface HttpParts {
  dispatch: Dispatch
  identity: Identity
  origins: OriginGate
  nextRequestId(): string
  log: Log
}

/** What the socket servers hand over with a request. */
export type HttpBindings = {
  Bindings: { address: string; network: string; secure: boolean; body: IncomingBody | null }
}
export type HttpApp = Hono<HttpBindings>

type Route = { name: string; operation: Operation; binding: HttpBinding }

/** Browsers that came once over https come by nothing else for so long. */
const hstsSeconds = 365 * 24 * 3600

/** One route per http binding of the definitions, below /api/v1. */
export function createApi(parts: HttpParts): HttpApp {
  const api = new Hono<HttpBindings>()
  api.use('*', async (context, next) => {
    await next()
    context.header('x-content-type-options', 'nosniff')
    if (context.env.secure) context.header('strict-transport-security', `max-age=${hstsSeconds}`)
  })
  api.use('/api/*', async (context, next) => {
    await next()
    // Answers are for programs: shown as a page they run nothing, and no cache keeps what is somebody's.
    context.header('content-security-policy', "default-src 'none'; frame-ancestors 'none'")
    if (!context.res.headers.has('cache-control')) context.header('cache-control', 'no-store')
  })
  // A page that is refused cannot see it at its socket: here it may read why.
  api.get(`/api/v1${originPath}`, context => {
    context.header('access-control-allow-origin', '*')
    return context.json({
      allowed: parts.origins.allows(context.req.header('origin'), context.req.header('host')),
    })
  })
  api.use('/api/v1/*', async (context, next) => {
    const origin = context.req.header('origin')
    const allowed = origin !== undefined && parts.origins.allows(origin, context.req.header('host'))
    if (context.req.method === 'OPTIONS') return preflight(context, allowed ? origin : null)
    await next()
    if (allowed) {
      context.header('access-control-allow-origin', origin)
      context.header('vary', 'Origin', { append: true })
    }
  })
  for (const [name, operation] of Object.entries(operations) as [string, Operation][]) {
    for (const binding of operation.http) {
      const path = `/api/v1${binding.path.replaceAll(/\{(\w+)\}/g, ':$1')}`
      api.on(binding.method, path, context => handle(context, { name, operation, binding }, parts))
    }
  }
  api.all('/api/*', context => {
    const failure = toFailure(
      new OperationError('NOT_FOUND', 'There is no such route.'),
      parts.nextRequestId(),
    )
    return context.json(failure, 404)
  })
  return api
}

function preflight(context: Context<HttpBindings>, origin: string | null): Response {
  if (origin === null) return context.body(null, 403)
  context.header('access-control-allow-origin', origin)
  context.header('access-control-allow-methods', 'GET, POST, PUT, DELETE')
  context.header('access-control-allow-headers', 'Authorization, Content-Type, Idempotency-Key')
  context.header('access-control-max-age', '600')
  context.header('vary', 'Origin')
  return context.body(null, 204)
}

async function handle(context: Context<HttpBindings>, route: Route, parts: HttpParts): Promise<Response> {
  const requestId = parts.nextRequestId()
  context.header('x-request-id', requestId)
  try {
    const caller = await readCaller(context, route.operation, parts.identity)
    assertRole(route.operation, caller)
    const raw = await readInput(context, route, caller)
    const call: Call = {
      caller,
      namespace: null,
      requestId,
      address: context.env.address,
      network: context.env.network,
      device: null,
      signal: context.req.raw.signal,
      listen: async () => {},
      leave() {},
      listens: () => false,
      adopt() {},
      emit() {},
      backlog: () => 0,
      stream() {},
    }
    if (route.binding.response === 'sse')
      return respondWithStream(context, route.name, raw, call, parts.dispatch)
    const reply = await parts.dispatch(route.name, raw, call)
    if (route.binding.response === 'file' && reply.success) return sendFile(context, reply.data as FileAnswer)
    return respond(context, reply)
  } catch (thrown) {
    if (!(thrown instanceof OperationError)) throw thrown
    parts.log.debug({ request_id: requestId, operation: route.name, code: thrown.code }, 'operation')
    return respond(context, toFailure(thrown, requestId))
  }
}

function respond(context: Context<HttpBindings>, reply: Reply<unknown>): Response {
  if (reply.success) return context.json(reply, 200)
  const { code, details } = reply.error
  const { retry_after_ms } = (details ?? {}) as { retry_after_ms?: number }
  if (retry_after_ms !== undefined) context.header('retry-after', String(Math.ceil(retry_after_ms / 1000)))
  return context.json(reply, codes[code].status as 400)
}

/** What was taken down is gone everywhere a day later. */
const publicCache = 'public, max-age=86400, immutable'

function sendFile(context: Context<HttpBindings>, { name, mime, body, isPublic }: FileAnswer): Response {
  context.header('content-type', mime)
  context.header('content-disposition', `attachment; ${fileNameOf(name)}`)
  context.header('cache-control', isPublic ? publicCache : 'no-store')
  if (isPublic) context.header('cross-origin-resource-policy', 'cross-origin')
  context.header('x-content-type-options', 'nosniff')
  return context.body(Readable.toWeb(Readable.from(encoded(body))) as ReadableStream)
}

/** RFC 6266: any name, with a plain one for who does not understand it. */
function fileNameOf(name: string): string {
  const plain = name.replaceAll(/[^\w .,()+-]/g, '_')
  const whole = encodeURIComponent(name).replaceAll(/['()*]/g, sign => `%${sign.charCodeAt(0).toString(16)}`)
  return `filename="${plain}"; filename*=UTF-8''${whole}`
}

async function* encoded(pieces: FileAnswer['body']): AsyncGenerator<Uint8Array> {
  for await (const piece of pieces) yield typeof piece === 'string' ? Buffer.from(piece) : piece
}

/** Each event the handler streams is one `data:` line; a refusal before the first is an ordinary error response. */
async function respondWithStream(
  context: Context<HttpBindings>,
  name: string,
  raw: unknown,
  call: Call,
  dispatch: Dispatch,
): Promise<Response> {
  const waiting: unknown[] = []
  let wake = () => {}
  const streaming: Call = {
    ...call,
    stream(event) {
      waiting.push(event)
      wake()
    },
  }
  let reply: Reply<unknown> | undefined
  const finished = dispatch(name, raw, streaming).then(answer => {
    reply = answer
    wake()
  })
  await new Promise<void>(resolve => {
    wake = resolve
    if (waiting.length > 0 || reply) resolve()
  })
  if (reply && !reply.success && waiting.length === 0) return respond(context, reply)
  context.header('cache-control', 'no-store')
  context.header('x-accel-buffering', 'no')
  return streamSSE(context, async stream => {
    for (;;) {
      for (const event of waiting.splice(0)) await stream.writeSSE({ data: JSON.stringify(event) })
      if (reply) break
      await new Promise<void>(resolve => {
        wake = resolve
        if (waiting.length > 0 || reply) resolve()
      })
    }
    await finished
    const last = reply.success ? reply.data : { type: 'error', error: reply.error }
    await stream.writeSSE({ data: JSON.stringify(last) })
  })
}

/** Staff act on the desk where the operation is one of the desk; otherwise, as in a chat, as a visitor would. */
async function readCaller(
  context: Context<HttpBindings>,
  operation: Operation,
  identity: Identity,
): Promise<Caller> {
  const header = context.req.header('authorization')
  const spokenLanguage = acceptedLanguage(context.req.header('accept-language'))
  if (header === undefined) return { ...nobody, language: spokenLanguage }
  const token = /^Bearer (\S+)$/i.exec(header)?.[1]
  if (!token) throw new OperationError('UNAUTHORIZED', 'The Authorization header is not a bearer token.')
  const { caller } = await identity.authenticate(token)
  const onDesk = roleAtLeast(caller.role, 'agent') && operation.namespaces.includes('agent')
  return { ...caller, audience: onDesk ? 'agent' : 'visitor', language: spokenLanguage }
}

async function readInput(
  context: Context<HttpBindings>,
  { operation, binding }: Route,
  { role }: Caller,
): Promise<Record<string, unknown>> {
  const hasBody = binding.method === 'POST' || binding.method === 'PUT'
  const limit = bodyLimit(Object.keys(entriesOf(operation.input)), binding, role)
  const supplied = hasBody
    ? await readBody(context, binding, limit)
    : readQuery(operation, context.req.query())
  const params = readQuery(operation, context.req.param() as Record<string, string>)
  const input: Record<string, unknown> = { ...supplied, ...params, ...binding.fixed }
  for (const [alias, field] of Object.entries(binding.aliases ?? {})) input[field] ??= input[alias]
  if (binding.keyed && input.key === undefined) input.key = context.req.header('idempotency-key') ?? newId()
  return input
}

async function readBody(
  context: Context<HttpBindings>,
  binding: HttpBinding,
  maxBytes: number,
): Promise<Record<string, unknown>> {
  const type = context.req.header('content-type') ?? ''
  const encoding = context.req.header('content-encoding') ?? 'identity'
  if (encoding !== 'identity') throw notUnderstood(`encoded as ${encoding}`)
  const bytes = (await context.env.body?.read(maxBytes)) ?? Buffer.alloc(0)
  if (binding.body === 'multipart' && /^multipart\/form-data\b/i.test(type)) {
    // Each copy of a file of 10 MB in a turn of its own.
    await yieldToLoop()
    return readMultipart(bytes, type)
  }
  if (bytes.byteLength === 0) return {}
  if (type !== '' && !/^application\/([\w.+-]+\+)?json\b/i.test(type)) throw notUnderstood(`of type ${type}`)
  // As large as a file: whoever takes it reads it where that holds nobody up.
  if (binding.body === 'multipart') return { body: new Uint8Array(bytes) }
  const text = bytes.toString()
  if (text.trim() === '') return {}
  assertShallowJson(bytes)
  const value = parseJson(text)
  if (typeof value !== 'object' || value === null || Array.isArray(value)) {
    throw new OperationError('VALIDATION_ERROR', 'The body must be a JSON object.', [
      { field: '', reason: 'must be an object' },
    ])
  }
  return value as Record<string, unknown>
}

function notUnderstood(what: string): OperationError {
  return new OperationError('UNSUPPORTED_MEDIA_TYPE', `A body ${what.slice(0, 100)} is not understood here.`)
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    throw new OperationError('VALIDATION_ERROR', 'The body is not valid JSON.', [
      { field: '', reason: 'is not valid JSON' },
    ])
  }
}

/** Query and path values are text; where the schema wants a number or a boolean they are read as one. */
function readQuery(operation: Operation, query: Record<string, string>): Record<string, unknown> {
  const entries = entriesOf(operation.input)
  return Object.fromEntries(
    Object.entries(query).map(([name, value]) => {
      const type = baseType(entries[name])
      if (type === 'number' && /^-?\d+(\.\d+)?$/.test(value)) return [name, Number(value)]
      if (type === 'boolean' && (value === 'true' || value === 'false')) return [name, value === 'true']
      return [name, value]
    }),
  )
}

type Wrapped = {
  type: string
  wrapped?: Wrapped
  pipe?: readonly Wrapped[]
  entries?: Record<string, Wrapped>
}

function entriesOf(schema: unknown): Record<string, Wrapped> {
  const { entries, pipe } = schema as Wrapped
  return entries ?? pipe?.[0]?.entries ?? {}
}

function baseType(schema: Wrapped | undefined): string | undefined {
  return schema?.wrapped ? baseType(schema.wrapped) : schema?.type
}
