import { readFileSync } from 'node:fs'
import { readdir } from 'node:fs/promises'
import type { Metrics } from '../observability/metrics.ts'

/** Kept back of the ceiling for staff, probes, the database, Redis and files. */
const reserveShare = 0.1
const minReserve = 48
const maxReserve = 512
const countMs = 1000
const retryMs = 5000

export type OpenFiles = ReturnType<typeof createOpenFiles>

/** How many files and connections this process may have open; null where the system does not say. */
export function readOpenFilesMax(): number | null {
  try {
    const limits = readFileSync('/proc/self/limits', 'utf8')
    const [, soft] = /^Max open files +(\d+)/m.exec(limits) ?? []
    return soft === undefined ? null : Number(soft)
  } catch {
    return null
  }
}

export interface OpenFilesParts {
  /** Null: nothing is counted, and nobody refused. */
  max: number | null
  metrics: Metrics
}

/** Keeps this node below its ceiling of open files: at it the system accepts nobody, not even who looks what is wrong. */
export function createOpenFiles({ max, metrics }: OpenFilesParts) {
  const ceiling = max ?? Number.POSITIVE_INFINITY
  const reserve = Math.min(maxReserve, Math.max(minReserve, Math.round(ceiling * reserveShare)))
  const newcomerMax = ceiling - reserve
  let connections = 0
  let others = 0

  async function count(): Promise<void> {
    const before = connections
    const files = await readdir('/proc/self/fd').catch(() => [])
    // Those that came or went while the list was read are connections, and not others.
    if (files.length > 0) others = Math.max(0, files.length - Math.max(before, connections))
  }

  const timer = max === null ? undefined : setInterval(() => void count(), countMs)
  timer?.unref()
  if (max !== null) void count()

  return {
    max,
    /** With as many open, only staff and probes are let in. */
    newcomerMax,

    /** A connection has come in. @returns whether there is a file left to hear who it is */
    opened(): boolean {
      connections++
      return connections + others < ceiling - reserve / 2
    },

    closed(): void {
      connections--
    },

    /** A newcomer asks: 0, or the milliseconds after which to come back. */
    refuseNewcomer(): number {
      if (!this.isShort) return 0
      metrics.refusedNewcomers.inc()
      return retryMs
    },

    get isShort(): boolean {
      return connections + others > newcomerMax
    },

    close: () => clearInterval(timer),
  }
}
