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
import { timestamp } from '../core/clock.ts'
import { IncomingBody } from '../net/body.ts'
import { createReadPath, type ReadPath } from '../net/target.ts'
import {
  badPath,
  isMethod,
  maxBackpressureBytes,
  type Refusal,
  type ServerParts,
  type SocketServer,
  waitForRequests,
  whyNotListening,
} from './server.ts'

type Socket = WebSocket<unknown>

/** The default socket server: socket.io on uWebSockets.js, and HTTP through the same Fetch interface as elsewhere. */
export function createUwsServer({ io, fetch, openFiles, tls, basePath }: ServerParts): SocketServer {
  const open = new Set<HttpResponse>()
  const readPath = createReadPath(basePath)
  const closed = () => openFiles?.closed()
  /** More than one while sockets are open that came before a certificate was renewed. */
  const apps = new Set<TemplatedApp>()
  const guard = createGuard(apps, { basePath, readPath, closed })
  io.attachApp(guard.standIn)
  let current = createTransport()
  let place = { port: 0, host: '' }
  let listening: unknown

  // Of a connection that became a socket the filter does not hear again.
  function connectionsChanged(res: HttpResponse, change: number): void {
    if (change < 0) closed()
    else if (openFiles?.opened() === false) res.close()
  }

  function createTransport(): TemplatedApp {
    const app = tls ? SSLApp({ cert_file_name: tls.certFile, key_file_name: tls.keyFile }) : App()
    app.filter(connectionsChanged)
    guard.mount(app, () => app === current)
    app.any('/*', (res, req) => answer(res, req, { fetch, readPath, open }))
    return app
  }

  // io.close() leaves the listen socket open.
  function stopListening() {
    if (listening) us_listen_socket_close(listening as never)
    listening = undefined
  }

  function listen(app: TemplatedApp): unknown {
    const { port, host } = place
    let opened: unknown
    app.listen(host, port, token => {
      opened = token || undefined
    })
    return opened
  }

  return {
    async listen(port, host) {
      place = { port, host }
      listening = listen(current)
      if (!listening) throw await whyNotListening(port, host)
      place.port = us_socket_local_port(listening as never)
      if (port === 0) {
        // Only a port that was asked for by its number can be listened on by the next app before this one lets it go.
        stopListening()
        listening = listen(current)
      }
      apps.add(current)
      return place.port
    },
    // A certificate is of an app, for as long as it is: whoever comes now is the next one's.
    renewCertificate() {
      if (!listening) return
      const next = createTransport()
      const opened = listen(next)
      if (!opened) throw new Error(`port ${place.port} cannot be listened on anew`)
      stopListening()
      listening = opened
      current = next
      apps.add(next)
    },
    stopListening,
    async close() {
      stopListening()
      await waitForRequests(open)
      // One event stream would hold the process.
      for (const res of open) res.close()
      await io.close()
    },
  }
}

/**
 * A stand-in for the app with four cures: headers of one name are one header, binary messages are copied, since uWS takes
 * their memory back as soon as the callback returns (socket.io pull 5331), and a reader too slow for its backpressure limit is closed, where socket.io
 * would lose the tail in silence (law D5). And what was published to a reader goes out together with the acknowledgement
 * that follows it: corked, in one call of the system.
 */
function createGuard(apps: Set<TemplatedApp>, { basePath, readPath, closed }: GuardParts) {
  const routes: [pattern: string, behaviour: WebSocketBehavior<unknown>][] = []
  let corkedSend: Socket['send'] | undefined

  const standIn = {
    // What is no upgrade is answered with everything else over HTTP.
    any: () => standIn,
    ws(pattern: string, behaviour: WebSocketBehavior<unknown>) {
      for (const place of new Set([pattern, basePath + pattern])) routes.push([place, behaviour])
      return standIn
    },
    publish(topic: string, message: string | ArrayBuffer, isBinary?: boolean) {
      for (const app of apps) app.publish(topic, message, isBinary)
    },
  }

  function guarded(behaviour: WebSocketBehavior<unknown>, entered: () => void, left: () => void) {
    const { message, open, close, upgrade } = behaviour
    return {
      ...behaviour,
      upgrade(res, req, context) {
        if (readPath(req.getUrl()) === null) return refuse(res, badPath)
        return upgrade?.(res, withJoinedHeaders(req), context)
      },
      open(ws) {
        entered()
        corkedSend ??= corking(ws.send)
        ws.send = corkedSend
        open?.(ws)
      },
      close(ws, code, reason) {
        closed()
        close?.(ws, code, reason)
        left()
      },
      maxBackpressure: maxBackpressureBytes,
      closeOnBackpressureLimit: true as never,
      message: (ws, data, isBinary) => void message?.(ws, isBinary ? data.slice(0) : data, isBinary),
    } satisfies WebSocketBehavior<unknown>
  }

  return {
    standIn: standIn as unknown as TemplatedApp,
    /** @param isCurrent whether newcomers get to `app`; one that is not is let go with its last socket */
    mount(app: TemplatedApp, isCurrent: () => boolean): void {
      let sockets = 0
      const left = () => {
        sockets -= 1
        if (sockets === 0 && !isCurrent()) apps.delete(app)
      }
      const entered = () => {
        sockets += 1
      }
      for (const [place, behaviour] of routes) app.ws(place, guarded(behaviour, entered, left))
    },
  }
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

interface GuardParts {
  basePath: string
  readPath: ReadPath
  /** A socket has ended. */
  closed(): void
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
  // Hard close: ending the response would still run a smuggled second request.
  if (!headers) return void res.close()
  const address = Buffer.from(res.getRemoteAddressAsText()).toString()
  const connectionClosed = new AbortController()
  const body = method === 'GET' || method === 'HEAD' ? null : receiveBody(res, headers)
  open.add(res)
  res.onAborted(() => {
    open.delete(res)
    connectionClosed.abort()
    body?.abort()
  })

  async function respond() {
    const request = toRequest(method, url, headers!, connectionClosed.signal)
    const response = request ? await fetch(request, address, body) : new Response(null, { status: 400 })
    const isWhole = body === null || (await body.discard())
    if (connectionClosed.signal.aborted) return
    if (isStream(response.headers) && response.body) {
      await writeStream(res, response, connectionClosed.signal)
    } else {
      const bytes = new Uint8Array(await response.arrayBuffer())
      if (!connectionClosed.signal.aborted)
        writeWhole(res, response, bytes, {
          headOnly: method === 'HEAD',
          close: !isWhole || response.headers.get('connection') === 'close',
        })
    }
    open.delete(res)
  }
  respond().catch(() => {
    if (!connectionClosed.signal.aborted) res.close()
  })
}

function receiveBody(res: HttpResponse, headers: Headers): IncomingBody {
  const body = new IncomingBody(Number(headers.get('content-length') ?? 0))
  res.onData((chunk, isLast) => body.push(new Uint8Array(chunk), isLast))
  return body
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
  const isAmbiguous = lengths > 1 || (encoding !== undefined && (encoding !== 'chunked' || lengths > 0))
  return isAmbiguous ? null : headers
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

function toRequest(method: string, url: string, headers: Headers, signal: AbortSignal): Request | null {
  try {
    return new Request(new URL(url, 'http://server'), { method, headers, signal })
  } catch {
    return null
  }
}

/** Written by uWebSockets.js itself. */
const framing: ReadonlySet<string> = new Set(['connection', 'content-length', 'transfer-encoding'])

function writeHead(res: HttpResponse, response: Response): void {
  res.writeStatus(`${response.status} ${STATUS_CODES[response.status] ?? ''}`)
  response.headers.forEach((value, name) => {
    if (!framing.has(name)) res.writeHeader(name, value)
  })
}

function writeWhole(
  res: HttpResponse,
  response: Response,
  bytes: Uint8Array<ArrayBuffer>,
  { headOnly, close }: { headOnly: boolean; close: boolean },
): void {
  res.cork(() => {
    writeHead(res, response)
    if (headOnly) res.endWithoutBody(bytes.byteLength)
    else res.end(bytes, close)
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
