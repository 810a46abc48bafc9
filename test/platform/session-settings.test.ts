import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { startSettings } from '#storage/engine/session'
import { openDatabase } from '../../storage/engine/open.ts'
import type { Database } from '../../storage/engine/transaction.ts'
import { type FreshDatabase, foreignSettings, freshPostgres, hasService } from '../fixtures/services.ts'

const hasPostgres = hasService(
  'PostgreSQL',
  Boolean(process.env.TEST_DATABASE_URL),
  'start test/tooling/postgres.sh and set TEST_DATABASE_URL',
)

describe.runIf(hasPostgres)('a database whose every setting is another', () => {
  let fresh: FreshDatabase
  let database: Database
  beforeAll(async () => {
    fresh = await freshPostgres(foreignSettings)
    database = await openDatabase({ databaseUrl: fresh.url, folder: '' })
  })
  afterAll(async () => {
    await database?.close()
    await fresh?.drop()
  })

  test('G4: sessions have what they rely on, in transactions and out of them', async () => {
    const settings = (sql: Database['sql']) =>
      sql<{ name: string; setting: string }[]>`select name, setting from pg_settings`
    const inside = database.transaction(inner => settings(inner as unknown as Database['sql']))
    for (const rows of [await settings(database.sql), await inside]) {
      const found = Object.fromEntries(rows.map(({ name, setting }) => [name, setting]))
      expect(found).toMatchObject({ ...startSettings, synchronous_commit: 'on', search_path: 'public' })
    }
  })

  test('G4: times, bytes and lists go there and come back', async () => {
    const bytes = Buffer.from([0, 1, 92, 127, 255])
    const [row] = await database.sql`
      select timestamptz '2026-02-01 03:04:05.678+02' as at, ${bytes}::bytea as bytes, (${['a', null]}::text[])[2] is null as none,
        0.1::float8 + 0.2::float8 as sum`
    expect(row).toEqual({
      at: '2026-02-01T01:04:05.678Z',
      bytes,
      none: true,
      sum: 0.1 + 0.2,
    })
  })

  test('D1, G4: many writers of one row are not refused as not serializable, and wait for each other', async () => {
    await database.sql`create table counts (n int not null)`
    await database.sql`insert into counts values (0)`
    const add = () =>
      database.transaction(async sql => {
        const [row] = await sql<{ n: number }[]>`select n from counts for update`
        await sql`update counts set n = ${row!.n + 1}`
      }, 20_000)
    await Promise.all(Array.from({ length: 40 }, add))
    expect(await database.sql`select n from counts`).toEqual([{ n: 40 }])
    await database.sql`drop table counts`
  })
})
