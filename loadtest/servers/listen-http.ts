import type { Server } from 'node:http'
import type { AddressInfo } from 'node:net'

/** Says the address the way the product does. */
export function listenHttp(server: Server): void {
  server.listen(0, '127.0.0.1', () => {
    console.log(`http://localhost:${(server.address() as AddressInfo).port}/`)
  })
}
