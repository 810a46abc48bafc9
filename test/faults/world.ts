import { randomBytes } from 'node:crypto'
import { rmSync } from 'node:fs'
import { cp, mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type postgres from 'postgres'
import { startModelServer } from '../fixtures/fakes/model-server.ts'
import { type Program, type ServerNode, startNode, startRedis } from '../fixtures/processes.ts'
import { freshPostgres, onServer } from '../fixtures/services.ts'
import type { Answers } from './answers.ts'
import { type FaultProxy, startProxy } from './proxy.ts'
import type { Random } from './random.ts'
import { until } from './wait.ts'

export type World = Awaited<ReturnType<typeof startWorld>>

export interface WorldOptions {
  nodes: number
  answers: Pick<Answers, 'scripts'>
  random: Random
  env?: Record<string, string>
}

/**
 * Real processes on real wires: nodes, their database (that of `TEST_DATABASE_URL`, else each its embedded one), Redis
 * where there are several nodes, and a model host. Every wire leads through a proxy.
 */
export async function startWorld({ nodes: count, answers, random, env = {} }: WorldOptions) {
  const jitter = random.branch('jitter').next
  const folder = await mkdtemp(join(tmpdir(), 'parley-torture-'))
  const host = await startModelServer()
  host.script(...answers.scripts)
  const model = await startProxy({ target: () => Number(new URL(host.url).port), random: jitter })
  // Wires are cut here: the real one wherever there is one.
  const stored = process.env.TEST_DATABASE_URL ? await freshPostgres() : { url: null, drop: async () => {} }
  const database = stored.url ? await proxyTo(stored.url, jitter) : null
  const redis = count > 1 ? await startShared(jitter) : null
  const lines: FaultProxy[] = []
  const ended: Program[] = []
  const nodes: ServerNode[] = []

  const environment = (index: number) => ({
    DATA_DIR: join(folder, String(index)),
    SECRET_KEY: secret,
    DATABASE_URL: database?.url,
    REDIS_URL: redis?.url,
    OPENAI_BASE_URL: `http://127.0.0.1:${model.port}/v1`,
    OPENAI_API_KEY: 'test',
    LLM_MODEL: 'test-model',
    ...env,
  })
  const launch = (index: number) => startNode(`node ${index}`, environment(index))
  for (let index = 0; index < count; index++) {
    if (!database) await cp(await madeOnce(), join(folder, String(index)), { recursive: true })
    nodes.push(await launch(index))
  }

  return {
    host,
    model,
    database: database?.proxy ?? null,
    databaseUrl: stored.url,
    redis,
    nodes: nodes as readonly ServerNode[],
    lines: lines as readonly FaultProxy[],
    /** A wire of its own from one tab to a node. */
    async line(index: number): Promise<FaultProxy> {
      const line = await startProxy({ target: () => nodes[index]!.port, random: jitter })
      lines.push(line)
      return line
    },
    url: (index: number) => nodes[index]!.url,
    async end(index: number, signal: 'SIGKILL' | 'SIGTERM') {
      ended.push(nodes[index]!)
      await nodes[index]!.end(signal)
    },
    async restart(index: number) {
      nodes[index] = await launch(index)
    },
    ready: (index: number) => until(`node ${index} to be ready`, () => isReady(nodes[index]!.port), 30_000),
    /** Keeps the database as it is now. */
    async backUp() {
      await aloneWith(stored.url!, (sql, name) => sql.unsafe(`create database ${name}_copy template ${name}`))
    },
    /** The kept one takes the place of that of now. */
    async putBack() {
      await aloneWith(stored.url!, async (sql, name) => {
        await sql.unsafe(`alter database ${name} rename to ${name}_old`)
        await sql.unsafe(`alter database ${name}_copy rename to ${name}`)
        await sql.unsafe(`drop database ${name}_old`)
      })
    },
    /** Nothing is in the way any more. */
    heal() {
      for (const proxy of [...lines, model, database?.proxy, redis?.proxy]) proxy?.heal()
    },
    /** Processes that ended by themselves, or not as they were asked to. */
    wrongEnds: () => [...ended, ...nodes].flatMap(node => node.wrongEnd() ?? []),
    async close() {
      await Promise.all(nodes.map(node => (node.wrongEnd() ? null : node.end('SIGKILL'))))
      await redis?.server.end('SIGKILL')
      for (const proxy of [...lines, model, database?.proxy, redis?.proxy]) await proxy?.close()
      await host.close()
      await stored.drop()
      await rm(folder, { recursive: true, force: true })
    },
  }
}

const secret = randomBytes(32).toString('hex')
let made: Promise<string> | undefined

/** An embedded database as a first start leaves it: making one takes longer than a schedule, so each is given a copy. */
function madeOnce(): Promise<string> {
  made ??= makeEmbedded().catch(error => {
    made = undefined
    throw error
  })
  return made
}

async function makeEmbedded(): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'parley-embedded-'))
  process.once('exit', () => rmSync(folder, { recursive: true, force: true, maxRetries: 3 }))
  const node = await startNode('the first start', { DATA_DIR: folder, SECRET_KEY: secret })
  await node.end('SIGTERM')
  return folder
}

/** Runs `work` while nobody is connected to the database, as those who copy one do. */
async function aloneWith(
  url: string,
  work: (sql: postgres.Sql, name: string) => Promise<unknown>,
): Promise<void> {
  const name = new URL(url).pathname.slice(1)
  await onServer(process.env.TEST_DATABASE_URL!, async sql => {
    await sql.unsafe(`alter database ${name} allow_connections false`)
    await until('everybody to be gone', async () => {
      const rows = await sql`select pg_terminate_backend(pid) from pg_stat_activity where datname = ${name}`
      return rows.length === 0
    })
    await work(sql, name)
    await sql.unsafe(`alter database ${name} allow_connections true`)
  })
}

async function proxyTo(url: string, random: () => number) {
  const real = new URL(url)
  const port = Number(real.port || 5432)
  const proxy = await startProxy({ target: () => port, random })
  real.hostname = '127.0.0.1'
  real.port = String(proxy.port)
  return { proxy, url: real.href }
}

async function startShared(random: () => number) {
  const server = await startRedis()
  const proxy = await startProxy({ target: () => server.port, random })
  return { server, proxy, url: `redis://127.0.0.1:${proxy.port}` }
}

async function isReady(port: number): Promise<boolean> {
  try {
    return (await fetch(`http://127.0.0.1:${port}/readyz`, { signal: AbortSignal.timeout(1000) })).ok
  } catch {
    return false
  }
}
