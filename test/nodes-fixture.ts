import { spawnSync } from 'node:child_process'
import { afterAll, beforeAll } from 'vitest'
import { type ConnectOptions, connect, type TestClient } from './harness.ts'
import { type Environment, type ServerNode, scratchFolder, startNode, startRedis } from './processes.ts'
import { type FreshDatabase, freshPostgres, hasService } from './services.ts'

/** What several nodes share is there. */
export const hasShared =
  hasService('Redis', spawnSync('redis-server', ['--version']).status === 0, 'install redis-server') &&
  hasService(
    'PostgreSQL',
    !!process.env.TEST_DATABASE_URL,
    'set TEST_DATABASE_URL to a PostgreSQL with pgvector',
  )

export const nodeSecret = 'a secret that all nodes of this test share'

/**
 * Nodes on a PostgreSQL database and a Redis of their own, for the suite this is called in. What was started is ended with it.
 * @param more what else each node is told, read at each start
 * @param makeDatabase another database than one in the PostgreSQL of all tests
 */
export function sharedNodes(
  more: () => Environment = () => ({}),
  makeDatabase: () => Promise<FreshDatabase> = freshPostgres,
) {
  const nodes: ServerNode[] = []
  const clients: TestClient[] = []
  let redis: Awaited<ReturnType<typeof startRedis>>
  let database: FreshDatabase
  let folder: Awaited<ReturnType<typeof scratchFolder>>

  beforeAll(async () => {
    redis = await startRedis()
    database = await makeDatabase()
    folder = await scratchFolder()
  }, 60_000)
  afterAll(async () => {
    for (const client of clients) client.socket.disconnect()
    await Promise.all([...nodes, redis].map(program => program?.end('SIGKILL')))
    await database?.drop()
    await folder?.remove()
  })

  return {
    get databaseUrl(): string {
      return database.url!
    },

    async start(name: string, environment: Environment = {}): Promise<ServerNode> {
      const shared = {
        DATABASE_URL: database.url!,
        REDIS_URL: redis.url,
        DATA_DIR: folder.path,
        SECRET_KEY: nodeSecret,
      }
      const node = await startNode(name, { ...shared, ...more(), ...environment })
      nodes.push(node)
      return node
    },

    async join(node: ServerNode, options: ConnectOptions = {}): Promise<TestClient> {
      const client = await connect(node.url, options)
      clients.push(client)
      return client
    },

    async redisDies(): Promise<void> {
      await redis.end('SIGKILL')
    },

    /** Where it was. */
    async redisReturns(): Promise<void> {
      redis = await startRedis(redis.port)
    },
  }
}
