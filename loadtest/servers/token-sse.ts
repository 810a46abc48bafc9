import { createServer } from 'node:http'
import { createOpenAIModel } from '../../server/providers/openai.ts'
import { askStub } from './ask.ts'
import { listenHttp } from './listen-http.ts'

/** What most chat servers do: one server-sent event per token on node:http, to the one client that asked. */
const model = createOpenAIModel({
  baseUrl: process.env.OPENAI_BASE_URL!,
  apiKey: null,
  model: 'stub',
  gatherMs: 0,
})

const server = createServer(async (_request, response) => {
  response.writeHead(200, { 'content-type': 'text/event-stream' })
  await askStub(model, text => {
    response.write(`data: ${JSON.stringify({ type: 'content', text })}\n\n`)
  })
  response.end('data: {"type":"end"}\n\n')
})
listenHttp(server)
