import { readFileSync } from 'node:fs'
import { createServer, type ServerResponse } from 'node:http'
import { createServer as createSecureServer } from 'node:https'
import type { AddressInfo } from 'node:net'
import { getRequestListener, type HttpBindings } from '@hono/node-server'
import type { Server } from 'socket.io'
import { letEnd, maxBackpressureBytes, maxBodyBytes, type ServerParts, type SocketServer } from './server.ts'

/** socket.io on `ws` over node:http, where the uWebSockets.js binary does not fit. */
export function createNodeServer({ io, fetch, tls }: ServerParts): SocketServer {
  const open = new Set<ServerResponse>()
  const listener = getRequestListener((request, bindings) => {
    const { incoming, outgoing } = bindings as HttpBindings
    open.add(outgoing)
    outgoing.on('close', () => open.delete(outgoing))
    const address = incoming.socket.remoteAddress ?? ''
    if (Number(request.headers.get('content-length') ?? 0) > maxBodyBytes) {
      return new Response(null, { status: 413, headers: { connection: 'close' } })
    }
    return fetch(request, address)
  })
  const limits = { requestTimeout: 60_000, headersTimeout: 20_000 }
  const server = tls
    ? createSecureServer(
        { ...limits, cert: readFileSync(tls.certFile), key: readFileSync(tls.keyFile) },
        listener,
      )
    : createServer(limits, listener)
  io.attach(server)
  closeSlowReaders(io)

  return {
    async listen(port, host) {
      await new Promise<void>((resolve, reject) => {
        server.once('error', reject)
        server.listen(port, host, resolve)
      })
      return (server.address() as AddressInfo).port
    },
    stopListening: () => void server.close(),
    async close() {
      server.close()
      await letEnd(open)
      server.closeAllConnections()
      await io.close()
    },
  }
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
