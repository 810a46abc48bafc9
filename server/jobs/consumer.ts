import type { DurableEventName } from '#protocol'
import type { TransactionSql } from '#storage/engine/transaction'
import type { ConsumerStorage } from '#storage/platform/consumer'
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

/** Reads the log of all conversations for whoever registers. */
export function createConsumers({ storage, log }: { storage: ConsumerStorage; log: Log }) {
  const readers: ReturnType<typeof createReader>[] = []

  function createReader(consumer: Consumer) {
    let timer: NodeJS.Timeout | undefined
    let stopPolling = () => {}
    let running = Promise.resolve()
    let isClosed = false
    let lastReadMs = 0

    async function read(): Promise<void> {
      const started = performance.now()
      while (!isClosed && (await storage.consumeNext(consumer.name, consumer.events, consumer.consume)))
        consumer.consumed?.()
      lastReadMs = performance.now() - started
    }

    /** One after the other: the poll, and what was committed here. */
    function readInTurn(): Promise<void> {
      running = running.then(read).catch(error => {
        log.warn({ consumer: consumer.name, error }, 'events could not be consumed; they are tried again')
      })
      return running
    }

    return {
      async start(): Promise<void> {
        await storage.register(consumer.name)
        stopPolling = repeat(readInTurn, consumerPollMs, log)
      },
      committed(event: string): void {
        if (timer || isClosed || !(consumer.events as readonly string[]).includes(event)) return
        const waitMs = Math.min(gatherMaxMs, Math.max(gatherMs, lastReadMs * gatherFactor))
        timer = setTimeout(() => {
          timer = undefined
          void readInTurn()
        }, waitMs)
        timer.unref()
      },
      async close(): Promise<void> {
        isClosed = true
        clearTimeout(timer)
        stopPolling()
        await running
      },
    }
  }

  return {
    add(consumer: Consumer): void {
      readers.push(createReader(consumer))
    },
    /** An event was committed on this node. */
    committed(event: string): void {
      for (const reader of readers) reader.committed(event)
    },
    /** The database is another one, or was put back. */
    renumber: storage.renumber,
    async start(): Promise<void> {
      await storage.renumber()
      for (const reader of readers) await reader.start()
    },
    async close(): Promise<void> {
      await Promise.all(readers.map(reader => reader.close()))
    },
  }
}
