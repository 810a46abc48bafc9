import { App } from 'uWebSockets.js'
import { envelope, listen } from './listen.ts'

/** Raw uWebSockets.js: answers each message with the same number of bytes as the others acknowledge with. */
const answer = `43/visitor,0[${JSON.stringify(envelope(null))}]`

const app = App()
app.ws('/*', { message: socket => void socket.send(answer) })
listen(app)
