import { App, type TemplatedApp, us_socket_local_port } from 'uWebSockets.js'
import { Server } from 'socket.io'

/** Says the address the way the product does. */
export function listen(app: TemplatedApp): void {
  app.listen('127.0.0.1', 0, token => {
    if (!token) throw new Error('No port to listen on.')
    console.log(`http://localhost:${us_socket_local_port(token)}/`)
  })
}

/** socket.io on uWebSockets.js with nothing of ours around it. */
export function bareServer(): { app: TemplatedApp; visitors: ReturnType<Server['of']> } {
  const app = App()
  const io = new Server({ transports: ['websocket'], serveClient: false })
  io.attachApp(app)
  return { app, visitors: io.of('/visitor') }
}

/** The size and the shape of the product's envelope. */
export function envelope(data: unknown) {
  return {
    success: true,
    data,
    timestamp: '2026-01-01T00:00:00.000Z',
    request_id: 'a1b2c3-12345',
  }
}
