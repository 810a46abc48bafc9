import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { cp, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath, pathToFileURL } from 'node:url'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { leaseStorage } from '#storage/realtime/leases'
import { newId } from '../../server/core/ids.ts'
import { conversationStorage } from '../../storage/chat/conversation.ts'
import { handoffParticipant, handoffStorage, type StoredHandoff } from '../../storage/desk/handoff.ts'
import { batched } from '../../storage/engine/batch.ts'
import { migrate } from '../../storage/engine/migrate.ts'
import { openDatabase } from '../../storage/engine/open.ts'
import { type Database, DatabaseUnavailable, type TransactionSql } from '../../storage/engine/transaction.ts'
import { journalStorage } from '../../storage/realtime/journal.ts'
import { freshDatabase } from '../fixtures/services.ts'

let folder: string
let database: Database
let drop: () => Promise<void>
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'parley-storage-'))
  const fresh = await freshDatabase(folder)
  drop = fresh.drop
  database = await openDatabase({ databaseUrl: fresh.url, folder, guarded: true })
})
afterAll(async () => {
  await database.close()
  await drop()
  await rm(folder, { recursive: true, force: true })
})

/** The length of the longest list that is searched while `work` runs. */
async function longestRead(work: () => Promise<unknown>): Promise<number> {
  const { indexOf } = Array.prototype
  let longest = 0
  Array.prototype.indexOf = function (this: unknown[], ...input: [unknown, number?]) {
    longest = Math.max(longest, this.length)
    return indexOf.apply(this, input)
  }
  try {
    await work()
  } finally {
    Array.prototype.indexOf = indexOf
  }
  return longest
}

describe('one driver for either database', () => {
  test('counters come back as numbers, times as ISO strings in UTC', async () => {
    const [row] =
      await database.sql`select 9007199254740991::bigint as big, timestamptz '2026-01-02 03:04:05.678+02' as at`
    expect(row).toEqual({ big: 9007199254740991, at: '2026-01-02T01:04:05.678Z' })
  })

  test('lists of numbers, texts and ids go there and come back', async () => {
    const texts = [
      'plain',
      'a "quoted" one',
      'back\\slash',
      'a, comma',
      '',
      '{braces}',
      'NULL',
      '第一 行\n第二',
    ]
    const [row] = await database.sql`
      select ${texts}::text[] as texts, ${[1, 20, -3]}::int[] as numbers, ${[]}::int[] as none, ${[newId()]}::uuid[] as ids`
    expect(row).toMatchObject({ texts, numbers: [1, 20, -3], none: [], ids: [expect.any(String)] })
  })

  test('law D4: a thousand questions at the same moment are a handful of statements, each with its own answer', async () => {
    let statements = 0
    const ask = batched(async (numbers: number[]) => {
      statements += 1
      const rows = await database.sql<{ n: number }[]>`select unnest(${numbers}::int[]) * 2 as n`
      return rows.map(({ n }) => n)
    })
    const numbers = Array.from({ length: 1000 }, (_, index) => index)
    expect(await Promise.all(numbers.map(ask))).toEqual(numbers.map(n => n * 2))
    expect(statements).toBeLessThan(8)
  })

  test('a database that is away refuses all that wait for it at once', async () => {
    let requested = 0
    const ask = batched(async (_: number[]): Promise<number[]> => {
      requested += 1
      throw new DatabaseUnavailable('away')
    })
    const outcomes = await Promise.allSettled(Array.from({ length: 1000 }, (_, index) => ask(index)))
    expect(outcomes.every(({ status }) => status === 'rejected')).toBe(true)
    expect(requested).toBeLessThan(3)
  })

  test('the driver reads through a short list of connections, however many statements there were', async () => {
    const ask = (count: number) =>
      Promise.all(Array.from({ length: count }, () => database.withDeadline(database.sql`select 1`)))
    await ask(12)
    // Some connections are idle at any time; then all are busy, and take what comes in twice.
    const longest = await longestRead(async () => {
      for (let count = 0; count < 6000; count++) await ask(1)
      for (let count = 0; count < 200; count++) await ask(100)
    })
    expect(longest).toBeLessThan(15_000)
    expect(await longestRead(() => ask(1))).toBeLessThan(8000)
  })

  test('pgvector is there', async () => {
    const [row] = await database.sql<
      { distance: number }[]
    >`select '[1,2]'::vector <-> '[1,4]'::vector as distance`
    expect(row!.distance).toBe(2)
  })

  test('a plain query inside an open transaction throws instead of waiting for ever', async () => {
    const attempt = database.transaction(async () => database.sql`select 1`)
    await expect(attempt).rejects.toThrow('inside an open transaction')
    await expect(database.transaction(async () => database.transaction(async () => 1))).rejects.toThrow(
      'inside an open',
    )
    expect(await database.sql`select 1 as one`).toEqual([{ one: 1 }])
  })

  test('a transaction that throws leaves nothing', async () => {
    const failed = database.transaction(async sql => {
      await sql`create table left_behind (id int)`
      throw new Error('no')
    })
    await expect(failed).rejects.toThrow('no')
    expect(await database.sql`select to_regclass('left_behind') as found`).toEqual([{ found: null }])
  })

  test('what takes too long is given up, as unavailable', async () => {
    await expect(database.withDeadline(new Promise(() => {}), 20)).rejects.toBeInstanceOf(DatabaseUnavailable)
  })
})

describe('many writers', () => {
  test('commits and checkpoints of the same conversations do not wait for each other in a circle', async () => {
    const storage = conversationStorage(database)
    const person = newId()
    const opened = await Promise.all(
      Array.from({ length: 24 }, () =>
        storage.create({
          id: newId(),
          personId: person,
          role: 'visitor',
          name: null,
          key: null,
          fingerprint: null,
          language: 'en',
          context: {},
        }),
      ),
    )
    const heads = opened.map(({ head }) => ({ ...head, reply_id: newId() }))
    const journal = journalStorage(database)
    const leases = leaseStorage(database, newId())
    const commit = (chosen: typeof heads) =>
      journal.write(
        {
          conversationIds: chosen.map(head => head.id),
          messageIds: [],
          keys: [],
          replyIds: [],
          participants: {},
        },
        () => ({
          heads: chosen,
          inserted: [],
          updated: [],
          events: [],
          staged: {},
        }),
      )
    await commit(heads)
    const advance = (chosen: typeof heads) =>
      journal.appendOptimistic(
        chosen.map(head => ({ before: head, after: head })),
        { inserted: [], updated: [], events: [] },
      )
    const checkpoint = (chosen: typeof heads) =>
      leases.checkpoint(
        chosen.map(head => ({
          conversation_id: head.id,
          message_id: head.reply_id,
          content: 'x'.repeat(200),
        })),
      )
    // Against the order of ids as often as with it: a lock taken in the order given would meet another half way.
    for (let round = 0; round < 25; round++) {
      const order = round % 2 ? heads : heads.toReversed()
      await Promise.all([
        commit(order),
        checkpoint(order),
        advance(order),
        commit(order.toReversed()),
        checkpoint(order.toReversed()),
        advance(order.toReversed()),
      ])
    }
  })
})

describe('a handoff', () => {
  test('law O3: is written while its summary comes by another way', async () => {
    const storage = handoffStorage(database)
    const { head } = await conversationStorage(database).create({
      id: newId(),
      personId: newId(),
      role: 'visitor',
      name: null,
      key: null,
      fingerprint: null,
      language: 'en',
      context: {},
    })
    const begun: StoredHandoff = {
      id: newId(),
      conversation_id: head.id,
      seq: 1,
      status: 'pending',
      cause: 'request',
      reason: 'A "quoted" reason, 带换行\n',
      summary: null,
      priority: 1,
      team_id: null,
      agent_id: null,
      tags: ['one', 'two'],
      note: null,
      rating: null,
      rating_comment: null,
      created_at: head.created_at,
      queued_at: head.created_at,
      accepted_at: null,
      first_accepted_at: null,
      ended_at: null,
      due_at: null,
      warned: [],
      answers: null,
    }
    // Not waiting for the disk, so that they meet often.
    const quickly = (work: (inner: TransactionSql) => Promise<unknown>) =>
      database.transaction(async inner => {
        await inner`set local synchronous_commit = off`
        await work(inner)
      })
    const write = (row: StoredHandoff) => quickly(inner => handoffParticipant.write(inner, [row]))
    await write(begun)
    expect(await storage.find(begun.id)).toEqual(begun)
    let writing = true
    const summaries = Array.from({ length: 6 }, async () => {
      while (writing)
        await quickly(inner => inner`update handoffs set summary = ${newId()} where id = ${begun.id}`)
    })
    // On the embedded database's one connection they only queue.
    const rounds = database.kind === 'postgres' ? 200 : 10
    for (let seq = 2; seq < rounds; seq++) {
      const status = seq % 2 ? 'pending' : 'active'
      await write({ ...begun, seq, status })
      expect(await storage.find(begun.id)).toMatchObject({ seq, status, summary: expect.any(String) })
    }
    writing = false
    await Promise.all(summaries)
  })
})

describe('migrations', () => {
  const own = fileURLToPath(new URL('../../storage/migrations/', import.meta.url))

  async function copy(): Promise<string> {
    const place = await mkdtemp(join(tmpdir(), 'parley-migrations-'))
    await cp(own, place, { recursive: true })
    return place
  }
  const at = (place: string) => pathToFileURL(`${place}/`)

  test('are applied once, in order, also by two at a time', async () => {
    const place = await copy()
    const { newest } = (await database.sql`select max(number)::int as newest from migrations`)[0]!
    await writeFile(
      join(place, `${String(newest + 2).padStart(4, '0')}-tried.sql`),
      'create table tried (id int); insert into tried values (1);',
    )
    await Promise.all([migrate(database, at(place)), migrate(database, at(place))])
    expect(await database.sql`select id from tried`).toEqual([{ id: 1 }])
    await database.sql`drop table tried`
    await database.sql`delete from migrations where number > ${newest}`
  })

  test('are refused when an applied one was edited, is missing, or two have one number', async () => {
    const edited = await copy()
    await writeFile(join(edited, '0001-conversations.sql'), 'select 1;')
    await expect(migrate(database, at(edited))).rejects.toThrow('edited')
    const missing = await copy()
    await rm(join(missing, '0001-conversations.sql'))
    await expect(migrate(database, at(missing))).rejects.toThrow('not part of this program')
    const doubled = await copy()
    await writeFile(join(doubled, '0001-doubled.sql'), 'select 1;')
    await expect(migrate(database, at(doubled))).rejects.toThrow('expected')
    const empty = await mkdtemp(join(tmpdir(), 'parley-migrations-'))
    await expect(migrate(database, at(empty))).rejects.toThrow('not part of this program')
  })
})

describe('the embedded database', () => {
  const program = fileURLToPath(new URL('../programs/open-folder.ts', import.meta.url))

  function start(place: string) {
    const child = spawn('node', [program, place], { stdio: ['ignore', 'pipe', 'pipe'] })
    let output = ''
    child.stdout.on('data', data => {
      output += data
    })
    child.stderr.on('data', data => {
      output += data
    })
    return {
      child,
      exited: once(child, 'exit'),
      async says(text: string) {
        while (!output.includes(text) && child.exitCode === null && child.signalCode === null)
          await Promise.race([once(child.stdout, 'data'), once(child.stderr, 'data'), once(child, 'exit')])
        return output
      },
    }
  }

  test('survives kill -9, refuses a second process, and takes a dead one’s lock over', async () => {
    const place = await mkdtemp(join(tmpdir(), 'parley-kill-'))
    const first = start(place)
    await first.says('rows 1')
    const second = start(place)
    expect(await second.says('in use by another')).toContain('in use by another running server')
    await second.exited
    first.child.kill('SIGKILL')
    await first.exited
    const third = start(place)
    // What the first committed is there: each start adds one row.
    await third.says('rows 2')
    third.child.kill('SIGTERM')
    await third.exited
    await rm(place, { recursive: true, force: true })
  })
})
