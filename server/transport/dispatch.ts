import * as v from 'valibot'
import {
  type Code,
  codes,
  type FieldProblem,
  findOperation,
  type Operation,
  OperationError,
  type Reply,
  roleAtLeast,
} from '#protocol'
import type { Scope } from '#storage/chat/scope'
import { DatabaseUnavailable } from '#storage/engine/transaction'
import type { Call, Caller, Person } from '../core/call.ts'
import { timestamp } from '../core/clock.ts'
import { projectDetails } from '../core/projection.ts'
import { visitorSentence } from '../core/visitor-errors.ts'
import type { Log } from '../observability/log.ts'
import type { Metrics } from '../observability/metrics.ts'
import { BudgetReached, ModelError } from '../providers/model.ts'
import type { Limits } from './limits.ts'

export type Handler = (input: never, call: Call) => unknown
export interface Dispatch {
  /** It never rejects. */
  (name: string, raw: unknown, call: Call): Promise<Reply<unknown>>
  /** A part of a stream: handed on and answered at once. */
  stream(name: string, raw: unknown, call: Call): Reply<unknown>
}

export interface DispatchParts {
  handlers: Readonly<Record<string, Handler>>
  limits: Limits
  metrics: Metrics
  log: Log
  /** Undefined, or rejects until the visitor has agreed to what is asked first. */
  assertConsent(caller: Call['caller']): Promise<void> | undefined
  /** Which conversations one of the staff sees by now; null: all of them. */
  scopeOf(staff: Person): Scope | null
  /** Also check what handlers answer with: for tests, where a wrong answer must not pass. */
  checkOutput: boolean
}

interface Known {
  name: string
  operation: Operation
  handler: Handler
}

/** The one funnel: namespace, role, rate, schema, consent, handler; whatever is thrown becomes a reply. It never rejects. */
export function createDispatch({
  handlers,
  limits,
  metrics,
  log,
  assertConsent,
  scopeOf,
  checkOutput,
}: DispatchParts): Dispatch {
  const known = new Map<string, Known>()
  for (const [name, handler] of Object.entries(handlers)) {
    const operation = findOperation(name)
    if (operation) known.set(name, { name, operation, handler })
  }

  /** An operation of the other namespace is as unknown here as one that nobody has. */
  function find(name: string, { namespace }: Call): Known | undefined {
    const found = known.get(name)
    return found && (namespace === null || found.operation.namespaces.includes(namespace)) ? found : undefined
  }

  /** What may be refused without waiting is refused before anything waits. */
  function run(found: Known | undefined, raw: unknown, call: Call): unknown {
    limit(limits, found?.operation.rate ?? 'none', raw, call)
    if (!found) throw noSuchOperation()
    const { operation, handler } = found
    assertRole(operation, call.caller)
    if (roleAtLeast(call.caller.role, 'agent')) call.caller.scope = scopeOf(call.caller as Person)
    const parsed = v.safeParse(operation.input, raw ?? {})
    if (!parsed.success) throw toValidationError(parsed.issues)
    const consent = asksConsent(operation, parsed.output) ? assertConsent(call.caller) : undefined
    if (consent) return consent.then(() => handler(parsed.output as never, call))
    return handler(parsed.output as never, call)
  }

  function record(operation: string, code: string, started: number, call: Call) {
    const ms = performance.now() - started
    metrics.operations.observe(operation, code, ms / 1000)
    log.debug({ request_id: call.requestId, operation, code, ms, person_id: call.caller.id }, 'operation')
  }

  /** What it belongs to was checked when it was opened, and the handler sees to the rest. */
  function dispatchStream(name: string, raw: unknown, call: Call): Reply<unknown> {
    const found = find(name, call)
    try {
      if (!found?.operation.stream) throw noSuchOperation()
      assertRole(found.operation, call.caller)
      const data = found.handler((raw ?? {}) as never, call)
      if (checkOutput) v.parse(found.operation.output, data)
      return { success: true, data, timestamp: timestamp(), request_id: call.requestId }
    } catch (thrown) {
      return fail(thrown, name, call)
    }
  }

  function fail(thrown: unknown, name: string, call: Call): Reply<never> {
    const error = toOperationError(thrown, call.caller)
    if (error.code === 'INTERNAL_ERROR')
      log.error({ request_id: call.requestId, operation: name, error: thrown }, 'operation failed')
    return toFailure(error, call.requestId, call.caller.audience)
  }

  async function dispatch(name: string, raw: unknown, call: Call): Promise<Reply<unknown>> {
    const started = performance.now()
    const found = find(name, call)
    const recorded = found?.name ?? 'unknown'
    try {
      const data = await run(found, raw, call)
      if (checkOutput) v.parse(found!.operation.output, data)
      record(recorded, 'ok', started, call)
      return { success: true, data, timestamp: timestamp(), request_id: call.requestId }
    } catch (thrown) {
      const error = toOperationError(thrown, call.caller)
      record(recorded, error.code, started, call)
      if (found?.operation.rate === 'sign_in') metrics.failedSignIns.inc({ code: error.code })
      return fail(thrown, name, call)
    }
  }

  return Object.assign(dispatch, { stream: dispatchStream })
}

function noSuchOperation(): OperationError {
  return new OperationError('NOT_FOUND', 'There is no such operation.')
}

export function assertRole(operation: Operation, caller: Caller): void {
  if (roleAtLeast(caller.role, operation.role)) return
  if (caller.role === 'anyone') throw new OperationError('UNAUTHORIZED', 'Sign in first.')
  throw new OperationError('FORBIDDEN', 'Your role does not allow this.')
}

function asksConsent({ consent }: Operation, input: unknown): boolean {
  if (typeof consent === 'boolean') return consent
  return consent.some(field => (input as Record<string, unknown>)[field] !== undefined)
}

/** In calls and in bytes; what its network sends was counted when it arrived. Refused calls count as well. */
function limit(limits: Limits, rate: Operation['rate'], raw: unknown, call: Call): void {
  const who = rate === 'sign_in' ? call.network : (call.caller.id ?? call.network)
  const retry_after_ms = limits.consume(rate, who) || limits.consume('bytes', who, estimateBytes(raw))
  if (retry_after_ms > 0) throw rateLimited(retry_after_ms)
}

/** About what it took on the wire, without writing it out again: text and binary, to a depth no valid input has. */
function estimateBytes(value: unknown, depth = 0): number {
  if (typeof value === 'string') return value.length
  if (typeof value !== 'object' || value === null || depth > 8) return 8
  if (ArrayBuffer.isView(value)) return value.byteLength
  let total = 0
  for (const name in value)
    total += name.length + estimateBytes((value as Record<string, unknown>)[name], depth + 1)
  return total
}

export function rateLimited(retry_after_ms: number): OperationError {
  return new OperationError('RATE_LIMITED', 'Too many requests; try again in a moment.', { retry_after_ms })
}

/** This node is full. */
export function serverFull(retry_after_ms: number): OperationError {
  return new OperationError('SERVICE_UNAVAILABLE', 'The server is full; try again in a moment.', {
    retry_after_ms,
  })
}

function toValidationError(issues: readonly v.BaseIssue<unknown>[]): OperationError {
  const details = issues
    .slice(0, 100)
    .map((issue): FieldProblem => ({ field: v.getDotPath(issue) ?? '', reason: issue.message.slice(0, 300) }))
  const first = details[0]!
  return new OperationError(
    'VALIDATION_ERROR',
    first.field ? `${first.field}: ${first.reason}` : first.reason,
    details,
  )
}

function toOperationError(thrown: unknown, { audience, language }: Caller): OperationError {
  if (thrown instanceof OperationError) return thrown
  if (thrown instanceof DatabaseUnavailable) {
    return new OperationError('SERVICE_UNAVAILABLE', 'The database is not responding; try again.')
  }
  if (thrown instanceof ModelError) {
    const code = thrown instanceof BudgetReached ? 'INSUFFICIENT_QUOTA' : 'AI_SERVICE_ERROR'
    const reason = audience === 'agent' ? thrown.message : visitorSentence(code, language)
    return new OperationError(code, reason)
  }
  return new OperationError('INTERNAL_ERROR', 'Something went wrong on our side.')
}

export function toFailure(
  { code, message, details }: OperationError,
  request_id: string,
  audience: Call['caller']['audience'] = 'visitor',
): Reply<never> {
  const { retryable } = codes[code satisfies Code]
  return {
    success: false,
    error: { code, message, details: projectDetails(details, audience), retryable },
    timestamp: timestamp(),
    request_id,
  }
}
