import { createServer } from 'node:http'
import { OpenAI } from 'openai'
import { listenHttp } from './listen-http.ts'

/** What most servers do: reads the stub through the stream of the package `openai`, on the system's own `fetch`. */
const client = new OpenAI({ baseURL: process.env.OPENAI_BASE_URL!, apiKey: 'none', maxRetries: 0 })

async function read(): Promise<number> {
  const stream = await client.chat.completions.create({
    model: 'stub',
    messages: [{ role: 'user', content: 'Which laptop weighs the least?' }],
    stream: true,
  })
  let tokens = 0
  for await (const { choices } of stream) if (choices[0]?.delta.content) tokens += 1
  return tokens
}

/** `GET /read?replies=N` begins N answers and responds with the number of tokens when all have ended. */
const server = createServer(async (request, response) => {
  const replies = Number(new URL(request.url!, 'http://localhost').searchParams.get('replies'))
  const tokens = await Promise.all(Array.from({ length: replies }, read))
  response.end(String(tokens.reduce((sum, count) => sum + count, 0)))
})
listenHttp(server)
