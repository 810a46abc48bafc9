import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { startRedis } from '../test/fixtures/processes.ts'
import type { DatabaseServer } from './database.ts'
import type { Figures } from './figures.ts'
import { until } from './load.ts'
import { type ServerProcess, startProcess } from './process.ts'
import type { Plan, State } from './servers/model.ts'
import type { Sizes } from './sizes.ts'

export const adminPassword = 'correct horse battery staple'
const secretKey = 'the same for all nodes of a measurement'

export interface ProductOptions {
  /** Its own database in the server of this run, or the embedded one. */
  database: 'postgres' | 'embedded'
  /** Filled with the demo shop, so that there is something to find. */
  shop: boolean
  model?: ModelStub
  /** In place of a database of its own, and with it, what several nodes share. */
  databaseUrl?: string
  redisUrl?: string
  /** As out of the box; without, none holds the generator up. */
  limits?: boolean
}

export interface ModelStub extends ServerProcess {
  plan(plan: Plan): Promise<void>
  state(): Promise<State>
}

/** What a scenario works with. All it started is stopped when it ends. */
export interface Rig {
  figures: Figures
  sizes: Sizes
  /** `postgres` where there is one. */
  bestDatabase: 'postgres' | 'embedded'
  /** A baseline from `servers/`. */
  server(script: URL, environment?: Record<string, string>): Promise<ServerProcess>
  model(): Promise<ModelStub>
  product(options: ProductOptions): Promise<ServerProcess>
  /** Transactions of a database so far. */
  transactions(databaseUrl: string): Promise<number>
  /** The address of an empty database. `flushMs` is how long the disk takes for a commit, at least. */
  newDatabase(flushMs?: number): Promise<string>
  /** The address of a Redis that keeps nothing. */
  newRedis(): Promise<string>
  close(): Promise<void>
}

export interface RigOptions {
  figures: Figures
  sizes: Sizes
  databases: DatabaseServer | null
  profileFolder: string | undefined
}

export function createRig({ figures, sizes, databases, profileFolder }: RigOptions): Rig {
  const undo: (() => Promise<unknown>)[] = []

  async function server(script: URL, environment?: Record<string, string>): Promise<ServerProcess> {
    const started = await startProcess({ script, environment, profileFolder })
    undo.push(started.stop)
    return started
  }

  async function newDatabase(flushMs = 0): Promise<string> {
    if (!databases) throw new Error('There is no PostgreSQL in this run.')
    const { url, drop } = await databases.create(flushMs)
    undo.push(drop)
    return url
  }

  async function transactions(databaseUrl: string): Promise<number> {
    if (!databases) throw new Error('There is no PostgreSQL in this run.')
    return databases.transactions(databaseUrl)
  }

  async function newRedis(): Promise<string> {
    const redis = await startRedis()
    undo.push(() => redis.end('SIGKILL'))
    return redis.url
  }

  async function product({
    database,
    shop,
    model,
    limits,
    ...shared
  }: ProductOptions): Promise<ServerProcess> {
    const folder = await mkdtemp(join(tmpdir(), 'parley-bench-'))
    undo.push(() => rm(folder, { recursive: true, force: true }))
    const started = await server(new URL('../server/main.ts', import.meta.url), {
      PORT: '0',
      HOST: '127.0.0.1',
      DATA_DIR: folder,
      ADMIN_PASSWORD: adminPassword,
      DEMO_SHOP: shop ? 'on' : 'off',
      RATE_LIMITS: limits ? 'on' : 'off',
      LOG_LEVEL: 'warn',
      ...(database === 'postgres' && { DATABASE_URL: shared.databaseUrl ?? (await newDatabase()) }),
      ...(shared.redisUrl && { REDIS_URL: shared.redisUrl, SECRET_KEY: secretKey }),
      ...(model && { LLM_PROVIDER: 'openai', LLM_MODEL: 'stub', OPENAI_BASE_URL: `${model.url}/v1` }),
    })
    if (shop) await until('the demo shop', () => hasShop(started), 120_000)
    return started
  }

  async function model(): Promise<ModelStub> {
    const started = await server(new URL('./servers/model.ts', import.meta.url))
    return {
      ...started,
      async plan(plan) {
        await fetch(`${started.url}/plan`, { method: 'POST', body: JSON.stringify(plan) })
      },
      state: async () => (await (await fetch(`${started.url}/state`)).json()) as State,
    }
  }

  async function close() {
    for (const step of undo.reverse()) await step()
  }
  const bestDatabase = databases ? 'postgres' : 'embedded'
  return { figures, sizes, bestDatabase, server, model, product, transactions, newDatabase, newRedis, close }
}

/** A token of the administrator. */
export async function signIn(product: ServerProcess): Promise<string> {
  const { access_token } = await callHttp<{ access_token: string }>(product, '/auth/login', {
    body: { username: 'admin', password: adminPassword },
  })
  return access_token
}

async function hasShop(product: ServerProcess): Promise<boolean> {
  const token = await signIn(product)
  const { status } = await callHttp<{ status: string }>(product, '/admin/index/status', { token })
  const { pagination } = await callHttp<{ pagination: { total: number } }>(product, '/products', { token })
  return status === 'idle' && pagination.total > 0
}

/** One call below /api/v1: the envelope's data. @throws Error when it did not succeed */
export async function callHttp<T>(
  product: ServerProcess,
  path: string,
  { body, token }: { body?: unknown; token?: string },
): Promise<T> {
  const response = await fetch(`${product.url}/api/v1${path}`, {
    method: body ? 'POST' : 'GET',
    headers: { 'content-type': 'application/json', ...(token && { authorization: `Bearer ${token}` }) },
    body: body ? JSON.stringify(body) : null,
  })
  const reply = (await response.json()) as { success: boolean; data: T; error?: { message: string } }
  if (!reply.success) throw new Error(`${path}: ${reply.error?.message}`)
  return reply.data
}
