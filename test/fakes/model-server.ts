import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo, Socket } from 'node:net'

/** What the next answer does. Text leaves piece by piece, in the provider's own wire format. */
export interface Script {
  pieces?: string[]
  /** Refuse with this status instead. */
  status?: number
  /** Say nothing, ever. */
  hang?: boolean
  /** After the pieces: cut the connection, send what is not JSON, end without the closing event, or stay silent. */
  ending?: 'reset' | 'garbage' | 'early_end' | 'hang'
  /** Wait for this before each piece; the test decides when words come. */
  gate?: () => Promise<void>
  usage?: { prompt_tokens: number; completion_tokens: number }
}

export interface ChatBody {
  model: string
  messages: { role: string; content: string }[]
  stream?: boolean
}

export type ModelServer = Awaited<ReturnType<typeof startModelServer>>

/** A model host that costs nothing: OpenAI's and Ollama's wire formats over real HTTP, failing on demand. */
export async function startModelServer(models = ['test-model']) {
  const requests: ChatBody[] = []
  const scripts: Script[] = []
  const aborted: IncomingMessage[] = []
  const sockets = new Set<Socket>()
  let fallback: Script = { pieces: ['Hello', ' there', '.'] }

  const server = createServer(async (request, response) => {
    const { url } = request
    if (url?.endsWith('/models')) return sendJson(response, { data: models.map(id => ({ id })) })
    if (url === '/api/tags') return sendJson(response, { models: models.map(name => ({ name })) })
    const body = JSON.parse(await readText(request))
    if (url?.endsWith('/embeddings') || url === '/api/embed')
      return sendJson(response, embed(body.input, url))
    requests.push(body)
    response.on('close', () => {
      if (!response.writableFinished) aborted.push(request)
    })
    await play(response, scripts.shift() ?? fallback, url === '/api/chat' ? ollamaFormat : openaiFormat)
  })
  server.on('connection', socket => {
    sockets.add(socket)
    socket.on('close', () => sockets.delete(socket))
  })
  await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve))
  const { port } = server.address() as AddressInfo

  return {
    url: `http://127.0.0.1:${port}`,
    requests,
    /** Requests the server under test gave up. */
    aborted,
    /** The next requests play these, in order. */
    script: (...next: Script[]) => void scripts.push(...next),
    always: (script: Script) => {
      fallback = script
    },
    async close() {
      for (const socket of sockets) socket.destroy()
      await new Promise(resolve => server.close(resolve))
    },
  }
}

interface Format {
  piece(text: string): string
  end(usage: Script['usage']): string
}

const openaiFormat: Format = {
  piece: content => event({ choices: [{ index: 0, delta: { content }, finish_reason: null }] }),
  end: usage =>
    event({ choices: [{ index: 0, delta: {}, finish_reason: 'stop' }] }) +
    (usage ? event({ choices: [], usage }) : '') +
    'data: [DONE]\n\n',
}

const ollamaFormat: Format = {
  piece: content => `${JSON.stringify({ message: { role: 'assistant', content }, done: false })}\n`,
  end: usage =>
    `${JSON.stringify({ done: true, prompt_eval_count: usage?.prompt_tokens, eval_count: usage?.completion_tokens })}\n`,
}

function event(data: object): string {
  return `data: ${JSON.stringify(data)}\n\n`
}

async function play(response: ServerResponse, script: Script, format: Format): Promise<void> {
  if (script.hang) return
  if (script.status) {
    response.writeHead(script.status, { 'content-type': 'application/json' })
    response.end(JSON.stringify({ error: { message: 'scripted refusal' } }))
    return
  }
  response.writeHead(200, { 'content-type': 'text/event-stream' })
  response.flushHeaders()
  for (const text of script.pieces ?? []) {
    await script.gate?.()
    if (response.destroyed) return
    response.write(format.piece(text))
  }
  if (script.ending === 'hang') return
  if (script.ending === 'reset') return void setImmediate(() => response.socket?.resetAndDestroy())
  if (script.ending === 'garbage') return void response.end('data: {"choices":[{"del\n\nnot json\n')
  response.end(script.ending === 'early_end' ? '' : format.end(script.usage))
}

/** Deterministic: a bag of letters, so that equal texts are equal and similar ones similar. */
function embed(input: string[], url: string) {
  const vectors = input.map(text => {
    const vector = new Array<number>(32).fill(0.01)
    for (const character of text.toLowerCase()) vector[character.codePointAt(0)! % 32]! += 1
    return vector
  })
  return url === '/api/embed'
    ? { embeddings: vectors }
    : { data: vectors.map((embedding, index) => ({ index, embedding })) }
}

function sendJson(response: ServerResponse, value: object): void {
  response.writeHead(200, { 'content-type': 'application/json' })
  response.end(JSON.stringify(value))
}

async function readText(request: IncomingMessage): Promise<string> {
  let text = ''
  for await (const part of request) text += part
  return text
}
