import { bareServer, envelope, listen } from './listen.ts'

/** Bare socket.io: an event with an acknowledgement, and one that is given out to a room first. */
type Acknowledge = (answer: unknown) => void
interface Input {
  conversation_id: string
  typing: boolean
}

const { app, visitors } = bareServer()
visitors.on('connection', socket => {
  socket.on('typing:set', (_input: Input, acknowledge: Acknowledge) => acknowledge(envelope(null)))
  socket.on('room:join', (room: string, acknowledge: Acknowledge) => {
    void socket.join(room)
    acknowledge(envelope(null))
  })
  socket.on('room:typing', ({ conversation_id, typing }: Input, acknowledge: Acknowledge) => {
    const author = { id: conversation_id, name: 'Administrator' }
    visitors.to(conversation_id).emit('typing:changed', { conversation_id, author, typing })
    acknowledge(envelope(null))
  })
})
listen(app)
