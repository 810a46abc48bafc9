import type { EventName, EventPayload, Language, Namespace, PageContext, Reply } from '#protocol'
import { createConnection } from './connection.ts'
import { type ConversationOptions, type ConversationStore, createConversation } from './conversation.ts'
import { ParleyError } from './error.ts'
import { keepRenewed } from './renewal.ts'
import { createSlots, type Slots } from './storage.ts'
import type { Call, CallOptions, ClientOptions, ConnectionState } from './types.ts'

const callTimeoutMs = 15_000

export interface Client<N extends Namespace = Namespace> {
  readonly state: ConnectionState
  /** JSON values kept beside the token, for whoever builds on this client. */
  readonly slots: Slots
  connect(): void
  /** For good: listeners of the page are let go. */
  disconnect(): void
  subscribe(listener: (state: ConnectionState) => void): () => void
  call: Call<N>
  on<E extends EventName>(event: E, listener: (payload: EventPayload<E>) => void): () => void
  conversation(options?: ConversationOptions): ConversationStore
  /** Where on the page the visitor is; said with the next handshake and the next message. */
  readonly context: PageContext | undefined
  readonly language: Language | undefined
  setContext(context: PageContext): void
  setLanguage(language: Language): void
  /** The next handshake is made with it: for whoever renews tokens by other means than `refreshToken`. */
  setToken(token: string): void
  /** Forget who this was: the next `connect()` is a stranger. */
  forget(): void
}

export function createClient<N extends Namespace>(given: ClientOptions<N>): Client<N> {
  const options: ClientOptions<N> = { ...given }
  const origin = new URL(options.url, globalThis.location?.href).host
  const slots = createSlots(`parley:${origin}:${options.namespace}:`, options.storage)
  const connection = createConnection(options, slots)
  const { socket, state } = connection

  async function call(name: string, input: unknown, { timeout = callTimeoutMs, signal }: CallOptions = {}) {
    const deadline = AbortSignal.timeout(timeout)
    const stop = signal ? AbortSignal.any([signal, deadline]) : deadline
    const givenUp = rejectOnAbort(stop, signal)
    await Promise.race([connection.online(stop), givenUp])
    // socket.io answers with an error of its own when the connection goes before the reply comes.
    const answer = socket.timeout(timeout).emitWithAck(name, input).then(unwrap, disconnected)
    return Promise.race([answer, givenUp])
  }

  const client: Client<N> = {
    slots,
    call: call as Call<N>,
    get state() {
      return state.get()
    },
    get context() {
      return options.context
    },
    get language() {
      return options.language
    },
    connect: connection.connect,
    disconnect: connection.disconnect,
    subscribe: state.subscribe,
    on(event, listener) {
      socket.on(event as string, listener)
      return () => void socket.off(event as string, listener)
    },
    conversation: conversationOptions => createConversation(client as unknown as Client, conversationOptions),
    setContext(context) {
      options.context = context
    },
    setLanguage(language) {
      options.language = language
    },
    setToken: connection.setToken,
    forget() {
      connection.setToken(null)
    },
  }
  if (options.refreshToken) keepRenewed(client as unknown as Client, options, connection.setToken)
  return client
}

function unwrap<T>(reply: Reply<T>): T {
  if (reply.success) return reply.data
  throw new ParleyError(reply.error.code, reply.error.message, reply.error)
}

function disconnected(error: Error): never {
  throw new ParleyError('DISCONNECTED', error.message, { retryable: true })
}

function rejectOnAbort(stop: AbortSignal, own: AbortSignal | undefined): Promise<never> {
  const givenUp = new Promise<never>((_, reject) => {
    const fail = () => reject(own?.aborted ? aborted() : timedOut())
    if (stop.aborted) fail()
    else stop.addEventListener('abort', fail, { once: true })
  })
  // It also rejects after the answer has won the race.
  givenUp.catch(() => {})
  return givenUp
}

function aborted(): ParleyError {
  return new ParleyError('ABORTED', 'The call was given up.')
}

function timedOut(): ParleyError {
  return new ParleyError('TIMEOUT', 'The server did not answer in time.', { retryable: true })
}
