import {
  type EventName,
  type EventPayload,
  invalid,
  type Language,
  type Namespace,
  type Operations,
  type Output,
  type Parsed,
  type Role,
} from '#protocol'
import type { Device } from '#protocol/desk/desk'
import type { Scope } from '#storage/chat/scope'
import type { Actor } from '#storage/identity/audit'

/** Who calls. `anyone` has no id; over HTTP staff act on the desk, and chat operations always act as a visitor. */
export interface Caller {
  id: string | null
  role: Role
  /** The sign-in or visitor session the token belongs to. */
  sessionId: string | null
  name: string | null
  /** Which projection of a conversation the caller is shown, and whose part they play in it. */
  audience: 'visitor' | 'agent'
  /** Which conversations one of the staff sees, as dispatch found it; null: all of them. */
  scope?: Scope | null
  /** Of the handshake or the request, where it said. */
  language: Language | null
}

/** A caller who is somebody: what operations with a role above `anyone` get to see. */
export type Person = Caller & { id: string }

export interface Call {
  caller: Caller
  /** The socket's; null over HTTP. */
  readonly namespace: Namespace | null
  requestId: string
  /** The caller's network address, for limits and the audit log. */
  address: string
  /** What limits count as one place (`networkOf` its address). */
  network: string
  /** What the caller's browser says of itself; null over HTTP. */
  readonly device: Device | null
  /** Aborted when the caller is gone: the HTTP request was closed, the socket disconnected. */
  signal: AbortSignal
  /** From then on this connection hears the conversation's events; read it after that. Nothing to do over HTTP. */
  listen(conversationId: string): Promise<void>
  leave(conversationId: string): void
  /** Whether this connection has been let into the conversation before. */
  listens(conversationId: string): boolean
  /** This connection now belongs to `session`; nothing to do over HTTP. */
  adopt(session: Session): void
  /** Says something to this connection alone; nothing to do over HTTP. */
  emit<E extends EventName>(event: E, payload: EventPayload<E>): void
  /** Bytes on their way to this connection that it has not taken yet. */
  backlog(): number
  /** The next event of a streamed (`sse`) response. */
  stream(event: unknown): void
}

/** A caller for as long as the token holds. */
export interface Session {
  caller: Caller
  /** The person's token version when it was issued (`revocations.ts`). */
  version: number
  token: string
  /** Milliseconds since the epoch. */
  expiresAt: number
}

/** One handler per operation of an area: the compiler refuses until each is there. */
export type Handlers<T extends Operations> = {
  [K in keyof T]: (input: Parsed<T[K]>, call: Call) => Output<T[K]> | Promise<Output<T[K]>>
}

/** The caller's id, for operations whose role is above `anyone`. */
export function personOf(call: Call): Person {
  if (call.caller.id === null) throw new TypeError('dispatch let a caller without an id through')
  return call.caller as Person
}

/** A file handed in over multipart. */
export interface UploadedFile {
  name: string
  mime: string
  bytes: Uint8Array
}

/** The file that a `multipart` route hands over. @throws OperationError VALIDATION_ERROR where there is none */
export function uploadedFile(file: unknown): UploadedFile {
  const { name, mime, bytes } = (file ?? {}) as Partial<UploadedFile>
  if (typeof name !== 'string' || typeof mime !== 'string' || !(bytes instanceof Uint8Array))
    throw invalid('file', 'must be a file, sent as multipart/form-data')
  return { name, mime, bytes }
}

/** For the audit log: who calls, and from where. */
export function actorOf({ caller, address, requestId }: Call): Actor {
  return { id: caller.id, role: caller.role, address, request_id: requestId }
}

/** The server at work by itself: at start, on a timer. */
export const serverActor: Actor = { id: null, role: 'server', address: null, request_id: null }

/** What an operation with a `file` response answers with; `body` is written as it comes. */
export interface FileAnswer {
  name: string
  mime: string
  body: AsyncIterable<string | Uint8Array> | Iterable<string | Uint8Array>
  /** Anybody may have it, on any site, and it stays as it is. */
  isPublic?: boolean
}
