import pino, { type Logger } from 'pino'
import { DatabaseUnavailable } from '#storage/engine/transaction'
import type { Config } from '../config/config.ts'
import { maskPersonal } from '../security/masking.ts'

export type Log = Logger

/**
 * Structured lines on standard output. Ids only: no message text, no e-mail, no phone (law S4). An error goes into the
 * field `error`, as it is.
 */
export function createLog(level: Config['logLevel'], destination?: pino.DestinationStream): Log {
  const settings = {
    level,
    base: undefined,
    timestamp: pino.stdTimeFunctions.isoTime,
    serializers: { error: describeError },
    formatters: { log: masked },
    hooks: { logMethod: quietly },
  }
  return destination ? pino(settings, destination) : pino(settings)
}

const debug = pino.levels.values.debug!

/** That the database is away is said once, by who watches it (`observability/dependencies.ts`), not by each that needed it. */
function quietly(this: Log, args: Parameters<pino.LogFn>, method: pino.LogFn, level: number): void {
  const { error } = Object(args[0]) as { error?: unknown }
  if (error instanceof DatabaseUnavailable && level > debug) this.debug(...args)
  else method.apply(this, args)
}

export interface ErrorDescription {
  name: string
  code?: string
  /** Only where it quotes nothing but our own program. */
  message?: string
  /** Where it came from, without the message that V8 puts above it. */
  stack: string[]
  cause?: ErrorDescription
}

/** V8's words about a mistake in a program. */
const ownWords =
  /^(Cannot (read|set) properties of \w+ \(|[\w$.]+ is not (a function|iterable|defined|a constructor))/
const framesMax = 12

/** Messages of errors quote what was written: a parser its text, the database its row. So of those only kind and place are kept. */
export function describeError(error: unknown): ErrorDescription {
  if (!(error instanceof Error)) return { name: typeof error, stack: [] }
  const { code, cause } = error as { code?: unknown; cause?: unknown }
  const frames =
    error.stack
      ?.replace(error.message, '')
      .split('\n')
      .filter(line => /^\s+at /.test(line)) ?? []
  return {
    name: error.name,
    ...(typeof code === 'string' && { code }),
    ...(ownWords.test(error.message) && { message: error.message }),
    stack: frames.slice(0, framesMax).map(line => line.trim()),
    ...(cause instanceof Error && { cause: describeError(cause) }),
  }
}

/** What other people's code says of its errors may repeat what it was given. */
function masked(fields: Record<string, unknown>): Record<string, unknown> {
  return Object.fromEntries(
    Object.entries(fields).map(([name, value]) => [
      name,
      typeof value === 'string' && !name.endsWith('id') ? maskPersonal(value) : value,
    ]),
  )
}
