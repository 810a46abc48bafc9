import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { type AddressInfo, createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { balancerConfig } from './compose.ts'
import { until, within } from './faults/wait.ts'

const root = fileURLToPath(new URL('..', import.meta.url))
/** Far above what a start takes on a busy machine. */
const startMs = 120_000
/** The server ends by itself within 20 s of a SIGTERM, or with code 1. */
const stopMs = 25_000

type Fatal = 'SIGKILL' | 'SIGTERM'

/** A real process that faults are done to. It remembers which end was asked for: any other is a finding. */
export interface Program {
  readonly name: string
  readonly child: ChildProcess
  /** Its code; null when a signal ended it. */
  readonly exited: Promise<number | null>
  /** Everything it said. */
  output(): string
  /** The first match in what it printed, or will print. Throws when it ends without, or says nothing like it. */
  says(pattern: RegExp): Promise<RegExpExecArray>
  pause(): void
  resume(): void
  /** Resolves when it has ended. A SIGTERM must end it with code 0, a SIGKILL ends whatever was paused too. */
  end(signal: Fatal): Promise<void>
  /** How it ended against expectation; null while that has not happened. */
  wrongEnd(): string | null
}

export type Environment = Record<string, string | undefined>

export interface RunOptions {
  env?: Environment
  cwd?: string
  /** As it is called when it ends wrongly. */
  name?: string
}

export function run(command: string, args: string[], options: RunOptions = {}): Program {
  const { env, cwd = root, name = command } = options
  const { PATH, HOME, TMPDIR } = process.env
  const child = spawn(command, args, { cwd, env: { PATH, HOME, TMPDIR, ...env } })
  let output = ''
  let asked: Fatal | null = null
  let wrong: string | null = null
  for (const stream of [child.stdout, child.stderr]) stream.on('data', data => (output += data))
  const exited = once(child, 'close').then(([code, signal]) => {
    const expected = asked === 'SIGKILL' ? signal === 'SIGKILL' : asked === 'SIGTERM' && code === 0
    if (!expected) wrong = `${name} ended with ${signal ?? code}, asked was ${asked}: ${output.slice(-2000)}`
    return code as number | null
  })

  function hears(pattern: RegExp): Promise<RegExpExecArray> {
    return new Promise((resolve, reject) => {
      const look = () => {
        const match = pattern.exec(output)
        if (match) resolve(match)
      }
      for (const stream of [child.stdout, child.stderr]) stream.on('data', look)
      exited.then(() => reject(new Error(`${name} ended: ${output}`)))
      look()
    })
  }

  return {
    name,
    child,
    exited,
    output: () => output,
    says: pattern => within(`${name} to say ${pattern}`, hears(pattern), startMs),
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

export const adminPassword = 'correct horse battery staple'

export interface ServerNode extends Program {
  readonly port: number
  readonly url: string
}

/** Plain `node server/main.ts`, on a port of the system's choosing. Resolves once it listens. */
export async function startNode(name: string, env: Environment): Promise<ServerNode> {
  const settings = {
    PORT: '0',
    HOST: '127.0.0.1',
    RATE_LIMITS: 'off',
    DEMO_SHOP: 'off',
    LOG_LEVEL: 'warn',
    ADMIN_PASSWORD: adminPassword,
    SOCKET_SERVER: process.env.SOCKET_SERVER,
    ...env,
  }
  const program = run(process.execPath, ['server/main.ts'], { env: settings, name })
  const said = await program.says(/Demo shop +http:\/\/localhost:(\d+)/).catch(async error => {
    if (!program.wrongEnd()) await program.end('SIGKILL')
    throw error
  })
  const [, port] = said
  return { ...program, port: Number(port), url: `http://127.0.0.1:${port}` }
}

/** A real Redis that keeps nothing on disk. */
export async function startRedis(port?: number, more: string[] = []) {
  const chosen = port ?? (await unusedPort())
  const nothingKept = ['--save', '', '--appendonly', 'no']
  const program = run('redis-server', [
    '--port',
    String(chosen),
    '--bind',
    '127.0.0.1',
    ...nothingKept,
    ...more,
  ])
  await program.says(/Ready to accept connections/)
  return { ...program, port: chosen, url: `redis://127.0.0.1:${chosen}` }
}

export interface Pooling {
  /** How long a client has a session. */
  mode: 'session' | 'transaction'
  /** Settings of a session that are dropped instead of refused. */
  ignored?: string[]
  /** More of its configuration. */
  lines?: string[]
}

/** A real PgBouncer before the PostgreSQL of `databaseUrl`. */
export async function startPgBouncer(
  databaseUrl: string,
  folder: string,
  { mode, ignored = [], lines: more = [] }: Pooling,
) {
  const { hostname, port: target, username, pathname } = new URL(databaseUrl)
  const port = await unusedPort()
  const file = join(folder, `pgbouncer-${port}.ini`)
  const lines = [
    '[databases]',
    `* = host=${hostname} port=${target || 5432} user=${decodeURIComponent(username)}`,
    '[pgbouncer]',
    'listen_addr = 127.0.0.1',
    `listen_port = ${port}`,
    'unix_socket_dir =',
    'auth_type = any',
    `pool_mode = ${mode}`,
    // A session each for two nodes, or far fewer sessions than connections.
    `default_pool_size = ${mode === 'session' ? 60 : 6}`,
    `ignore_startup_parameters = ${ignored.join(', ')}`,
    'user = nobody',
    ...more,
  ]
  await writeFile(file, lines.join('\n'))
  const program = run('pgbouncer', [file])
  await program.says(/process up/)
  return { ...program, url: `postgres://${username}@127.0.0.1:${port}${pathname}` }
}

/** A port that nothing listens on: the system just gave it back. */
export async function unusedPort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1')
  await once(server, 'listening')
  const { port } = server.address() as AddressInfo
  server.close()
  await once(server, 'close')
  return port
}

export async function scratchFolder(): Promise<{ path: string; remove(): Promise<void> }> {
  const path = await mkdtemp(join(tmpdir(), 'parley-node-'))
  return { path, remove: () => rm(path, { recursive: true, force: true }) }
}

/** A real HAProxy with the configuration that compose.yaml gives it. */
export async function startBalancer(nodes: number[], folder: string) {
  const port = await unusedPort()
  const file = join(folder, 'haproxy.cfg')
  await writeFile(file, balancerConfig({ port, nodes }))
  // In the foreground: it is this process that is ended.
  const program = run('haproxy', ['-db', '-f', file])
  const url = `http://127.0.0.1:${port}`
  await until('the balancer to reach a node', async () => {
    if (program.wrongEnd()) throw new Error(program.wrongEnd()!)
    const answer = await fetch(`${url}/readyz`).catch(() => null)
    return answer?.ok ?? false
  })
  return { ...program, url }
}
