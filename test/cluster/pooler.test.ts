import { spawnSync } from 'node:child_process'
import { describe, expect, onTestFinished, test } from 'vitest'
import type { Message, OperationInput, Reply } from '#protocol'
import { startSettings } from '#storage/engine/session'
import { openDatabase } from '../../storage/engine/open.ts'
import { until } from '../faults/wait.ts'
import { connect, type TestClient } from '../fixtures/harness.ts'
import {
  type Pooling,
  run,
  type ServerNode,
  scratchFolder,
  startNode,
  startPgBouncer,
  startRedis,
} from '../fixtures/processes.ts'
import { foreignSettings, freshPostgres, hasService } from '../fixtures/services.ts'

const hasPooler =
  hasService(
    'PostgreSQL',
    Boolean(process.env.TEST_DATABASE_URL),
    'start test/tooling/postgres.sh and set TEST_DATABASE_URL',
  ) && hasService('PgBouncer', spawnSync('pgbouncer', ['--version']).status === 0, 'install pgbouncer')

const limitMs = 240_000
const visitors = 6
const rounds = 10

async function pooled(pooling: Pooling, settings: Record<string, string> = {}) {
  const database = await freshPostgres(settings)
  onTestFinished(() => database.drop())
  const folder = await scratchFolder()
  onTestFinished(folder.remove)
  const pooler = await startPgBouncer(database.url!, folder.path, pooling)
  onTestFinished(() => pooler.end('SIGKILL'))
  const environment = {
    DATABASE_URL: pooler.url,
    DATA_DIR: folder.path,
    SECRET_KEY: 'the secret of both nodes of this test',
  }
  return { environment }
}

async function enter(node: ServerNode, token?: string): Promise<TestClient> {
  const client = await connect(node.url, { token })
  onTestFinished(() => void client.socket.disconnect())
  return client
}

/** On a busy machine the database may be late: a client tries again under the same key. */
async function sent(client: TestClient, input: OperationInput<'message:send'>): Promise<Message> {
  let reply: Reply<{ message: Message }> | undefined
  await until('the message to be taken', async () => {
    reply = await client.call('message:send', input)
    if (!reply.success) expect(reply.error.code).toBe('SERVICE_UNAVAILABLE')
    return reply.success
  })
  return (reply as { data: { message: Message } }).data.message
}

describe.runIf(hasPooler)('through PgBouncer', () => {
  test.each(['transaction', 'session'] as const)(
    'G3: %s mode: two nodes under load lose nothing, double nothing, and each reader has the same log',
    async mode => {
      const { environment } = await pooled({ mode })
      const redis = await startRedis()
      onTestFinished(() => redis.end('SIGKILL'))
      const shared = { ...environment, REDIS_URL: redis.url }
      const nodes = [await startNode('one', shared), await startNode('two', shared)] as const
      for (const node of nodes) onTestFinished(() => node.end('SIGKILL'))

      async function talk(index: number): Promise<void> {
        const writer = await enter(nodes[index % 2]!)
        const { conversation } = await writer.ask('conversation:open', {})
        const reader = await enter(nodes[(index + 1) % 2]!, writer.token)
        await reader.ask('conversation:open', { conversation_id: conversation.id })
        for (let round = 0; round < rounds; round++) {
          const input = { conversation_id: conversation.id, key: `${round}`, content: `Hello ${round}` }
          const message = await sent(writer, input)
          await reader.until('message:updated', event => event.message.in_reply_to === message.id)
        }
        const seqs = reader.received.flatMap(({ payload }) =>
          typeof payload?.seq === 'number' ? payload.seq : [],
        )
        expect(seqs).toEqual(Array.from({ length: seqs.length }, (_, at) => at + 1))
        expect(seqs.length).toBeGreaterThanOrEqual(rounds * 3)
      }
      await Promise.all(Array.from({ length: visitors }, (_, index) => talk(index)))
      for (const node of nodes) expect(node.output()).not.toMatch(/26000|42P05|42P18/)
    },
    limitMs,
  )

  test(
    'G3, G4: what a pooler does not keep for each client, and the database has otherwise, is refused at start in one sentence',
    async () => {
      const { environment } = await pooled(
        { mode: 'transaction' },
        { ...foreignSettings, statement_timeout: '30s' },
      )
      const server = run('node', ['server/main.ts'], {
        env: { PORT: '0', LOG_LEVEL: 'warn', ...environment },
      })
      expect(await server.exited).toBe(1)
      expect(server.output()).toMatch(
        /^[^\n]*pooler[^\n]*ALTER DATABASE "test_\w+" SET bytea_output = 'hex'[^\n]*\n$/,
      )
    },
    limitMs,
  )

  test(
    'G3: a pooler in session mode with fewer sessions than connections is refused at start in one sentence',
    async () => {
      const { environment } = await pooled({ mode: 'session', lines: ['max_db_connections = 5'] })
      await expect(openDatabase({ databaseUrl: environment.DATABASE_URL, folder: '' })).rejects.toThrow(
        /only 5 of 12 connections get a session.*pool_mode to transaction/,
      )
    },
    limitMs,
  )

  test.each([
    ['a pooler that drops the settings of a session', { ignored: Object.keys(startSettings) }, ''],
    ["an address as Prisma's users write it", {}, '?pgbouncer=true&connection_limit=5'],
  ])(
    'G3: %s: works',
    async (_what, extra, query) => {
      const { environment } = await pooled({ mode: 'transaction', ...extra })
      const url = `${environment.DATABASE_URL}${query}`
      const node = await startNode('one', { ...environment, DATABASE_URL: url })
      onTestFinished(() => node.end('SIGKILL'))
      const client = await enter(node)
      const { conversation } = await client.ask('conversation:open', {})
      const keys = Array.from({ length: 30 }, (_, index) => `key-${index}`)
      for (const key of keys) await sent(client, { conversation_id: conversation.id, key, content: 'Hello' })
      const { messages } = await client.ask('conversation:history', {
        conversation_id: conversation.id,
        limit: 100,
      })
      expect(messages.flatMap(message => (message.role === 'user' ? message.key : []))).toEqual(keys)
    },
    limitMs,
  )
})
