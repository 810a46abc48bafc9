import { beforeAll, describe, expect, test } from 'vitest'
import { newId } from '../../server/core/ids.ts'
import { createConsumers } from '../../server/jobs/consumer.ts'
import { createLog } from '../../server/observability/log.ts'
import { consumerStorage } from '../../storage/platform/consumer.ts'
import type { StoredEvent } from '../../storage/realtime/events.ts'
import { until } from '../faults/wait.ts'
import { converse, startServer, type TestServer } from '../fixtures/harness.ts'

let server: TestServer
let storage: ReturnType<typeof consumerStorage>
beforeAll(async () => {
  server = await startServer()
  storage = consumerStorage(server.app.database)
})

/** A consumer that reads from now on, and what it has been handed. */
async function newConsumer() {
  const name = `test-${newId()}`
  const read: StoredEvent[] = []
  await storage.register(name)
  async function next(consume = async (events: StoredEvent[]) => void read.push(...events)) {
    const batch = await storage.nextBatch([name], ['message:created'])
    return batch !== null && storage.consume(batch, name, () => consume(batch.events))
  }
  return { name, read, next }
}

async function readAll({ next, read }: Awaited<ReturnType<typeof newConsumer>>): Promise<string[]> {
  while (await next());
  return read.map(({ payload }) => (payload.message as { content: string }).content)
}

async function ask(text: string): Promise<void> {
  await converse(await server.connect(), text)
}

/** Asks, and reads until the horizon of the transactions has passed it. */
async function askUntilRead(text: string, consumer: Awaited<ReturnType<typeof newConsumer>>): Promise<void> {
  await ask(text)
  await until(`"${text}" to be read`, async () => (await readAll(consumer)).includes(text))
}

describe('consumers of the log', () => {
  test('read every event once, in the order of its conversation, from where they began', async () => {
    await ask('Before it began')
    const consumer = await newConsumer()
    const visitors = await Promise.all(Array.from({ length: 8 }, () => server.connect()))
    await Promise.all(visitors.map(visitor => converse(visitor, 'At the same time')))
    await until('the horizon to pass what was committed', async () => {
      await readAll(consumer)
      return consumer.read.length >= 16
    })
    expect(consumer.read).toHaveLength(16)
    expect(await readAll(consumer)).not.toContain('Before it began')
    const places = new Map<string, number>()
    for (const { conversation_id, seq } of consumer.read) {
      expect(seq).toBeGreaterThan(places.get(conversation_id) ?? 0)
      places.set(conversation_id, seq)
    }
  })

  test('are handed again what they failed on, and hold up nobody else', async () => {
    const [broken, other] = [await newConsumer(), await newConsumer()]
    await ask('To be failed on')
    const fail = () => broken.next(() => Promise.reject(new Error('broken')))
    await expect(fail()).rejects.toThrow('broken')
    await expect(fail()).rejects.toThrow('broken')
    expect(await readAll(other)).toContain('To be failed on')
    expect(await readAll(broken)).toContain('To be failed on')
  })

  test('several at once hand each event to one', async () => {
    const consumer = await newConsumer()
    for (let count = 0; count < 5; count++) await ask(`Question ${count}`)
    await Promise.all(Array.from({ length: 6 }, () => readAll(consumer)))
    const texts = await readAll(consumer)
    expect(texts.filter(text => text.startsWith('Question')).sort()).toEqual(
      Array.from({ length: 5 }, (_, count) => `Question ${count}`),
    )
  })

  test('that stand at different places come together, and are read for once from there on', async () => {
    const [first, second, third] = [await newConsumer(), await newConsumer(), await newConsumer()]
    const names = [first.name, second.name, third.name]
    const probe = await newConsumer()
    await askUntilRead('For the first alone', second)
    await askUntilRead('For two of them', third)
    await askUntilRead('For all', probe)
    const batches = []
    for (let batch = await readNext(); batch; batch = await readNext()) batches.push(batch)
    expect(batches.map(({ readers }) => readers.sort())).toEqual([
      [first.name],
      [first.name, second.name].sort(),
      [...names].sort(),
    ])
    expect(batches.map(({ texts }) => texts.filter(text => text.startsWith('For ')))).toEqual([
      ['For the first alone'],
      ['For two of them'],
      ['For all'],
    ])

    async function readNext() {
      const batch = await storage.nextBatch(names, ['message:created'])
      if (!batch) return null
      const readers = await storage.pass(batch, batch.names)
      return {
        readers,
        texts: batch.events.map(({ payload }) => (payload.message as { content: string }).content),
      }
    }
  })

  test('are woken by what this node commits', async () => {
    const woken = Promise.withResolvers<StoredEvent[]>()
    const consumers = createConsumers({ storage, log: createLog('silent') })
    consumers.add({
      name: `test-${newId()}`,
      events: ['message:created'],
      consume: async (_sql, events) => woken.resolve(events),
    })
    await consumers.start()
    await ask('Wake up')
    consumers.committed('message:created')
    expect((await woken.promise).length).toBeGreaterThan(0)
    await consumers.close()
  })
})

describe('the order of transactions', () => {
  test('what commits late is not passed over', async context => {
    const { database } = server.app
    // One connection cannot have two transactions.
    if (database.kind === 'embedded') return context.skip()
    const consumer = await newConsumer()
    const commit = Promise.withResolvers<void>()
    const begun = Promise.withResolvers<void>()
    const event = { conversation_id: newId(), payload: { message: { content: 'Late' } } }
    const slow = database.transaction(async sql => {
      await sql`
        insert into events (conversation_id, seq, event, payload)
        values (${event.conversation_id}, 1, 'message:created', ${sql.json(event.payload)})`
      begun.resolve()
      await commit.promise
    }, 60_000)
    await begun.promise
    await ask('Early')
    expect(await readAll(consumer)).toEqual([])
    commit.resolve()
    await slow
    const texts = await readAll(consumer)
    expect(texts).toContain('Late')
    expect(texts).toContain('Early')
  })

  test('a log that another database server numbered goes on where it was', async () => {
    const { sql } = server.app.database
    const consumer = await newConsumer()
    await ask('Read before the move')
    await readAll(consumer)
    await ask('Not read before the move')
    // As after a dump put back: numbers that this server has not come to.
    await sql`update events set tx = (tx::text::bigint + 1000000000)::text::xid8 where tx is not null`
    await sql`update consumers set read_to = (read_to::text::bigint + 1000000000)::text::xid8`
    await storage.renumber()
    await ask('After the move')
    const texts = await readAll(consumer)
    expect(texts).toContain('Not read before the move')
    expect(texts).toContain('After the move')
    await storage.renumber()
    expect(await readAll(consumer)).toEqual(texts)
  })
})
