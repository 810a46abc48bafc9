import { type ParseArgsConfig, parseArgs } from 'node:util'
import { StartError } from '#storage/engine/start-error'

/** What a command is given, and says. */
export interface Terminal {
  say(line: string): void
  /** How far it is, on one line that the next takes the place of; where nobody watches, a line now and then. */
  progress(text: string): void
  /** Called when the command ends, however it ends; the last first. */
  onEnd(undo: () => unknown): void
  /** Aborted by Ctrl-C and SIGTERM: long work looks at it between two steps. */
  signal: AbortSignal
}

/** The command was called wrongly: the message says how it is called. */
export class UsageError extends StartError {}

const exitCodes = { failed: 1, usage: 2, interrupted: 130 }
/** Lines of progress where no terminal rewrites them. */
const quietMs = 5000
/** What was interrupted may put away what it has begun. */
const endMs = 10_000

/**
 * Runs a command of an operator: exit code 0, or one sentence on standard error and 1 (it did not work), 2 (called
 * wrongly) or 130 (interrupted).
 */
export function runCommand(work: (terminal: Terminal) => Promise<void>): void {
  const abort = new AbortController()
  const undos: (() => unknown)[] = []
  const { isTTY } = process.stderr
  let isOpen = false
  let printedAt = 0

  function closeLine() {
    if (isOpen) process.stderr.write('\n')
    isOpen = false
  }

  const terminal: Terminal = {
    signal: abort.signal,
    say(line) {
      closeLine()
      process.stdout.write(`${line}\n`)
    },
    progress(text) {
      if (isTTY) {
        process.stderr.write(`\r\x1b[K${text}`)
        isOpen = true
      } else if (performance.now() - printedAt > quietMs) {
        printedAt = performance.now()
        process.stderr.write(`${text}\n`)
      }
    },
    onEnd: undo => void undos.push(undo),
  }

  async function end(code: number, sentence?: string) {
    closeLine()
    if (sentence) process.stderr.write(`${sentence}\n`)
    process.exitCode = code
    setTimeout(() => process.exit(code), endMs).unref()
    for (const undo of undos.splice(0).reverse()) await undo()
    process.exit(code)
  }

  for (const signal of ['SIGINT', 'SIGTERM'] as const)
    process.once(signal, () => {
      abort.abort()
      void end(exitCodes.interrupted, 'Interrupted.').catch(() => process.exit(exitCodes.interrupted))
    })
  work(terminal)
    .then(
      () => end(process.exitCode === undefined ? 0 : Number(process.exitCode)),
      (error: Error) => {
        if (abort.signal.aborted) return
        return end(error instanceof UsageError ? exitCodes.usage : exitCodes.failed, sentenceOf(error))
      },
    )
    .catch(() => process.exit(exitCodes.failed))
}

/** @throws UsageError */
export function readArguments<T extends ParseArgsConfig>(usage: string, config: T) {
  try {
    return parseArgs({ args: process.argv.slice(2), ...config })
  } catch {
    throw new UsageError(`Usage: ${usage}`)
  }
}

const sentences: Record<string, (path: string) => string> = {
  ENOSPC: () => 'The disk is full.',
  EDQUOT: () => 'The disk is full for this user.',
  EACCES: path => `This user may not use ${path}: run the command as the user the server runs as.`,
  EPERM: path => `This user may not use ${path}: run the command as the user the server runs as.`,
  EROFS: path => `${path} is read-only.`,
  ENOENT: path => `There is no ${path}.`,
  ENOTDIR: path => `${path} is not below a folder.`,
  EISDIR: path => `${path} is a folder.`,
}

/** What an operator can mend is one sentence; anything else keeps its stack. */
function sentenceOf(error: Error): string {
  if (error instanceof StartError) return error.message
  const { code, path = 'the folder' } = causeOf(error)
  const sentence = code && sentences[code]
  return sentence ? sentence(path) : (error.stack ?? error.message)
}

function causeOf(error: Error): NodeJS.ErrnoException {
  const { cause } = error
  if ((error as NodeJS.ErrnoException).code === undefined && cause instanceof Error) return causeOf(cause)
  return error
}
