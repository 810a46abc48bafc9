import { Counter, collectDefaultMetrics, Gauge, Histogram, Registry } from 'prom-client'
import type { PoolUsage } from '#storage/engine/pool'
import { HotHistogram } from './histogram.ts'

const seconds = [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30]

export type Metrics = ReturnType<typeof createMetrics>

/** What /metrics shows. Labels come from fixed sets only, never from input. */
export function createMetrics() {
  const registry = new Registry()
  // How often the loop's delay is looked at, in milliseconds: at the library's 10 an idle server spends half its time on that.
  collectDefaultMetrics({ register: registry, eventLoopMonitoringPrecision: 100 })

  /** A value that is read when somebody looks; NaN while it cannot be. */
  function watch(name: string, help: string, read: () => number | Promise<number>): void {
    new Gauge({
      name,
      help,
      registers: [registry],
      async collect() {
        this.set(await Promise.resolve(read()).catch(() => Number.NaN))
      },
    })
  }

  return {
    registry,
    watch,
    ...connectionMetrics(registry),
    ...eventMetrics(registry),
    ...replyMetrics(registry),
  }
}

/** Calls, and the sockets they come by. */
function connectionMetrics(registry: Registry) {
  const registers = [registry]
  return {
    operations: new HotHistogram(registry, {
      name: 'parley_operation_seconds',
      help: 'Time from arrival to answer, by operation and outcome code',
      labels: ['operation', 'code'],
      buckets: seconds,
    }),
    connections: new Gauge({
      name: 'parley_connections',
      help: 'Open sockets',
      labelNames: ['namespace'],
      registers,
    }),
    refusedConnections: new Counter({
      name: 'parley_connections_refused_total',
      help: 'Sockets that were not let in, by the code of the refusal; ORIGIN: a page of a site that is not allowed',
      labelNames: ['code'],
      registers,
    }),
    refusedNewcomers: new Counter({
      name: 'parley_newcomers_refused_total',
      help: 'Requests and sockets told to come back later, as this node neared its ceiling of open files',
      registers,
    }),
    closedConnections: new Counter({
      name: 'parley_connections_closed_total',
      help: 'Sockets closed for what they did: handshake (too much before they were let in), idle (in no namespace), parts (of a message that did not end), refused (went on after many refusals)',
      labelNames: ['reason'],
      registers,
    }),
    failedSignIns: new Counter({
      name: 'parley_sign_ins_failed_total',
      help: 'Passwords, codes and second factors that were refused, by code',
      labelNames: ['code'],
      registers,
    }),
  }
}

/** What is committed, and how it reaches its readers. */
function eventMetrics(registry: Registry) {
  const registers = [registry]
  return {
    events: new Counter({
      name: 'parley_durable_events_total',
      help: 'Durable events committed on this node',
      labelNames: ['event'],
      registers,
    }),
    messages: new Counter({
      name: 'parley_messages_total',
      help: 'Messages committed on this node, by who says them',
      labelNames: ['role'],
      registers,
    }),
    gaps: new Counter({
      name: 'parley_seq_gaps_total',
      help: 'Durable events that came before one that was missing',
      registers,
    }),
    caughtUp: new Counter({
      name: 'parley_caught_up_events_total',
      help: 'Events of other nodes read from the database',
      registers,
    }),
    resumes: new Counter({
      name: 'parley_resumes_total',
      help: 'Readers that came back with a seq, by what they were given',
      labelNames: ['answer'],
      registers,
    }),
    batch: new Histogram({
      name: 'parley_journal_batch_changes',
      help: 'Changes committed together',
      buckets: [1, 2, 4, 8, 16, 32, 64, 128, 256],
      registers,
    }),
  }
}

function replyMetrics(registry: Registry) {
  const registers = [registry]
  return {
    replies: new Counter({
      name: 'parley_replies_total',
      help: 'Answers by how they ended and who wrote them',
      labelNames: ['status', 'provider', 'degraded'],
      registers,
    }),
    replying: new Gauge({
      name: 'parley_replies_running',
      help: 'Answers being written on this node',
      registers,
    }),
    firstToken: new Histogram({
      name: 'parley_first_delta_seconds',
      help: 'From the beginning of an answer to its first text',
      buckets: seconds,
      registers,
    }),
  }
}

/** What waits for the database, and what became of it. */
export function watchDatabase(
  { watch }: Metrics,
  { usage, waitingJobs }: { usage: Readonly<PoolUsage>; waitingJobs(): Promise<number> },
): void {
  watch('parley_database_connections', 'Connections the pool may have', () => usage.connections)
  watch(
    'parley_database_running',
    'Statements and transactions at work; those above parley_database_connections wait for one',
    () => usage.running,
  )
  watch('parley_database_late', 'Given up since the start, as no answer came in time', () => usage.timedOut)
  watch('parley_database_pools_replaced', 'Since the start, as one did not answer', () => usage.replacedPools)
  watch('parley_jobs_waiting', 'Work on the index that could be taken up now, by any node', waitingJobs)
}
