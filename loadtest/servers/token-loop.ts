import { createServer } from 'node:http'
import { createOpenAIModel } from '../../server/providers/openai.ts'
import { askStub } from './ask.ts'
import { listenHttp } from './listen-http.ts'

/** The floor of a streamed token: reads the stub through the product's own client, counts, and gives nothing out. */
const model = createOpenAIModel({ baseUrl: process.env.OPENAI_BASE_URL!, apiKey: null, model: 'stub' })

/** `GET /read?replies=N` begins N answers and responds with the number of tokens when all have ended. */
const server = createServer(async (request, response) => {
  const replies = Number(new URL(request.url!, 'http://localhost').searchParams.get('replies'))
  let tokens = 0
  const count = () => {
    tokens += 1
  }
  await Promise.all(Array.from({ length: replies }, () => askStub(model, count)))
  response.end(String(tokens))
})
listenHttp(server)
