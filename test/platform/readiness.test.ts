import { execFileSync, spawnSync } from 'node:child_process'
import { chownSync, mkdirSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import postgres from 'postgres'
import { afterAll, beforeAll, describe, expect, onTestFinished, test } from 'vitest'
import { until } from '../faults/wait.ts'
import { startServer, type TestServer } from '../fixtures/harness.ts'
import { hasService } from '../fixtures/services.ts'
import { mayStartPostgres, type OwnPostgres, ownPostgres } from '../tooling/own-postgres.ts'

const limitMs = 90_000

describe.runIf(hasService('PostgreSQL of its own', mayStartPostgres, 'run as root'))(
  'G8: a node is judged by what it can serve',
  () => {
    let database: OwnPostgres
    let server: TestServer
    beforeAll(async () => {
      database = await ownPostgres()
      server = await startServer({ databaseUrl: database.url })
    }, 120_000)
    // After the server's own end: hooks run in the reverse of their order.
    afterAll(() => database?.remove())

    const status = async (path: string) => (await fetch(server.url + path)).status
    const readState = async () => (await (await fetch(`${server.url}/readyz`)).json()).database
    const readStateOf = (state: string) =>
      until(`the database to be ${state}`, async () => (await readState()) === state, 30_000)

    /** In the balancer it stays; whoever asks strictly, or reads the health, is told. */
    async function expectServing(state: string): Promise<void> {
      expect(await status('/readyz')).toBe(200)
      expect(await status('/readyz?strict')).toBe(503)
      const { reply } = await server.http('GET', '/system/health')
      expect(reply).toMatchObject({ data: { status: 'degraded', database: { ok: false, state } } })
      for (const path of ['/', '/widget.js', '/console', '/docs']) expect(await status(path), path).toBe(200)
    }

    test(
      'with the database away it serves pages and the widget, and refuses the rest as retryable',
      async () => {
        await readStateOf('ok')
        expect(await status('/readyz?strict')).toBe(200)
        await database.stop()
        await readStateOf('away')
        await expectServing('away')
        const { status: refused, reply } = await server.http('POST', '/chat', { message: 'Hello?' })
        expect([refused, reply]).toMatchObject([503, { error: { retryable: true } }])
        await database.start()
        await readStateOf('ok')
        expect(await status('/readyz?strict')).toBe(200)
      },
      limitMs,
    )

    test(
      'a database that hangs is told as fast as one that answers',
      async () => {
        database.freeze()
        onTestFinished(database.thaw)
        await readStateOf('away')
        await expectServing('away')
      },
      limitMs,
    )

    test(
      'a standby is read only',
      async () => {
        await readStateOf('ok')
        await database.stop()
        writeFileSync(join(database.files, 'standby.signal'), '')
        await database.start()
        await readStateOf('read_only')
        await expectServing('read_only')
        await database.stop()
        rmSync(join(database.files, 'standby.signal'), { force: true })
        await database.start()
      },
      limitMs,
    )

    test(
      'a full disk is told',
      async () => {
        // A real one, small enough to be full at once: where tables of a transaction go.
        const disk = join(database.files, 'disk')
        mkdirSync(disk)
        execFileSync('mount', ['-t', 'tmpfs', '-o', 'size=4k', 'tmpfs', disk])
        onTestFinished(() => void spawnSync('umount', ['-l', disk]))
        const { uid, gid } = statSync(database.files)
        chownSync(disk, uid, gid)
        const sql = postgres(database.url, { max: 1, onnotice: () => {} })
        const [place] = await sql`select current_setting('data_directory') || '/disk' as path`
        await sql.unsafe(`create tablespace small location '${place!.path}'`)
        await sql`alter database postgres set temp_tablespaces = small`
        await sql.end()
        // Sessions of before have the setting of before.
        await database.stop()
        await database.start()
        await readStateOf('full')
        await expectServing('full')
      },
      limitMs,
    )
  },
)
