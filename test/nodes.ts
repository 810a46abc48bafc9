import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtemp, rm } from 'node:fs/promises'
import { type AddressInfo, createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'

const root = fileURLToPath(new URL('..', import.meta.url))

export interface Program {
  child: ChildProcess
  exited: Promise<number | null>
  output(): string
  /** The first match in what it printed, or will print. Throws when it ends without. */
  says(pattern: RegExp): Promise<RegExpExecArray>
}

export function run(command: string, args: string[], env: Record<string, string | undefined> = {}): Program {
  const { PATH, HOME } = process.env
  const child = spawn(command, args, { cwd: root, env: { PATH, HOME, ...env } })
  let output = ''
  const hear = (data: Buffer) => {
    output += data
  }
  child.stdout.on('data', hear)
  child.stderr.on('data', hear)
  const exited = once(child, 'exit').then(([code]) => code as number | null)
  return {
    child,
    exited,
    output: () => output,
    async says(pattern) {
      for (;;) {
        const match = pattern.exec(output)
        if (match) return match
        const heard = await Promise.race([
          once(child.stdout, 'data'),
          once(child.stderr, 'data'),
          exited.then(() => null),
        ])
        if (heard === null && !pattern.test(output)) throw new Error(`it ended: ${output}`)
      }
    },
  }
}

export interface Node extends Program {
  url: string
}

/** Plain `node server/main.ts`, as `npm start` runs it, once it listens. */
export async function startNode(env: Record<string, string | undefined>): Promise<Node> {
  const program = run('node', ['server/main.ts'], {
    PORT: '0',
    HOST: '127.0.0.1',
    LOG_LEVEL: 'warn',
    RATE_LIMITS: 'off',
    DEMO_SHOP: 'off',
    ...env,
  })
  const [, port] = await program.says(/Demo shop +http:\/\/localhost:(\d+)/)
  return { ...program, url: `http://127.0.0.1:${port}` }
}

/** A real Redis with nothing kept on disk. */
export async function startRedis(port?: number) {
  const chosen = port ?? (await unusedPort())
  const program = run('redis-server', [
    '--port',
    String(chosen),
    '--bind',
    '127.0.0.1',
    '--save',
    '',
    '--appendonly',
    'no',
  ])
  await program.says(/Ready to accept connections/)
  return { ...program, port: chosen, url: `redis://127.0.0.1:${chosen}` }
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
