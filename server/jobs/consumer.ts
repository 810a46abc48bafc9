import type { DurableEventName } from '#protocol'
import type { TransactionSql } from '#storage/engine/transaction'
import type { ConsumerStorage, LogBatch } from '#storage/platform/consumer'
import type { StoredEvent } from '#storage/realtime/events'
import type { Log } from '../observability/log.ts'
import { repeat } from './schedule.ts'

/** What follows from committed events and is not of the conversation: read from the log, never on the way of a message. */
export interface Consumer {
  /** Of its place in the log; stays the same from version to version. */
  name: string
  events: readonly DurableEventName[]
  /**
   * What it writes by `sql` is written exactly once, together with how far it has read. What is not of this database (a
   * mail, a call) it queues there. A failure is logged, and the same events come again: it holds up nobody else.
   */
  consume(sql: TransactionSql, events: StoredEvent[]): Promise<void>
  /** What was consumed is committed: what is not of this database may begin. */
  consumed?(): void
}

/** What one transaction after another commits is read together. */
const gatherMs = 500
/** Where reading takes its time, so many times as long is gathered: consumers never take more than a small share from answers. */
const gatherFactor = 10
const gatherMaxMs = 2000
/** How often is looked for what another node committed and did not read. */
const consumerPollMs = 10_000

/** Reads the log of all conversations, once for all who register. */
export function createConsumers({ storage, log }: { storage: ConsumerStorage; log: Log }) {
  const consumers = new Map<string, Consumer>()
  let timer: NodeJS.Timeout | undefined
  let stopPolling = () => {}
  let running = Promise.resolve()
  let isClosed = false
  let lastReadMs = 0

  /** @returns whether there may be more for it */
  async function consume({ name, consume, consumed }: Consumer, batch: LogBatch, events: StoredEvent[]) {
    try {
      if (!(await storage.consume(batch, name, sql => consume(sql, events)))) return false
      consumed?.()
      return true
    } catch (error) {
      log.warn({ consumer: name, error }, 'events could not be consumed; they are tried again')
      return false
    }
  }

  /** Each by itself: none holds up another. @returns those for whom there may be more */
  async function hand(batch: LogBatch): Promise<string[]> {
    const own = batch.names.map(name => {
      const consumer = consumers.get(name)!
      return { name, consumer, events: batch.events.filter(({ event }) => isRead(consumer, event)) }
    })
    const idle = own.filter(({ events }) => events.length === 0).map(({ name }) => name)
    const [passed, ...read] = await Promise.all([
      idle.length > 0 ? storage.pass(batch, idle) : [],
      ...own.map(async ({ name, consumer, events }) =>
        events.length > 0 && (await consume(consumer, batch, events)) ? [name] : [],
      ),
    ])
    return [...passed, ...read.flat()]
  }

  async function read(): Promise<void> {
    const started = performance.now()
    const events = [...new Set([...consumers.values()].flatMap(consumer => consumer.events))]
    let reading = [...consumers.keys()]
    while (!isClosed && reading.length > 0) {
      const batch = await storage.nextBatch(reading, events)
      if (!batch) break
      const others = reading.filter(name => !batch.names.includes(name))
      reading = [...others, ...(await hand(batch))]
    }
    lastReadMs = performance.now() - started
  }

  /** One after the other: the poll, and what was committed here. */
  function readInTurn(): Promise<void> {
    running = running.then(read).catch(error => {
      log.warn({ error }, 'the log of events could not be read; it is tried again')
    })
    return running
  }

  return {
    add(consumer: Consumer): void {
      consumers.set(consumer.name, consumer)
    },
    /** An event was committed on this node. */
    committed(event: string): void {
      if (timer || isClosed || ![...consumers.values()].some(consumer => isRead(consumer, event))) return
      const waitMs = Math.min(gatherMaxMs, Math.max(gatherMs, lastReadMs * gatherFactor))
      timer = setTimeout(() => {
        timer = undefined
        void readInTurn()
      }, waitMs)
      timer.unref()
    },
    /** The database is another one, or was put back. */
    renumber: storage.renumber,
    async start(): Promise<void> {
      await storage.renumber()
      for (const name of consumers.keys()) await storage.register(name)
      stopPolling = repeat(readInTurn, consumerPollMs, log)
    },
    async close(): Promise<void> {
      isClosed = true
      clearTimeout(timer)
      stopPolling()
      await running
    },
  }
}

function isRead({ events }: Consumer, event: string): boolean {
  return (events as readonly string[]).includes(event)
}
