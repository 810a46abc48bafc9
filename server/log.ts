import pino, { type Logger } from 'pino'
import type { Config } from './config.ts'

export type Log = Logger

/** Structured lines on standard output. Ids only: no message text, no e-mail, no phone (law S4). */
export function createLog(level: Config['logLevel']): Log {
  return pino({ level, base: undefined, timestamp: pino.stdTimeFunctions.isoTime })
}
