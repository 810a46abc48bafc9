import { readFileSync } from 'node:fs'
import { createServer, type IncomingMessage, type ServerResponse, STATUS_CODES } from 'node:http'
import { createServer as createSecureServer } from 'node:https'
import type { AddressInfo } from 'node:net'
import { getRequestListener, type HttpBindings } from '@hono/node-server'
import type { Server } from 'socket.io'
import { listenStartError } from '#storage/engine/start-error'
import { timestamp } from '../core/clock.ts'
import { IncomingBody } from '../net/body.ts'
import type { CertificateFiles } from '../net/certificates.ts'
import { createReadPath, type ReadPath } from '../net/target.ts'
import {
  badPath,
  maxBackpressureBytes,
  type Refusal,
  type ServerParts,
  type SocketServer,
  waitForRequests,
} from './server.ts'

/** socket.io on `ws` over node:http, where the uWebSockets.js binary does not fit. */
export function createNodeServer({ io, fetch, openFiles, tls, basePath }: ServerParts): SocketServer {
  const readPath = createReadPath(basePath)
  const open = new Set<ServerResponse>()
  const listener = getRequestListener(
    async (request, bindings) => {
      const { incoming, outgoing } = bindings as HttpBindings
      open.add(outgoing)
      outgoing.on('close', () => open.delete(outgoing))
      const body = request.method === 'GET' || request.method === 'HEAD' ? null : receiveBody(incoming)
      const response = await fetch(request, incoming.socket.remoteAddress ?? '', body)
      const isWhole = body === null || (await body.discard())
      if (!isWhole) response.headers.set('connection', 'close')
      return response
    },
    { hostname: 'parley' },
  )
  // How slowly a body may come is watched where it is read.
  const limits = { requestTimeout: 0, headersTimeout: 20_000 }
  const server = tls ? createSecureServer({ ...limits, ...readCertificate(tls) }) : createServer(limits)
  server.on('connection', socket => {
    socket.once('close', () => openFiles?.closed())
    if (openFiles?.opened() === false) socket.destroy()
  })
  io.attach(server)
  const [upgrade] = server.listeners('upgrade') as [(incoming: IncomingMessage, ...rest: unknown[]) => void]
  // What is no upgrade is answered with everything else over HTTP.
  server.removeAllListeners('request').removeAllListeners('upgrade')
  server.on('request', (incoming, outgoing) => {
    if (readTarget(incoming, readPath)) listener(incoming, outgoing)
    else refuse(outgoing, badPath)
  })
  server.on('upgrade', (incoming, socket, head) => {
    if (readTarget(incoming, readPath)) upgrade(incoming, socket, head)
    else socket.end(`HTTP/1.1 ${badPath.status} ${STATUS_CODES[badPath.status]}\r\nConnection: close\r\n\r\n`)
  })
  closeSlowReaders(io)

  return {
    async listen(port, host) {
      await new Promise<void>((resolve, reject) => {
        server.once('error', error => reject(listenStartError(error, host, port)))
        server.listen(port, host, resolve)
      })
      return (server.address() as AddressInfo).port
    },
    renewCertificate() {
      if (tls && 'setSecureContext' in server) server.setSecureContext(readCertificate(tls))
    },
    stopListening: () => void server.close(),
    async close() {
      server.close()
      await waitForRequests(open)
      server.closeAllConnections()
      await io.close()
    },
  }
}

function readCertificate({ certFile, keyFile }: CertificateFiles) {
  return { cert: readFileSync(certFile), key: readFileSync(keyFile) }
}

/** Leaves the path below our own base in `incoming`. @returns whether it is in its normal form */
function readTarget(incoming: IncomingMessage, readPath: ReadPath): boolean {
  const target = incoming.url ?? ''
  const end = target.indexOf('?')
  const path = readPath(end < 0 ? target : target.slice(0, end))
  if (path === null) return false
  incoming.url = end < 0 ? path : path + target.slice(end)
  return true
}

function refuse(outgoing: ServerResponse, { status, code, message }: Refusal): void {
  const error = { code, message, retryable: false }
  outgoing
    .writeHead(status, { 'content-type': 'application/json', connection: 'close' })
    .end(JSON.stringify({ success: false, error, timestamp: timestamp(), request_id: '' }))
}

function receiveBody(incoming: IncomingMessage): IncomingBody {
  const body = new IncomingBody(Number(incoming.headers['content-length'] ?? 0))
  incoming.on('data', (chunk: Buffer) => body.push(chunk, false))
  incoming.on('end', () => body.push(Buffer.alloc(0), true))
  incoming.on('close', () => incoming.complete || body.abort())
  return body
}

interface Connection {
  on(event: 'packetCreate', listener: (packet: { data?: string | Buffer }) => void): void
  on(event: 'flush', listener: () => void): void
  transport: { socket?: { bufferedAmount?: number; terminate?(): void } }
}

/** Law D5: counts what waits in engine.io and in the socket; past the limit the reader is closed and resumes by seq. */
function closeSlowReaders(io: Server): void {
  io.engine.on('connection', (connection: Connection) => {
    let waiting = 0
    connection.on('packetCreate', ({ data }) => {
      waiting += data?.length ?? 0
      const { socket } = connection.transport
      if (waiting + (socket?.bufferedAmount ?? 0) > maxBackpressureBytes) socket?.terminate?.()
    })
    connection.on('flush', () => {
      waiting = 0
    })
  })
}
