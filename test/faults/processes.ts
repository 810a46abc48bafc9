import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { connect } from 'node:net'
import { fileURLToPath } from 'node:url'
import { until, within } from './wait.ts'

const root = fileURLToPath(new URL('../..', import.meta.url))
/** Far above what a start takes on a busy machine. */
const startMs = 60_000
/** The server ends by itself within 20 s of a SIGTERM, or with code 1. */
const stopMs = 25_000

type Fatal = 'SIGKILL' | 'SIGTERM'

/** A real process that faults are done to. It remembers which end was asked for: any other is a finding. */
export interface Subject {
  readonly name: string
  readonly child: ChildProcess
  /** Everything it said. */
  output(): string
  pause(): void
  resume(): void
  /** Resolves when it has ended. A SIGTERM must end it with code 0, a SIGKILL ends whatever was paused too. */
  end(signal: Fatal): Promise<void>
  /** How it ended against expectation; null while that has not happened. */
  wrongEnd(): string | null
}

interface Spawning {
  name: string
  command: string
  args: string[]
  env?: Record<string, string | undefined>
}

function start({ name, command, args, env = {} }: Spawning): Subject {
  const { PATH, HOME, TMPDIR } = process.env
  const child = spawn(command, args, { cwd: root, env: { PATH, HOME, TMPDIR, ...env } })
  let output = ''
  let asked: Fatal | null = null
  let wrong: string | null = null
  for (const stream of [child.stdout!, child.stderr!]) stream.on('data', data => (output += data))
  const exited = once(child, 'exit').then(([code, signal]) => {
    const expected = asked === 'SIGKILL' ? signal === 'SIGKILL' : asked === 'SIGTERM' && code === 0
    if (!expected) wrong = `${name} ended with ${signal ?? code}, asked was ${asked}: ${output.slice(-2000)}`
  })
  return {
    name,
    child,
    output: () => output,
    pause: () => void child.kill('SIGSTOP'),
    resume: () => void child.kill('SIGCONT'),
    async end(signal) {
      asked = signal
      child.kill(signal)
      if (signal === 'SIGTERM') child.kill('SIGCONT')
      await within(`${name} after ${signal}`, exited, stopMs).catch(error => {
        wrong = (error as Error).message
        child.kill('SIGKILL')
      })
    },
    wrongEnd: () => wrong,
  }
}

/** Resolves with the first match in what it says. */
async function says(subject: Subject, pattern: RegExp): Promise<RegExpExecArray> {
  await until(
    () => `${subject.name} to say ${pattern}; it said: ${subject.output()}`,
    () => {
      if (subject.wrongEnd()) throw new Error(subject.wrongEnd()!)
      return pattern.test(subject.output())
    },
    startMs,
  )
  return pattern.exec(subject.output())!
}

export interface ServerNode extends Subject {
  readonly port: number
}

/** Plain `node server/main.ts` on a port of the system's choosing. Resolves once it listens. */
export async function startNode(name: string, env: Record<string, string | undefined>): Promise<ServerNode> {
  const subject = start({
    name,
    command: process.execPath,
    args: ['server/main.ts'],
    env: {
      PORT: '0',
      HOST: '127.0.0.1',
      RATE_LIMITS: 'off',
      DEMO_SHOP: 'off',
      LOG_LEVEL: 'warn',
      ADMIN_PASSWORD: 'correct horse battery staple',
      SOCKET_SERVER: process.env.SOCKET_SERVER,
      ...env,
    },
  })
  const [, port] = await says(subject, /Demo shop +http:\/\/localhost:(\d+)/)
  return { ...subject, port: Number(port) }
}

/** A Redis that keeps nothing. */
export async function startRedis(port: number): Promise<Subject> {
  const args = ['--port', String(port), '--bind', '127.0.0.1', '--save', '', '--appendonly', 'no']
  const subject = start({ name: 'redis', command: 'redis-server', args })
  await until('redis to listen', () => listens(port))
  return subject
}

function listens(port: number): Promise<boolean> {
  const socket = connect(port, '127.0.0.1')
  return new Promise(resolve => {
    socket.once('connect', () => resolve(true)).once('error', () => resolve(false))
  }).finally(() => socket.destroy()) as Promise<boolean>
}
