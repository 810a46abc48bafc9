import { createOpenAIModel } from '../../server/providers/openai.ts'
import { askStub } from './ask.ts'
import { bareServer, envelope, listen } from './listen.ts'

/** Bare socket.io that passes a model's text on as it comes: no database, no retrieval, no merging. */
const model = createOpenAIModel({ baseUrl: process.env.OPENAI_BASE_URL!, apiKey: null, model: 'stub' })

const { app, visitors } = bareServer()
visitors.on('connection', socket => {
  socket.on('message:send', (input: { conversation_id: string }, acknowledge: (answer: unknown) => void) => {
    const { conversation_id } = input
    acknowledge(envelope(null))
    let offset = 0
    const emit = (text: string) => {
      socket.emit('reply:delta', { conversation_id, message_id: conversation_id, epoch: 0, offset, text })
      offset += text.length
    }
    askStub(model, emit).then(() => socket.emit('message:updated', { conversation_id }))
  })
})
listen(app)
