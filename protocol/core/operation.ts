import type { GenericSchema, InferInput, InferOutput } from 'valibot'
import type { Code } from './errors.ts'

/** Each role may do what the ones before it may. `anyone` is a caller without a token. */
export const roles = ['anyone', 'visitor', 'user', 'agent', 'admin', 'super_admin'] as const
export type Role = (typeof roles)[number]

export function roleAtLeast(role: Role, required: Role): boolean {
  return roles.indexOf(role) >= roles.indexOf(required)
}

export type Namespace = 'visitor' | 'agent'

/**
 * Law S2: what besides the role lets a caller reach the thing an id names; asked in the query that reads or writes it.
 * role    nothing: no id, or something of the whole installation
 * self    the caller's own
 * read    may read the conversation: its visitor, agents as far as the desk's settings let them see, administrators
 * own     has the conversation: its visitor, or on the desk the agent who serves it; CONFLICT names who does
 * manage  has it, or is an administrator
 * take    it waits, or they may read it, and nobody else has it
 */
export type Access = 'role' | 'self' | 'read' | 'own' | 'manage' | 'take'

export interface HttpBinding {
  method: 'GET' | 'POST' | 'PUT' | 'DELETE'
  /** Below /api/v1; `{field}` is taken from the path into the input field of that name. */
  path: string
  /** `multipart` hands the first file over as `file: { name, mime, bytes }`; a JSON body still works and arrives as `body`. */
  body?: 'json' | 'multipart'
  /** Of a multipart body, where it is not as long as the longest file anybody may send. */
  maxBytes?: number
  /** `sse` streams the events the handler gives to `call.stream`; `file` is a download, its own format. */
  response?: 'json' | 'sse' | 'file'
  /** Input fields that this route calls by another name: that name -> the field. */
  aliases?: Readonly<Record<string, string>>
  /** Input fields this route implies. */
  fixed?: Readonly<Record<string, unknown>>
  /** A client-made key is taken from the `Idempotency-Key` header, or made, where the body has none. */
  keyed?: boolean
}

/**
 * One operation: what the socket binding, the HTTP route, the client's types and both API documents are made from.
 * Its name is the key it stands under in its area.
 */
export interface Operation<
  I extends GenericSchema = GenericSchema,
  O extends GenericSchema = GenericSchema,
  C extends Code = Code,
> {
  summary: string
  /** A valid input, for the documents; a test plays it. */
  example: InferInput<I>
  input: I
  output: O
  /** Codes it may answer with besides `commonCodes`. */
  errors: readonly C[]
  /** The least role that may call it. */
  role: Role
  access: Access
  /**
   * It brings in words, files or addresses of a person, or these fields of its input do: where consent is asked for, a
   * visitor must have given it.
   */
  consent: boolean | readonly string[]
  /** The socket namespaces it is an event of; none for an HTTP-only operation. Elsewhere it does not exist. */
  namespaces: readonly Namespace[]
  http: readonly HttpBinding[]
  /** Writes of one conversation wait for each other, in order of arrival. */
  ordered: boolean
  /**
   * A part of a stream that another operation opened, and checked: it is handed on as it came, at once, without schema, rates
   * or waiting. Its handler answers at once too, and checks what it needs of the input and the caller itself.
   */
  stream: boolean
  /** Counts against the sign-in rate of the address instead of the caller's message rate. */
  rate: 'message' | 'sign_in' | 'none'
}

type Optional = 'errors' | 'consent' | 'namespaces' | 'http' | 'ordered' | 'stream' | 'rate'

export function operation<I extends GenericSchema, O extends GenericSchema, const C extends Code = never>(
  definition: Omit<Operation<I, O, C>, Optional> & Partial<Pick<Operation<I, O, C>, Optional>>,
): Operation<I, O, C> {
  return {
    errors: [],
    consent: false,
    namespaces: [],
    http: [],
    ordered: false,
    stream: false,
    rate: 'none',
    ...definition,
  }
}

/** What the server says on its own. A durable event takes a `seq` of its conversation and is replayed by `conversation:open`. */
export interface ServerEvent<P extends GenericSchema = GenericSchema, D extends boolean = boolean> {
  summary: string
  payload: P
  durable: D
  namespaces: readonly Namespace[]
}

export function event<P extends GenericSchema, const D extends boolean>(
  definition: ServerEvent<P, D>,
): ServerEvent<P, D> {
  return definition
}

export type Operations = Readonly<Record<string, Operation>>

/** What a client sends. */
export type Input<T extends Operation> = InferInput<T['input']>
/** What a handler receives: defaults filled in. */
export type Parsed<T extends Operation> = InferOutput<T['input']>
export type Output<T extends Operation> = InferOutput<T['output']>
export type OperationCode<T extends Operation> = T['errors'][number]
