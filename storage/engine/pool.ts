import type { Database, Sql } from './transaction.ts'

export interface PoolUsage {
  connections: number
  /** Statements and transactions at work; what is above `connections` waits for one. */
  running: number
  /** Given up because the database did not answer in time. */
  timedOut: number
  replacedPools: number
}

interface PoolParts {
  kind: Database['kind']
  connections: number
  openPool(): Sql
  usage: PoolUsage
}

/** What still runs on a pool that was replaced may take this long. */
const replacedSeconds = 5
/** Statements between two times that all idle connections are taken. */
const trimEvery = 1000
/** Statements given to connections that were busy, after which the pool makes room for a fresh one. */
const doubledMax = 10_000

/**
 * The driver's pool of connections: another takes its place where it does not answer, and before its lists have grown long.
 */
export function createPool({ kind, connections, openPool, usage }: PoolParts) {
  let current = openPool()
  let untilTrim = trimEvery
  let doubled = 0

  /** What runs on the one before may end, within a time where that is given. */
  function openFresh(ending?: { timeout: number }) {
    const used = current
    current = openPool()
    doubled = 0
    used.end(ending).catch(() => {})
  }

  /** Connections that were lost in silence never answer, and the driver would hand them out for ever. */
  function replace(suspect: Sql) {
    if (kind === 'embedded' || current !== suspect) return
    usage.replacedPools += 1
    openFresh({ timeout: replacedSeconds })
  }

  /**
   * The driver's list of idle connections keeps a place for each that was ever taken, until all are taken at once: in a
   * pool that is never busy it grows with every statement, and is read through at every statement (postgres 3.4.9, `queue.js`).
   */
  function trim() {
    if (connections === 1 || --untilTrim > 0) return
    untilTrim = trimEvery
    doubled += Math.min(usage.running, connections)
    for (let count = 0; count < connections; count++) current`select 1`.catch(() => {})
  }

  /** Its list of busy ones keeps a place for each statement that was given to one of them, for good: so a pool does not live for ever. */
  function renew() {
    if (connections > 1 && doubled >= doubledMax && usage.running === 0) openFresh()
  }

  return {
    get current(): Sql {
      return current
    },
    replace,
    trim,
    /** Something begins to run. @returns the pool it runs on */
    enter(): Sql {
      usage.running += 1
      if (usage.running > connections) doubled += 1
      return current
    },
    leave(): void {
      usage.running -= 1
      renew()
    },
  }
}
