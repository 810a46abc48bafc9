import { execFileSync } from 'node:child_process'
import { readdirSync, readFileSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { run, unusedPort } from '../fixtures/processes.ts'

const script = fileURLToPath(new URL('./postgres.sh', import.meta.url))

/** Whether a PostgreSQL may be started by this test: it needs root, and Debian's packages in their tree. */
export const mayStartPostgres = Boolean(process.env.TEST_DATABASE_URL) && process.getuid?.() === 0

export type OwnPostgres = Awaited<ReturnType<typeof ownPostgres>>

/** A PostgreSQL of the test's own: to be stopped, frozen, copied and put back, on one port. */
export async function ownPostgres() {
  const tree = execFileSync(script, ['install'], { encoding: 'utf8' }).trim()
  const folder = `/var/lib/parley-test-${process.pid}-${Math.random().toString(36).slice(2)}`
  const port = await unusedPort()
  const files = join(tree, folder)
  const copy = `${files}-copy`
  let server = await start()

  async function start() {
    const { HOME, PARLEY_CACHE } = process.env
    const program = run(script, ['start', String(port), folder], { env: { HOME, PARLEY_CACHE } })
    await program.says(/ready to accept (read-only )?connections/)
    return program
  }

  async function stop(): Promise<void> {
    server.child.kill('SIGINT')
    await server.exited
  }

  function signal(name: 'SIGSTOP' | 'SIGCONT'): void {
    for (const pid of familyOf(server.child.pid!)) {
      try {
        process.kill(pid, name)
      } catch {
        // A process of one connection, which has ended meanwhile.
      }
    }
  }

  return {
    url: `postgres://postgres@127.0.0.1:${port}/postgres`,
    port,
    /** Every process of it stands still; the kernel still takes connections and bytes. */
    freeze: () => signal('SIGSTOP'),
    thaw: () => signal('SIGCONT'),
    stop,
    async start(): Promise<void> {
      server = await start()
    },
    files,
    /** Keeps the files as they are now, and goes on. */
    async snapshot(): Promise<void> {
      await stop()
      execFileSync('cp', ['-a', files, copy])
      server = await start()
    },
    /** Puts the kept files back in the place of those of now. */
    async putBack(): Promise<void> {
      await stop()
      rmSync(files, { recursive: true })
      execFileSync('cp', ['-a', copy, files])
      server = await start()
    },
    async remove(): Promise<void> {
      if (server.child.exitCode === null) {
        signal('SIGCONT')
        await stop()
      }
      for (const path of [files, copy]) rmSync(path, { recursive: true, force: true })
    },
  }
}

/** A process and those it started. */
function familyOf(pid: number): number[] {
  const parents = readdirSync('/proc')
    .filter(name => /^\d+$/.test(name))
    .map(name => ({ pid: Number(name), parent: parentOf(name) }))
  const children = (of: number): number[] =>
    parents.filter(({ parent }) => parent === of).flatMap(child => [child.pid, ...children(child.pid)])
  return [pid, ...children(pid)]
}

function parentOf(pid: string): number | null {
  try {
    return Number(/^PPid:\s+(\d+)$/m.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))![1])
  } catch {
    return null
  }
}
