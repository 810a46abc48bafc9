import type {
  ClientToServer,
  Code,
  EventPayload,
  Language,
  Namespace,
  OperationInput,
  OperationName,
  OperationOutput,
  PageContext,
} from '#protocol'
import type { Refusal } from './refusals.ts'

/** What only the client can know: the call never reached an answer. All but ABORTED may be tried again, once the page is mended. */
export type ClientCode = 'TIMEOUT' | 'DISCONNECTED' | 'ABORTED' | Refusal
export type ErrorCode = Code | ClientCode

/** Operations that are socket events of a namespace. */
export type CallName<N extends Namespace> = keyof ClientToServer<N> & OperationName

export interface CallOptions {
  /** Milliseconds for the whole call, waiting for the connection included. Default 15 000. */
  timeout?: number
  signal?: AbortSignal
}

export type Call<N extends Namespace> = <K extends CallName<N>>(
  name: K,
  input: OperationInput<K>,
  options?: CallOptions,
) => Promise<OperationOutput<K>>

export type User = OperationOutput<'auth:verify'>['user']
/** What a visitor agrees to before the first message, where that is asked for. */
export type Wording = NonNullable<EventPayload<'session:ready'>['features']['consent']>
/** `incarnation` names the life of the server's database: a restored one has another. */
export type Session = EventPayload<'session:ready'>

/** `ended` is final until `connect()`; `code` says why. `reconnecting` tries again by itself, with a `code` where the page is to be mended. */
export interface ConnectionState {
  status: 'idle' | 'connecting' | 'online' | 'reconnecting' | 'ended'
  code: string | null
  session: Session | null
  /** Rises when another person takes the place of the one before, also in another tab: nothing of the former is kept. */
  turn: number
}

/** The part of the Web Storage interface the SDK needs. */
export interface KeyValueStorage extends Pick<Storage, 'getItem' | 'setItem' | 'removeItem'> {
  /** Default: those that the object itself has. */
  keys?(): string[]
}

/** A customer the site vouches for; `hash` is the site's HMAC over the other fields. */
export interface Identity {
  id: string
  email?: string | null
  name?: string | null
  expires_at: string
  hash: string
}

/** What a call over HTTP needs. */
export interface Access {
  /** Address of the server. */
  readonly url: string
  /** Of whoever the socket speaks for. */
  token(): string | null
}

export interface ClientOptions<N extends Namespace = Namespace> {
  /** Address of the server; only its origin counts. */
  url: string
  namespace: N
  token?: string
  /** Used up by `auth:renew` before the token runs out, and replaced by the answer. */
  refreshToken?: string
  onTokens?: (tokens: OperationOutput<'auth:renew'>) => void
  /** Where token and unsent messages are kept. Default localStorage, or memory where that is blocked. */
  storage?: KeyValueStorage
  language?: Language
  context?: PageContext
  identity?: Identity
  /** Id of whoever `token` is of, where it is known: what is kept of somebody else is not theirs. */
  personId?: string
}
