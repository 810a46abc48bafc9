import pino, { type Logger, type LoggerOptions } from 'pino'
import type { Config } from './config.ts'
import { maskPersonal } from './masking.ts'

export type Log = Logger

/** Structured lines on standard output. Ids only: no message text, no e-mail, no phone (law S4). */
export function createLog(level: Config['logLevel']): Log {
  return pino(logOptions(level))
}

export function logOptions(level: Config['logLevel']): LoggerOptions {
  return { level, base: undefined, timestamp: pino.stdTimeFunctions.isoTime, formatters: { log: masked } }
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
