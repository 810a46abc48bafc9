import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { io, type Socket } from 'socket.io-client'
import { afterAll } from 'vitest'
import type {
  EventName,
  EventPayload,
  OperationInput,
  OperationName,
  OperationOutput,
  Reply,
} from '#protocol'
import { type App, createApp, type Overrides } from '../server/app.ts'
import { defaultSettings } from '../server/areas/desk/service/defaults.ts'
import { type Config, readConfig } from '../server/config/config.ts'
import { freshDatabase } from './services.ts'

export interface TestServer {
  app: App
  url: string
  config: Config
  connect(options?: ConnectOptions): Promise<TestClient>
  /** A call over HTTP; the envelope. */
  http(
    method: string,
    path: string,
    body?: unknown,
    token?: string,
  ): Promise<{ status: number; reply: Reply<any> }>
  signIn(): Promise<string>
}

export interface ConnectOptions {
  namespace?: 'visitor' | 'agent'
  token?: string
  auth?: Record<string, unknown>
  headers?: Record<string, string>
}

/** An offer comes a moment after an answer, and would be one event more than most tests count. */
const withoutOffers: Overrides['settings'] = {
  rules: { ...defaultSettings.rules, failed_turns: 0, no_evidence: 0 },
}

export const adminPassword = 'correct horse battery staple'

/**
 * One real server per test file: uWebSockets.js patches socket.io for the whole process, so two would hear each other.
 * `SOCKET_SERVER` and `DATABASE_URL` choose what it runs on, as they do for everybody.
 */
export async function startServer(
  config: Partial<Config> = {},
  overrides: Overrides = {},
): Promise<TestServer> {
  const folder = await mkdtemp(join(tmpdir(), 'parley-test-'))
  const database = await freshDatabase(folder)
  const complete: Config = {
    ...readConfig({ SOCKET_SERVER: process.env.SOCKET_SERVER }, []),
    port: 0,
    host: '127.0.0.1',
    dataDir: folder,
    databaseUrl: database.url,
    adminPassword,
    logLevel: 'silent',
    rateLimits: false,
    demoShop: false,
    ...config,
  }
  const app = await createApp(complete, { checkOutput: true, settings: withoutOffers, ...overrides })
  await app.ensureAdmin()
  await app.fillShop()
  const url = `http://127.0.0.1:${await app.listen()}`
  const clients: TestClient[] = []
  afterAll(async () => {
    for (const client of clients) client.socket.disconnect()
    await app.close()
    await database.drop()
    await rm(folder, { recursive: true, force: true })
  }, 30_000)

  async function http(method: string, path: string, body?: unknown, token?: string) {
    const response = await fetch(`${url}/api/v1${path}`, {
      method,
      headers: {
        ...(token && { authorization: `Bearer ${token}` }),
        ...(body !== undefined && !(body instanceof FormData) && { 'content-type': 'application/json' }),
      },
      body: body === undefined ? undefined : body instanceof FormData ? body : JSON.stringify(body),
    })
    return { status: response.status, reply: (await response.json()) as Reply<any> }
  }

  return {
    app,
    url,
    config: complete,
    http,
    async connect(options) {
      const client = await connect(url, options)
      clients.push(client)
      return client
    },
    async signIn() {
      const { reply } = await http('POST', '/auth/login', { username: 'admin', password: adminPassword })
      if (!reply.success) throw new Error(reply.error.message)
      return reply.data.access_token
    },
  }
}

export interface Heard {
  event: string
  payload: any
}

export type TestClient = Awaited<ReturnType<typeof connect>>

/** A plain socket.io client: what anybody can write by hand from SPEC.md. */
export async function connect(
  url: string,
  { namespace = 'visitor', token, auth, headers }: ConnectOptions = {},
) {
  const socket: Socket = io(`${url}/${namespace}`, {
    transports: ['websocket'],
    forceNew: true,
    reconnection: false,
    auth: { protocol: 1, token, ...auth },
    extraHeaders: headers,
  })
  const heard: Heard[] = []
  const waiting = new Set<() => void>()
  socket.onAny((event: string, payload: unknown) => {
    heard.push({ event, payload })
    for (const check of [...waiting]) check()
  })

  /** The first event, heard or still to come, that fits. */
  function until<E extends EventName>(
    event: E,
    fits: (payload: EventPayload<E>) => boolean = () => true,
  ): Promise<EventPayload<E>> {
    return new Promise((resolve, reject) => {
      const limit = setTimeout(() => {
        waiting.delete(check)
        reject(new Error(`never heard ${event}; heard ${heard.map(entry => entry.event).join(' ')}`))
      }, 15_000)
      function check() {
        const found = heard.find(entry => entry.event === event && fits(entry.payload))
        if (!found) return
        clearTimeout(limit)
        waiting.delete(check)
        resolve(found.payload)
      }
      waiting.add(check)
      check()
    })
  }

  function call<K extends OperationName>(
    name: K,
    input: OperationInput<K>,
  ): Promise<Reply<OperationOutput<K>>> {
    return new Promise(resolve => socket.emit(name, input, resolve))
  }

  /** The data of a call that must succeed. */
  async function ask<K extends OperationName>(
    name: K,
    input: OperationInput<K>,
  ): Promise<OperationOutput<K>> {
    const reply = await call(name, input)
    if (!reply.success) throw new Error(`${name}: ${reply.error.code} ${reply.error.message}`)
    return reply.data
  }

  await new Promise<void>((resolve, reject) => {
    socket.on('connect_error', reject)
    socket.on('session:ready', () => resolve())
  })
  const ready = heard.find(entry => entry.event === 'session:ready')!.payload as EventPayload<'session:ready'>
  return { socket, heard, until, call, ask, ready, token: ready.token }
}

/** Opens a conversation, says `content`, and waits for the end of the answer. */
export async function converse(client: TestClient, content: string, key = crypto.randomUUID()) {
  const { conversation } = await client.ask('conversation:open', {})
  const { message } = await client.ask('message:send', { conversation_id: conversation.id, key, content })
  const { message: answer } = await client.until(
    'message:updated',
    event => event.message.in_reply_to === message.id,
  )
  return { conversation, message, answer }
}

/** The text of an answer as a reader assembles it from its deltas, with the law that they fit together. */
export function assemble(heard: Heard[], messageId: string): string {
  let text = ''
  for (const { event, payload } of heard) {
    if (event !== 'reply:delta' || payload.message_id !== messageId) continue
    if (payload.offset !== text.length) throw new Error(`delta at ${payload.offset}, expected ${text.length}`)
    text += payload.text
  }
  return text
}

export function code(reply: Reply<unknown>): string {
  return reply.success ? 'ok' : reply.error.code
}
