import { cpSync, renameSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import postgres from 'postgres'
import { describe, expect, onTestFinished, test } from 'vitest'
import { renewIncarnation } from '#storage/realtime/incarnation'
import { openDatabase } from '../../storage/engine/open.ts'
import { until } from '../faults/wait.ts'
import { fillDataFolder } from '../fixtures/embedded-template.ts'
import { connect, type TestClient } from '../fixtures/harness.ts'
import { type Environment, type ServerNode, scratchFolder, startNode } from '../fixtures/processes.ts'
import { freshPostgres, hasService } from '../fixtures/services.ts'
import { mayStartPostgres, ownPostgres } from '../tooling/own-postgres.ts'

/** Servers and databases start many times, on a busy machine. */
const limitMs = 300_000

const hasPostgres = hasService(
  'PostgreSQL',
  Boolean(process.env.TEST_DATABASE_URL),
  'start test/tooling/postgres.sh and set TEST_DATABASE_URL',
)

async function boot(environment: Environment): Promise<ServerNode> {
  const node = await startNode('node', {
    SECRET_KEY: 'the secret of every start of this test',
    ...environment,
  })
  onTestFinished(() => node.end('SIGKILL'))
  return node
}

async function folder(): Promise<string> {
  const { path, remove } = await scratchFolder()
  onTestFinished(remove)
  return path
}

async function enter(node: ServerNode, token?: string): Promise<TestClient> {
  const client = await connect(node.url, { token })
  onTestFinished(() => void client.socket.disconnect())
  return client
}

/** Changes a title so often: each takes a seq. */
async function retitle(client: TestClient, conversation_id: string, titles: string[]): Promise<void> {
  for (const title of titles) await client.ask('conversation:update', { conversation_id, title })
}

/** Comes back, as clients do. */
async function comeBack(node: ServerNode, token: string): Promise<TestClient> {
  let client: TestClient | undefined
  await until('the node to answer', async () => {
    client = await enter(node, token).catch(() => undefined)
    return client !== undefined
  })
  return client!
}

describe.runIf(hasPostgres)('a database that is put back while nodes run', () => {
  test(
    'H5: a copy in its place: nodes notice, cut their connections, and tell what is new from the copy on',
    async () => {
      const database = await freshPostgres()
      onTestFinished(() => database.drop())
      const name = new URL(database.url!).pathname.slice(1)
      const [copy, old] = [`${name}_copy`, `${name}_old`]
      const admin = postgres(process.env.TEST_DATABASE_URL!, { max: 1, onnotice: () => {} })
      onTestFinished(async () => {
        await admin.unsafe(`drop database if exists ${copy} with (force)`)
        await admin.unsafe(`drop database if exists ${old} with (force)`)
        await admin.end()
      })
      async function alone(work: () => Promise<unknown>): Promise<void> {
        await admin.unsafe(`alter database ${name} allow_connections false`)
        await admin`select pg_terminate_backend(pid) from pg_stat_activity where datname = ${name}`
        await until('everybody to be gone', async () => {
          const [row] =
            await admin`select count(*)::int as count from pg_stat_activity where datname = ${name}`
          return row!.count === 0
        })
        await work()
        await admin.unsafe(`alter database ${name} allow_connections true`)
      }

      const node = await boot({ DATABASE_URL: database.url!, DATA_DIR: await folder() })
      const first = await enter(node)
      const { conversation, incarnation } = await first.ask('conversation:open', {})
      expect(first.ready.incarnation).toBe(incarnation)
      await retitle(first, conversation.id, ['One', 'Two'])
      await alone(() => admin.unsafe(`create database ${copy} template ${name}`))
      await until('writes to succeed again', async () => {
        const reply = await first.call('conversation:update', {
          conversation_id: conversation.id,
          title: 'Three',
        })
        return reply.success
      })
      await retitle(first, conversation.id, ['Four', 'Five'])
      const { incarnation: stored, seq } = await first.ask('conversation:open', {
        conversation_id: conversation.id,
      })
      expect(stored).toBe(incarnation)

      const cut = new Promise<string>(resolve => first.socket.on('disconnect', resolve))
      await alone(async () => {
        await admin.unsafe(`alter database ${name} rename to ${old}`)
        await admin.unsafe(`alter database ${copy} rename to ${name}`)
      })
      // As a lost connection: the client comes back by itself.
      expect(await cut).toBe('transport close')
      const second = await comeBack(node, first.token)
      expect(second.ready.incarnation).not.toBe(incarnation)
      const opened = await second.ask('conversation:open', {
        conversation_id: conversation.id,
        since_seq: seq,
      })
      expect(opened).toMatchObject({ snapshot: true, seq: 2, incarnation: second.ready.incarnation })
      const third = await enter(node, first.token)
      await third.ask('conversation:open', { conversation_id: conversation.id })
      await retitle(second, conversation.id, ['Three anew'])
      const updated = await third.until('conversation:updated')
      expect(updated).toMatchObject({ seq: 3, conversation: { title: 'Three anew' } })
    },
    limitMs,
  )

  test(
    'H5: what a dump carries into another database is another life, and a restart of the server is not',
    async () => {
      const database = await freshPostgres()
      onTestFinished(() => database.drop())
      const settings = { DATABASE_URL: database.url!, DATA_DIR: await folder() }
      const before = await boot(settings)
      const { incarnation } = (await enter(before)).ready
      await before.end('SIGKILL')
      const after = await boot(settings)
      expect((await enter(after)).ready.incarnation).toBe(incarnation)
      await after.end('SIGTERM')

      // What the restore command does, whatever can be seen of what it did.
      const opened = await openDatabase({ databaseUrl: database.url, folder: '' })
      const renewed = await renewIncarnation(opened, '')
      await opened.close()
      expect(renewed).not.toBe(incarnation)

      // As `pg_restore --clean` does within one database: the row is written again, with all it says.
      const sql = postgres(database.url!, { max: 1, onnotice: () => {} })
      await sql.unsafe(`
      create table kept as select * from incarnation;
      truncate incarnation;
      insert into incarnation select * from kept;
      drop table kept`)
      await sql.end()
      const restored = await boot(settings)
      expect([incarnation, renewed]).not.toContain((await enter(restored)).ready.incarnation)
    },
    limitMs,
  )
})

describe.runIf(hasPostgres && hasService('PostgreSQL of its own', mayStartPostgres, 'run as root'))(
  'a snapshot of the whole PostgreSQL put back',
  () => {
    test(
      'H5: seen while the node runs, and by what its data folder notes when it did not',
      async () => {
        const server = await ownPostgres()
        onTestFinished(() => server.remove())
        const settings = { DATABASE_URL: server.url, DATA_DIR: await folder() }
        const node = await boot(settings)
        const first = await enter(node)
        const { conversation } = await first.ask('conversation:open', {})
        await retitle(first, conversation.id, ['One'])
        await server.snapshot()
        await until('writes to succeed again', async () => {
          const reply = await first.call('conversation:update', {
            conversation_id: conversation.id,
            title: 'Two',
          })
          return reply.success
        })
        // What the node did since the copy is more than nothing.
        const sql = postgres(server.url, { max: 1, onnotice: () => {} })
        const beats = async () => (await sql`select beats::int from node_leases`)[0]!.beats as number
        const before = await beats()
        await until('two signs of life', async () => (await beats()) > before + 1)
        await sql.end()
        const cut = new Promise<string>(resolve => first.socket.on('disconnect', resolve))
        await server.putBack()
        await cut
        const second = await comeBack(node, first.token)
        expect(second.ready.incarnation).not.toBe(first.ready.incarnation)
        await until('reads to succeed again', async () => {
          const reply = await second.call('conversation:open', { conversation_id: conversation.id })
          return reply.success
        })
        await retitle(second, conversation.id, ['Three'])

        await node.end('SIGTERM')
        await server.putBack()
        const later = await enter(await boot(settings))
        expect(later.ready.incarnation).not.toBe(second.ready.incarnation)
        expect(later.ready.incarnation).not.toBe(first.ready.incarnation)
      },
      limitMs,
    )
  },
)

test(
  'H5: the embedded database: its folder copied back is another life',
  async () => {
    const place = await folder()
    const [live, copy] = [join(place, 'embedded'), join(place, 'copy')]
    await fillDataFolder(place)
    const settings = { DATA_DIR: place, DATABASE_URL: undefined }
    const first = await boot(settings)
    const { incarnation } = (await enter(first)).ready
    await first.end('SIGTERM')
    cpSync(live, copy, { recursive: true, preserveTimestamps: true })
    const second = await boot(settings)
    expect((await enter(second)).ready.incarnation).toBe(incarnation)
    await second.end('SIGTERM')
    rmSync(live, { recursive: true })
    renameSync(copy, live)
    const third = await boot(settings)
    expect((await enter(third)).ready.incarnation).not.toBe(incarnation)
  },
  limitMs,
)
