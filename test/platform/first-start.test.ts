import { readFileSync } from 'node:fs'
import { connect, createServer } from 'node:net'
import { fileURLToPath } from 'node:url'
import pino from 'pino'
import { describe, expect, onTestFinished, test } from 'vitest'
import { openWhenThere } from '../../server/core/open-when-there.ts'
import { openDatabase } from '../../storage/engine/open.ts'
import { run, scratchFolder } from '../fixtures/processes.ts'
import { freshPostgres, hasService } from '../fixtures/services.ts'

const limitMs = 240_000
/** Where there is memory for buffers of 128 MB: with initdb it is above 700 MB. */
const memoryMaxKb = 600_000

test(
  'G9: the embedded database is made in less memory than a small machine has',
  async () => {
    const folder = await scratchFolder()
    onTestFinished(folder.remove)
    const program = fileURLToPath(new URL('../programs/open-folder.ts', import.meta.url))
    const opened = run('node', [program, folder.path], {})
    onTestFinished(() => void opened.child.kill('SIGKILL'))
    await opened.says(/rows 1/)
    const status = readFileSync(`/proc/${opened.child.pid}/status`, 'utf8')
    expect(Number(/VmHWM:\s+(\d+) kB/.exec(status)![1])).toBeLessThan(memoryMaxKb)
  },
  limitMs,
)

test(
  'G6: a data folder below /proc is refused in one sentence',
  async () => {
    const env = { PORT: '0', DATA_DIR: '/proc/parley/data', DEMO_SHOP: 'off' }
    const server = run('node', ['server/main.ts'], { env })
    onTestFinished(() => void server.child.kill('SIGKILL'))
    expect(await server.exited).toBe(1)
    expect(server.output().trim()).toMatch(/^DATA_DIR \/proc\/parley\/data cannot be made there: [^\n]+\.$/)
  },
  limitMs,
)

const hasPostgres = hasService(
  'PostgreSQL',
  Boolean(process.env.TEST_DATABASE_URL),
  'start test/tooling/postgres.sh and set TEST_DATABASE_URL',
)

describe.runIf(hasPostgres)('a database that is away at the start', () => {
  test('G8: is waited for by a node that has worked with it, and ends the first start of another', async () => {
    const fresh = await freshPostgres({})
    const folder = await scratchFolder()
    onTestFinished(() => fresh.drop())
    onTestFinished(folder.remove)
    const address = new URL(fresh.url!)
    const { port, hostname } = address
    const server = createServer(socket => {
      const upstream = connect(Number(port || 5432), hostname)
      socket.on('error', () => upstream.destroy()).pipe(upstream)
      upstream.on('error', () => socket.destroy()).pipe(socket)
    })
    onTestFinished(() => void server.close())
    const listen = (at: number) =>
      new Promise<number>(resolve =>
        server.listen(at, '127.0.0.1', () => resolve((server.address() as { port: number }).port)),
      )
    const free = await listen(0)
    await new Promise(resolve => server.close(resolve))
    address.hostname = '127.0.0.1'
    address.port = String(free)
    const open = () => openDatabase({ databaseUrl: address.href, folder: folder.path })

    const lines: string[] = []
    const waits = Promise.withResolvers<void>()
    const log = pino({
      hooks: {
        logMethod(input) {
          lines.push(String(input.at(-1)))
          waits.resolve()
        },
      },
    })
    await expect(openWhenThere(open, { hasWorked: false, log })).rejects.toThrow(
      /Nothing answers at .*ECONNREFUSED/,
    )
    const opening = openWhenThere(open, { hasWorked: true, log })
    await waits.promise
    await listen(free)
    const database = await opening
    expect(await database.answers()).toBe(true)
    await database.close()
    expect(lines).toEqual(['the database is away: the start waits for it', 'the database is there'])
  })
})
