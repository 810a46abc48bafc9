import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import { listenHttp } from './listen-http.ts'
import { pieces } from './text.ts'

/**
 * A model host that costs nothing to ask: OpenAI's wire format, one token per event and per write, at a steady pace.
 * `POST /plan` says how the next answers go, `GET /state` what was given so far.
 */
export interface Plan {
  /** Of one answer. */
  tokens: number
  /** 0 for all at once. */
  per_second: number
}

export interface State {
  /** Answers being given, past their first token. */
  active: number
  /** Given since the start, of all answers. */
  tokens: number
}

interface Stream {
  response: ServerResponse
  plan: Plan
  emitted: number
  /** When token 0 was due. */
  since: number
}

let plan: Plan = { tokens: 20, per_second: 0 }
let tokens = 0
const streams = new Set<Stream>()

const server = createServer(async (request, response) => {
  if (request.url === '/state') return sendJson(response, { active: streams.size, tokens } satisfies State)
  if (request.url?.endsWith('/models')) return sendJson(response, { data: [{ id: 'stub' }] })
  const body = await readText(request)
  if (request.url !== '/plan') return begin(response)
  plan = JSON.parse(body)
  sendJson(response, plan)
})

function begin(response: ServerResponse): void {
  response.writeHead(200, { 'content-type': 'text/event-stream; charset=utf-8' })
  const gap = plan.per_second > 0 ? 1000 / plan.per_second : 0
  // A phase of its own: answers that began together do not beat in time.
  const stream = { response, plan, emitted: 0, since: performance.now() - Math.random() * gap }
  streams.add(stream)
  response.on('close', () => streams.delete(stream))
  give(stream, plan.per_second > 0 ? 1 : plan.tokens)
}

function give(stream: Stream, due: number): void {
  const { response, plan } = stream
  for (; stream.emitted < Math.min(due, plan.tokens); stream.emitted++) {
    response.write(event({ content: pieces[stream.emitted % pieces.length]! }, null))
    tokens += 1
  }
  if (stream.emitted < plan.tokens) return
  streams.delete(stream)
  response.write(event({}, 'stop'))
  response.end('data: [DONE]\n\n')
}

/** As long as the real thing: fields that nobody reads are most of an event's bytes. */
function event(delta: { content?: string }, finish_reason: string | null): string {
  return `data: ${JSON.stringify({
    id: 'chatcmpl-AbCdEfGhIjKlMnOpQrStUvWxYz012',
    object: 'chat.completion.chunk',
    created: 1_767_225_600,
    model: 'stub',
    service_tier: 'default',
    system_fingerprint: 'fp_0123456789',
    choices: [{ index: 0, delta, logprobs: null, finish_reason }],
    usage: null,
  })}\n\n`
}

setInterval(() => {
  const now = performance.now()
  for (const stream of streams) {
    if (stream.plan.per_second > 0)
      give(stream, 1 + Math.floor(((now - stream.since) / 1000) * stream.plan.per_second))
  }
}, 1)

function sendJson(response: ServerResponse, value: object): void {
  response.writeHead(200, { 'content-type': 'application/json' })
  response.end(JSON.stringify(value))
}

async function readText(request: IncomingMessage): Promise<string> {
  let text = ''
  for await (const part of request) text += part
  return text
}

listenHttp(server)
