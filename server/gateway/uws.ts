import {
  App,
  type HttpRequest,
  type HttpResponse,
  SSLApp,
  type TemplatedApp,
  us_listen_socket_close,
  us_socket_local_port,
  type WebSocket,
  type WebSocketBehavior,
} from 'uWebSockets.js'
import { STATUS_CODES } from 'node:http'
import { timestamp } from '../clock.ts'
import { createReadPath, type ReadPath } from '../net/target.ts'
import {
  badPath,
  isMethod,
  letEnd,
  maxBackpressureBytes,
  maxBodyBytes,
  type Refusal,
  type ServerParts,
  type SocketServer,
  tooLarge,
  whyNotListening,
} from './server.ts'

type Socket = WebSocket<unknown>

/** The default socket server: socket.io on uWebSockets.js, and HTTP through the same Fetch interface as elsewhere. */
export function createUwsServer({ io, fetch, tls, basePath }: ServerParts): SocketServer {
  const app = tls ? SSLApp({ cert_file_name: tls.certFile, key_file_name: tls.keyFile }) : App()
  const open = new Set<HttpResponse>()
  const readPath = createReadPath(basePath)
  io.attachApp(guardedApp(app, { basePath, readPath }))
  app.any('/*', (res, req) => answer(res, req, { fetch, readPath, open }))
  let listening: unknown

  // io.close() leaves the listen socket open.
  function stopListening() {
    if (listening) us_listen_socket_close(listening as never)
    listening = undefined
  }

  return {
    listen(port, host) {
      return new Promise((resolve, reject) => {
        app.listen(host, port, token => {
          if (!token) return whyNotListening(port, host).then(reject)
          listening = token
          resolve(us_socket_local_port(token))
        })
      })
    },
    stopListening,
    async close() {
      stopListening()
      await letEnd(open)
      // One event stream would hold the process.
      for (const res of open) res.close()
      await io.close()
    },
  }
}

/**
 * A stand-in for the app with four cures: headers of one name are one header, binary messages are copied, since uWS takes their memory back as soon as the
 * callback returns (socket.io pull 5331), and a reader too slow for its backpressure limit is closed, where socket.io
 * would lose the tail in silence (law D5). And what was published to a reader goes out together with the acknowledgement
 * that follows it: corked, in one call of the system.
 */
function guardedApp(app: TemplatedApp, { basePath, readPath }: Paths): TemplatedApp {
  let corkedSend: Socket['send'] | undefined
  const guarded = {
    // What is no upgrade is answered with everything else over HTTP.
    any: () => guarded,
    ws(pattern: string, behaviour: WebSocketBehavior<unknown>) {
      const { message, open, upgrade } = behaviour
      const safe: WebSocketBehavior<unknown> = {
        ...behaviour,
        upgrade(res, req, context) {
          if (readPath(req.getUrl()) === null) return refuse(res, badPath)
          return upgrade?.(res, withJoinedHeaders(req), context)
        },
        open(ws) {
          corkedSend ??= corking(ws.send)
          ws.send = corkedSend
          open?.(ws)
        },
        maxBackpressure: maxBackpressureBytes,
        closeOnBackpressureLimit: true as never,
        message: (ws, data, isBinary) => void message?.(ws, isBinary ? data.slice(0) : data, isBinary),
      }
      for (const place of new Set([pattern, basePath + pattern])) app.ws(place, safe)
      return guarded
    },
    publish: app.publish.bind(app),
  }
  return guarded as unknown as TemplatedApp
}

/** engine.io keeps the last of several headers of one name; a proxy's own may be in the one before (RFC 9110, 5.3). */
function withJoinedHeaders(req: HttpRequest): HttpRequest {
  const headers = new Map<string, string>()
  req.forEach((name, value) => {
    const before = headers.get(name)
    headers.set(name, before === undefined ? value : `${before}, ${value}`)
  })
  return Object.assign(req, {
    forEach(each: (name: string, value: string) => void) {
      for (const [name, value] of headers) each(name, value)
    },
  })
}

/** One for all sockets: a function made for each message costs more than the cork. */
function corking(send: Socket['send']): Socket['send'] {
  let socket: Socket
  let message: Parameters<Socket['send']>
  let status = 0
  function write() {
    status = send.apply(socket, message)
  }
  return function (this: Socket, ...args) {
    socket = this
    message = args
    this.cork(write)
    return status
  }
}

interface Paths {
  basePath: string
  readPath: ReadPath
}

interface AnswerParts {
  fetch: ServerParts['fetch']
  readPath: ReadPath
  open: Set<HttpResponse>
}

/** Reads everything off `req` at once: it is gone after the first await. */
function answer(res: HttpResponse, req: HttpRequest, { fetch, readPath, open }: AnswerParts): void {
  const method = req.getCaseSensitiveMethod()
  const path = readPath(req.getUrl())
  if (path === null || !isMethod.test(method)) return void refuse(res, badPath)
  const query = req.getQuery()
  const url = path + (query ? `?${query}` : '')
  const headers = readHeaders(req)
  // Hard close: ending the response would still run a smuggled second request (DESIGN.md section 5).
  if (!headers) return void res.close()
  const address = Buffer.from(res.getRemoteAddressAsText()).toString()
  const gone = new AbortController()
  open.add(res)
  res.onAborted(() => {
    open.delete(res)
    gone.abort()
  })

  async function respond(body: Uint8Array<ArrayBuffer> | null) {
    const request = toRequest(method, url, headers!, body, gone.signal)
    const response = request ? await fetch(request, address) : new Response(null, { status: 400 })
    if (gone.signal.aborted) return
    if (isStream(response.headers) && response.body) {
      await writeStream(res, response, gone.signal)
    } else {
      const bytes = new Uint8Array(await response.arrayBuffer())
      if (!gone.signal.aborted) writeWhole(res, response, bytes, method === 'HEAD')
    }
    open.delete(res)
  }
  const fail = () => {
    if (!gone.signal.aborted) res.close()
  }
  if (method === 'GET' || method === 'HEAD') respond(null).catch(fail)
  else
    readBody(res, headers, { done: body => void respond(body).catch(fail), refused: () => open.delete(res) })
}

/** Events and downloads are written as they come. */
function isStream(headers: Headers): boolean {
  return headers.has('content-disposition') || !!headers.get('content-type')?.startsWith('text/event-stream')
}

/** Null where the framing is doubtful: what request smuggling needs is refused before anything is read. */
function readHeaders(req: HttpRequest): Headers | null {
  const headers = new Headers()
  let lengths = 0
  let encoding: string | undefined
  req.forEach((name, value) => {
    if (name === 'content-length') lengths += /^\d{1,10}$/.test(value) ? 1 : 2
    if (name === 'transfer-encoding') encoding = encoding === undefined ? value.toLowerCase() : 'twice'
    try {
      headers.append(name, value)
    } catch {
      lengths = 2
    }
  })
  const doubtful = lengths > 1 || (encoding !== undefined && (encoding !== 'chunked' || lengths > 0))
  return doubtful ? null : headers
}

/** Collects the body up to the limit; beyond it the connection is answered and closed. Chunks are only valid in the callback. */
function readBody(
  res: HttpResponse,
  headers: Headers,
  { done, refused }: { done(body: Uint8Array<ArrayBuffer>): void; refused(): void },
): void {
  const chunks: Uint8Array[] = []
  let total = 0
  let isRefused = false
  const stop = () => {
    isRefused = true
    refuse(res, tooLarge)
    refused()
  }
  if (Number(headers.get('content-length') ?? 0) > maxBodyBytes) {
    stop()
    return
  }
  res.onData((chunk, isLast) => {
    if (isRefused) return
    total += chunk.byteLength
    if (total > maxBodyBytes) return stop()
    chunks.push(new Uint8Array(chunk.slice(0)))
    if (isLast) done(new Uint8Array(Buffer.concat(chunks)))
  })
}

function refuse(res: HttpResponse, { status, code, message }: Refusal): void {
  const body = {
    success: false,
    error: { code, message, retryable: false },
    timestamp: timestamp(),
    request_id: '',
  }
  res.cork(() => {
    res.writeStatus(`${status} ${STATUS_CODES[status]}`).writeHeader('content-type', 'application/json')
    res.end(JSON.stringify(body), true)
  })
}

function toRequest(
  method: string,
  url: string,
  headers: Headers,
  body: Uint8Array<ArrayBuffer> | null,
  signal: AbortSignal,
): Request | null {
  try {
    return new Request(new URL(url, 'http://server'), { method, headers, body, signal })
  } catch {
    return null
  }
}

function writeHead(res: HttpResponse, response: Response): void {
  res.writeStatus(`${response.status} ${STATUS_CODES[response.status] ?? ''}`)
  response.headers.forEach((value, name) => {
    if (name !== 'content-length' && name !== 'transfer-encoding') res.writeHeader(name, value)
  })
}

function writeWhole(
  res: HttpResponse,
  response: Response,
  bytes: Uint8Array<ArrayBuffer>,
  headOnly: boolean,
): void {
  res.cork(() => {
    writeHead(res, response)
    if (headOnly) res.endWithoutBody(bytes.byteLength)
    else res.end(bytes)
  })
}

async function writeStream(res: HttpResponse, response: Response, signal: AbortSignal): Promise<void> {
  res.cork(() => writeHead(res, response))
  const reader = response.body!.getReader()
  signal.addEventListener('abort', () => void reader.cancel().catch(() => {}))
  for (;;) {
    const { done, value } = await reader.read()
    if (signal.aborted) return
    if (done) return void res.cork(() => res.end())
    let flowing = true
    res.cork(() => {
      flowing = res.write(value)
    })
    if (!flowing) await writable(res, signal)
  }
}

function writable(res: HttpResponse, signal: AbortSignal): Promise<void> {
  return new Promise(resolve => {
    signal.addEventListener('abort', () => resolve(), { once: true })
    res.onWritable(() => {
      resolve()
      return true
    })
  })
}
