import { type ChildProcess, fork } from 'node:child_process'
import { once } from 'node:events'
import { readFile as readSystemFile } from 'node:fs/promises'
import { availableParallelism, setPriority } from 'node:os'
import { fileURLToPath } from 'node:url'
import { OperationError } from '#protocol'
import { createSlots } from '../core/slots.ts'
import type { UnpackedFile } from './formats/zip.ts'
import { fileProblem } from './problem.ts'
import { isSmallText, type ReadDocument, readFile } from './read.ts'

export interface InputFile {
  name: string
  mime: string
  bytes: Uint8Array
}

/** With its sections as JSON, as they are stored. */
export type StoredDocument = Omit<ReadDocument, 'sections'> & { sections: string }

export interface ReadTask {
  file: InputFile
  /** It is unpacked for the files in it, which are not read. */
  isArchive?: boolean
}

/** What a process says of a file: how far it is, from 0 to 1, and in the end what became of it. */
export type ReadAnswer = { progress: number } | ReadOutcome

type ReadOutcome =
  | { read: StoredDocument }
  | { files: UnpackedFile[] }
  | {
      refused: { code: OperationError['code']; message: string; details?: unknown }
      /** Where a parser failed, if one did. */
      frames?: string[]
    }

export interface ReaderLimits {
  /** Of one file, in milliseconds; of one that is read page by page as pictures, of each page. */
  readMaxMs: number
  /** Of one process with all it holds, in bytes. */
  memoryMaxBytes: number
}

interface ReaderOptions extends Partial<ReaderLimits> {
  /** One line for the operator: constant text, details in `fields`. */
  warn?(text: string, fields?: Record<string, unknown>): void
}

export type DocumentReader = ReturnType<typeof createReader>

const defaultLimits: ReaderLimits = { readMaxMs: 120_000, memoryMaxBytes: 700 * 1024 * 1024 }
/** Of the heap of a process; what it holds beside it is watched from outside. */
const heapMb = 384
const watchMs = 200
/** A process is replaced after so many files, and ends when it had none for so long. */
const filesMax = 50
const idleMs = 15_000
/** Visitors come first. */
const niceness = 3
const processesMax = Math.max(1, Math.min(2, availableParallelism() - 1))
/** Beside our own texts: what the parsers are made of. */
const root = fileURLToPath(new URL('../..', import.meta.url))
const readable = ['server', 'protocol', 'storage', 'node_modules', 'package.json']

interface Worker {
  process: ChildProcess
  files: number
  idle?: NodeJS.Timeout
}

/**
 * Reads documents in processes of their own: without the server's environment, without writing, programs, threads or
 * native code (Node's permission model), and closed to the network (`closeNetwork`). One that takes too long or too much
 * memory is killed, and its file is refused. Short texts, whose readers are our own and bounded, are read here.
 */
export function createReader({ warn = () => {}, ...limits }: ReaderOptions = {}) {
  const { readMaxMs, memoryMaxBytes } = { ...defaultLimits, ...limits }
  const idle: Worker[] = []
  const running = new Set<Worker>()
  const inSlot = createSlots(processesMax)
  let isClosed = false

  async function read(file: InputFile, report?: (progress: number) => void): Promise<StoredDocument> {
    if (isSmallText(file)) {
      const { sections, ...document } = await readFile(file)
      return { ...document, sections: JSON.stringify(sections) }
    }
    const answer = await inSlot(() => perform({ file }, report))
    if ('read' in answer) return answer.read
    throw new TypeError('The process did another task.')
  }

  async function unpack(file: InputFile): Promise<UnpackedFile[]> {
    const answer = await inSlot(() => perform({ file, isArchive: true }))
    if ('files' in answer) return answer.files
    throw new TypeError('The process did another task.')
  }

  /** In a process that has nothing else to do. @throws OperationError */
  async function perform(
    task: ReadTask,
    report: (progress: number) => void = () => {},
  ): Promise<Exclude<ReadOutcome, { refused: unknown }>> {
    if (isClosed) throw shuttingDown()
    const worker = idle.pop() ?? start()
    clearTimeout(worker.idle)
    running.add(worker)
    try {
      const answer = await ask(worker, task, {
        readMaxMs,
        memoryMaxBytes,
        isClosed: () => isClosed,
        report,
      })
      if (!('refused' in answer)) return answer
      if (answer.frames) warn('A document could not be read.', { frames: answer.frames })
      const { code, message, details } = answer.refused
      throw new OperationError(code, message, details)
    } finally {
      running.delete(worker)
      rest(worker)
    }
  }

  function start(): Worker {
    const worker = { process: startProcess(), files: 0 }
    // One that somebody else ended is asked for nothing more.
    worker.process.once('exit', () => forget(worker))
    return worker
  }

  function forget(worker: Worker): void {
    if (idle.includes(worker)) idle.splice(idle.indexOf(worker), 1)
  }

  function rest(worker: Worker): void {
    const isUsable = worker.process.connected && worker.process.exitCode === null && !worker.process.killed
    if (isClosed || !isUsable || worker.files >= filesMax) return void worker.process.kill('SIGKILL')
    worker.idle = setTimeout(() => {
      forget(worker)
      worker.process.kill('SIGKILL')
    }, idleMs).unref()
    idle.push(worker)
  }

  return {
    /** @param report how far a slow reading is, 0 to 1
     * @throws OperationError as `readFile`, and UNPROCESSABLE_FILE when it took too much of something */
    read,
    /** The files of a zip. @throws OperationError as `unpackArchive`, and as `read` */
    unpack,
    close(): void {
      isClosed = true
      for (const { process } of [...idle, ...running]) process.kill('SIGKILL')
    },
  }
}

/** @throws OperationError when the process had to be ended, or ended by itself */
async function ask(
  worker: Worker,
  task: ReadTask,
  {
    readMaxMs,
    memoryMaxBytes,
    isClosed,
    report,
  }: ReaderLimits & {
    isClosed(): boolean
    report(progress: number): void
  },
): Promise<ReadOutcome> {
  const child = worker.process
  let reason: 'too_slow' | 'too_much_memory' = 'too_much_memory'
  const end = (why: typeof reason) => {
    reason = why
    child.kill('SIGKILL')
  }
  const timer = setTimeout(() => end('too_slow'), readMaxMs)
  const watch = setInterval(async () => {
    if ((await residentBytes(child.pid!)) > memoryMaxBytes) end('too_much_memory')
  }, watchMs)
  const listening = new AbortController()
  try {
    const ended = once(child, 'exit', listening).then(() => {
      throw isClosed() ? shuttingDown() : fileProblem(reason)
    })
    const answered = lastAnswer(child, listening.signal, progress => {
      timer.refresh()
      report(progress)
    })
    child.send(task, () => {})
    const answer = await Promise.race([answered, ended])
    worker.files++
    return answer
  } finally {
    listening.abort()
    clearTimeout(timer)
    clearInterval(watch)
  }
}

/** What became of the file. @param report how far it is, of each step */
async function lastAnswer(
  child: ChildProcess,
  signal: AbortSignal,
  report: (progress: number) => void,
): Promise<ReadOutcome> {
  for (;;) {
    const [answer]: ReadAnswer[] = await once(child, 'message', { signal })
    if (!('progress' in answer!)) return answer!
    report(answer.progress)
  }
}

/** Under which a process reads nothing but the program, and writes, starts and loads nothing. */
export const readerFlags: readonly string[] = [
  '--permission',
  ...readable.map(name => `--allow-fs-read=${root}${name}`),
  `--max-old-space-size=${heapMb}`,
  '--disable-warning=ExperimentalWarning',
  '--disable-warning=SecurityWarning',
]

function startProcess(): ChildProcess {
  const child = fork(fileURLToPath(new URL('./reader-process.ts', import.meta.url)), {
    execArgv: [...readerFlags],
    env: {},
    cwd: '/',
    serialization: 'advanced',
    stdio: ['ignore', 'ignore', 'ignore', 'ipc'],
  })
  child.on('error', () => {})
  // It does not keep the server from ending.
  child.unref()
  child.channel?.unref()
  try {
    setPriority(child.pid!, niceness)
  } catch {
    // Where the system does not let us, it is as quick as we are.
  }
  return child
}

function shuttingDown(): OperationError {
  return new OperationError('SERVICE_UNAVAILABLE', 'The server is shutting down.')
}

/** All that a process holds; 0 where the system does not tell. */
async function residentBytes(pid: number): Promise<number> {
  const status = await readSystemFile(`/proc/${pid}/statm`, 'utf8').catch(() => '0 0')
  return Number(status.split(' ')[1]) * 4096
}
