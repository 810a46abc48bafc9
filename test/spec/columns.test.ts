import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { conversationRow } from '#storage/chat/conversation'
import { messageRow } from '#storage/chat/message'
import { handoffRow } from '#storage/desk/handoff'
import { openDatabase } from '../../storage/engine/open.ts'
import type { Database } from '../../storage/engine/transaction.ts'
import { freshDatabase } from '../fixtures/services.ts'

/** Columns that a described row leaves to a statement of their own, or to the database. */
const apart = {
  conversations: ['key', 'fingerprint', 'reply_until', 'reply_released_at', 'changed_about'],
  messages: [],
  handoffs: ['changed_in', 'first_response_at'],
}
const described = { conversations: conversationRow, messages: messageRow, handoffs: handoffRow }

describe('rows that the journal writes', () => {
  let folder: string
  let database: Database
  let drop: () => Promise<void>
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'parley-columns-'))
    const fresh = await freshDatabase(folder)
    drop = fresh.drop
    database = await openDatabase({ databaseUrl: fresh.url, folder, guarded: true })
  })
  afterAll(async () => {
    await database.close()
    await drop()
    await rm(folder, { recursive: true, force: true })
  })

  test.each(Object.keys(described) as (keyof typeof described)[])(
    'every column of %s is written, of its type',
    async table => {
      const rows = await database.sql<{ name: string; type: string }[]>`
      select column_name as name, udt_name as type from information_schema.columns
      where table_schema = current_schema() and table_name = ${table}`
      const { all, types } = described[table]
      expect([...all, ...apart[table]].toSorted()).toEqual(rows.map(({ name }) => name).toSorted())
      const named = { int: 'int4', smallint: 'int2', bigint: 'int8', boolean: 'bool' } as Record<
        string,
        string
      >
      for (const { name, type } of rows)
        if (name in types) expect([name, named[types[name]!] ?? types[name]]).toEqual([name, type])
    },
  )
})
