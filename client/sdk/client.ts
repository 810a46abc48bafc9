import type { EventName, EventPayload, Language, Namespace, PageContext } from '#protocol'
import { baseOf, keyPrefixOf } from './address.ts'
import { createConnection } from './connection.ts'
import { type ConversationOptions, type ConversationStore, createConversation } from './conversation.ts'
import { ParleyError, unwrap } from './error.ts'
import { createPerson } from './person.ts'
import { keepRenewed } from './renewal.ts'
import { browserStorage, createSlots, type Slots } from './storage.ts'
import { createTokens } from './tokens.ts'
import type { Access, Call, CallOptions, ClientOptions, ConnectionState, Identity, User } from './types.ts'

const callTimeoutMs = 15_000
/** Longer than an answer takes: then it is asked whether anybody is there. */
const overdueMs = 2000

export interface Client<N extends Namespace = Namespace> {
  readonly state: ConnectionState
  /** JSON values kept of the person this speaks for; with another person they are other ones. */
  readonly slots: Slots
  /** For what goes over HTTP: files. */
  readonly access: Access
  /** That of socket.io below it. */
  readonly socket: unknown
  connect(): void
  /** Resolves once online; rejects with a ParleyError when that cannot come. Given up silently when `signal` aborts. */
  online(signal: AbortSignal): Promise<void>
  /** For good: listeners of the page are let go. */
  disconnect(): void
  subscribe(listener: (state: ConnectionState) => void): () => void
  call: Call<N>
  on<E extends EventName>(event: E, listener: (payload: EventPayload<E>) => void): () => void
  conversation(options?: ConversationOptions): ConversationStore
  /** Where on the page the visitor is; said with the next handshake and the next message. */
  readonly context: PageContext | undefined
  readonly language: Language | undefined
  /** The server's time, which all times it gives are of, in milliseconds since the epoch. */
  now(): number
  setContext(context: PageContext): void
  setLanguage(language: Language): void
  /** The next handshake is made with it: for whoever renews tokens by other means than `refreshToken`. */
  setToken(token: string): void
  /** The site's word anew, before or after the last one has run out, or for another customer. */
  setIdentity(identity: Identity): void
  /** With the code that `auth:send_code` mailed. This socket, and the other tabs, speak as the user from here on. */
  signIn(email: string, code: string): Promise<User>
  /** Forget who this was, and end the session of somebody signed in: the next `connect()` is a stranger. */
  forget(): Promise<void>
}

export function createClient<N extends Namespace>(settings: ClientOptions<N>): Client<N> {
  const base = baseOf(settings.url)
  const options: ClientOptions<N> = { ...settings, url: base }
  const prefix = keyPrefixOf(base, options.namespace)
  const storage = options.storage ?? browserStorage()
  const device = createSlots(prefix, storage)
  const person = createPerson({ storage, prefix, id: options.personId })
  if (options.identity) person.expect(options.identity.id)
  const tokens = createTokens(options, device, prefix)
  const connection = createConnection(options, { tokens, person, device })
  const { socket, state } = connection
  person.onChange(isElsewhere => {
    tokens.reread()
    state.set({ turn: state.get().turn + 1 })
    if (!isElsewhere) return
    // What the site said in this tab was of the one who was here.
    if (options.identity?.id !== person.site()) options.identity = undefined
    connection.restart()
  })

  async function call(name: string, input: unknown, { timeout = callTimeoutMs, signal }: CallOptions = {}) {
    // What one person asks for is not asked in another's name.
    const { turn } = state.get()
    const deadline = AbortSignal.timeout(timeout)
    const stop = signal ? AbortSignal.any([signal, deadline]) : deadline
    const givenUp = rejectOnAbort(stop, signal)
    await Promise.race([connection.online(stop), givenUp])
    if (state.get().turn !== turn) throw aborted()
    // Without a connection socket.io would keep it for the next one.
    if (!socket.connected) throw disconnected(new Error('The connection is gone.'))
    // socket.io answers with an error of its own when the connection goes before the reply comes.
    const answer = socket.timeout(timeout).emitWithAck(name, input).then(unwrap, disconnected)
    const overdue = setTimeout(connection.check, overdueMs)
    const reply = await Promise.race([answer, givenUp]).finally(() => clearTimeout(overdue))
    if (state.get().turn !== turn) throw aborted()
    return reply
  }

  const client: Client<N> = {
    slots: person.slots,
    access: { url: base, token: tokens.access },
    socket,
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
    now: connection.now,
    connect: connection.connect,
    online: connection.online,
    disconnect() {
      person.stop()
      connection.disconnect()
    },
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
    setToken: tokens.keep,
    setIdentity(identity) {
      const before = options.identity?.id ?? person.site()
      options.identity = identity
      person.expect(identity.id)
      if (before !== null && before !== identity.id) connection.restart()
      else if (state.get().status === 'ended') connection.connect()
    },
    signIn: (email, code) =>
      tokens.alone(async () => {
        const { user, ...renewed } = await (client as unknown as Client<'visitor'>).call('auth:verify', {
          email,
          code,
        })
        tokens.take(renewed)
        connection.becomes(user, renewed.expires_in)
        return user
      }),
    forget() {
      const forgotten = tokens.forget()
      connection.rest()
      person.forget()
      return forgotten
    },
  }
  keepRenewed(client as unknown as Client, tokens)
  return client
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
