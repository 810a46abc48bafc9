import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { getRequestListener } from '@hono/node-server'
import { Hono } from 'hono'
import type { HttpApp } from './http.ts'

/** What a person finds who sends a chat's visitors here, or a proxy that speaks HTTP/1.0. */
const elsewhere = `Only /healthz, /readyz and /metrics are here.
The chat is on PORT. A proxy in front of it has to speak HTTP/1.1; for nginx:

    proxy_http_version 1.1;
    proxy_set_header Upgrade $http_upgrade;
    proxy_set_header Connection "upgrade";
`

/**
 * A port for who watches the server, besides the public one: by node:http, which also answers HTTP/1.0, with or without
 * Host, as balancers' checks send it.
 * @param serve adds what is answered there
 */
export function createOperatorPort(serve: (app: HttpApp) => void) {
  const app: HttpApp = new Hono()
  serve(app)
  app.all('*', context => context.text(elsewhere, 404))
  const server = createServer(getRequestListener(request => app.fetch(request), { hostname: 'parley' }))

  return {
    /** @returns the port, which is chosen by the system when 0 was asked for */
    async listen(port: number, host: string): Promise<number> {
      await new Promise<void>((resolve, reject) => {
        server.once('error', reject)
        server.listen(port, host, resolve)
      })
      return (server.address() as AddressInfo).port
    },
    close() {
      server.close()
      server.closeAllConnections()
    },
  }
}
