import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo, Socket } from 'node:net'

/** What the next answer does. Text leaves piece by piece, in the provider's own wire format. */
export interface Script {
  pieces?: string[]
  /** Refuse with this status instead, with this body and these headers. */
  status?: number
  body?: string
  headers?: Record<string, string>
  /** Refuse so what does not suit this host. */
  refuse?: (body: ChatBody) => Pick<Script, 'status' | 'body'> | null
  /** The body as it is written, in place of the provider's format; each a write of its own. */
  raw?: (string | Buffer)[]
  /** Why the answer ends: `finish_reason`, `done_reason`; null says none. */
  reason?: string | null
  /** Reasoning in a field of its own, before the pieces. */
  reasoning?: string[]
  /** Behind the answer's end: the connection stays open, is reset, or garbage follows and it stays open. */
  after?: 'open' | 'reset' | 'garbage'
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
  stream_options?: unknown
  max_tokens?: number
  options?: { num_ctx?: number }
}

export type ModelServer = Awaited<ReturnType<typeof startModelServer>>

/** A model host that costs nothing: OpenAI's and Ollama's wire formats over real HTTP, failing on demand. */
export async function startModelServer(models = ['test-model']) {
  const requests: ChatBody[] = []
  const scripts: Script[] = []
  const aborted: IncomingMessage[] = []
  const sockets = new Set<Socket>()
  /** Answered once, and closed at the next call as an idle connection is that its host has given up. */
  const used = new Set<Socket>()
  let closesIdle = false
  let refuseTexts: TextRefusal | null = null
  let listing: Script | null = null
  let fallback: Script = { pieces: ['Hello', ' there', '.'] }

  const server = createServer(async (request, response) => {
    const { url, socket } = request
    if (closesIdle && used.has(socket)) return void socket.resetAndDestroy()
    used.add(socket)
    if (listing && request.method === 'GET') return void refuse(response, listing)
    if (url?.endsWith('/models')) return sendJson(response, { data: models.map(id => ({ id })) })
    if (url === '/api/tags') return sendJson(response, { models: models.map(name => ({ name })) })
    const body = JSON.parse(await readText(request))
    if (url?.endsWith('/embeddings') || url === '/api/embed') {
      const refused = await refuseTexts?.(body.input)
      return refused ? void refuse(response, refused) : sendJson(response, embed(body.input, url))
    }
    requests.push(body)
    response.on('close', () => {
      if (!response.writableFinished) aborted.push(request)
    })
    const script = scripts.shift() ?? fallback
    const refused = script.refuse?.(body)
    await play(response, refused ?? script, url === '/api/chat' ? ollamaFormat : openaiFormat)
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
    /** Connections that were used once are reset at their next use. */
    closeIdle: (on: boolean) => {
      closesIdle = on
    },
    /** The list of models is refused so. */
    refuseListing: (script: Script | null) => {
      listing = script
    },
    /** Which texts are not embedded; it may take its time. */
    refuseTexts: (refusal: TextRefusal | null) => {
      refuseTexts = refusal
    },
    /** Connections that are open. */
    connections: () => sockets.size,
    async close() {
      for (const socket of sockets) socket.destroy()
      await new Promise(resolve => server.close(resolve))
    },
  }
}

type TextRefusal = (texts: string[]) => Script | null | Promise<Script | null>

interface Format {
  piece(text: string): string
  reasoning(text: string): string
  end(script: Script): string
}

const openaiFormat: Format = {
  piece: content => event({ choices: [{ index: 0, delta: { content }, finish_reason: null }] }),
  reasoning: text =>
    event({ choices: [{ index: 0, delta: { reasoning_content: text }, finish_reason: null }] }),
  end: ({ usage, reason = 'stop' }) =>
    event({ choices: [{ index: 0, delta: {}, finish_reason: reason }] }) +
    (usage ? event({ choices: [], usage }) : '') +
    (reason === null ? '' : 'data: [DONE]\n\n'),
}

const ollamaFormat: Format = {
  piece: content => `${JSON.stringify({ message: { role: 'assistant', content }, done: false })}\n`,
  reasoning: thinking =>
    `${JSON.stringify({ message: { role: 'assistant', content: '', thinking }, done: false })}\n`,
  end: ({ usage, reason = 'stop' }) =>
    `${JSON.stringify({ done: reason !== null, done_reason: reason, prompt_eval_count: usage?.prompt_tokens, eval_count: usage?.completion_tokens })}\n`,
}

function event(data: object): string {
  return `data: ${JSON.stringify(data)}\n\n`
}

function refuse(response: ServerResponse, { status = 500, body, headers }: Script): void {
  response.writeHead(status, { 'content-type': 'application/json', ...headers })
  response.end(body ?? JSON.stringify({ error: { message: 'scripted refusal' } }))
}

async function play(response: ServerResponse, script: Script, format: Format): Promise<void> {
  if (script.hang) return
  if (script.status) return refuse(response, script)
  response.writeHead(200, { 'content-type': 'text/event-stream' })
  response.flushHeaders()
  const pieces = [
    ...(script.raw ?? []),
    ...(script.reasoning ?? []).map(format.reasoning),
    ...(script.pieces ?? []).map(format.piece),
  ]
  for (const piece of pieces) {
    await script.gate?.()
    if (response.destroyed) return
    response.write(piece)
  }
  if (script.ending === 'hang') return
  if (script.ending === 'reset') return void setImmediate(() => response.socket?.resetAndDestroy())
  if (script.ending === 'garbage') return void response.end('data: {"choices":[{"del\n\nnot json\n')
  const end = script.ending === 'early_end' || script.raw ? '' : format.end(script)
  if (!script.after) return void response.end(end)
  response.write(end)
  if (script.after === 'garbage') response.write('data: {"choi\n\n}}}\n')
  // A moment later: what was sent before is to arrive.
  if (script.after === 'reset') setTimeout(() => response.socket?.resetAndDestroy(), 50)
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
