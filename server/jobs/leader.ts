import type { LeaderStorage } from '#storage/platform/leader'
import type { Log } from '../observability/log.ts'
import { repeat } from './schedule.ts'

export interface LeaderParts {
  /** There is one leader for each name. */
  name: string
  storage: LeaderStorage
  nodeId: string
  pollMs: number
  /** Nothing can be due: nobody needs to lead. */
  isIdle(): boolean
  /** What the leader does each time. */
  runRound(): Promise<void>
  log: Log
}

/** Another node takes over when this one gave no sign of life for so long, in seconds. */
const leaseS = 5

/** Runs rounds on one node at a time: on whichever has the lease of the name, by the database's clock. */
export function createLeader({ name, storage, nodeId, pollMs, isIdle, runRound, log }: LeaderParts) {
  async function lead(): Promise<void> {
    if (!isIdle() && (await storage.acquire(name, nodeId, leaseS))) await runRound()
  }

  const stop = repeat(lead, pollMs, log)
  return {
    async close(): Promise<void> {
      stop()
      await storage.release(name, nodeId).catch(() => {})
    },
  }
}
