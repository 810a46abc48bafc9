import type { HandoffStorage, StoredHandoff } from '#storage/desk/handoff'
import { repeat } from '../../../core/every.ts'
import type { Log } from '../../../observability/log.ts'

export interface DutyParts {
  storage: Pick<HandoffStorage, 'takeDuty' | 'leaveDuty' | 'disconnectGone' | 'abandoned' | 'due'>
  nodeId: string
  everyMs: number
  /** How long an agent's sign of life holds, in seconds. */
  agentLeaseS: number
  /** Nothing can be due. */
  isIdle(): boolean
  /** Somebody is no longer there. */
  gone(): void
  /** The agent of this one is gone. */
  lose(row: StoredHandoff): Promise<void>
  /** Its time has come. */
  fall(row: StoredHandoff & { at: string }): Promise<void>
  /** Gives those who wait to those who are free, where that is wanted. */
  assign(): Promise<void>
  log: Log
}

const name = 'handoff'
/** Another node takes over when this one gave no sign of life for so long, in seconds. */
const leaseS = 5
const atOnce = 100

/** What happens by itself: on one node at a time, by the database's clock, and again after a restart. */
export function createDuty({
  storage,
  nodeId,
  everyMs,
  agentLeaseS,
  isIdle,
  gone,
  lose,
  fall,
  assign,
  log,
}: DutyParts) {
  const judge = { nodeId, seconds: agentLeaseS }

  async function round(): Promise<void> {
    if (isIdle()) return
    if (!(await storage.takeDuty(name, nodeId, leaseS))) return
    if ((await storage.disconnectGone(judge)).length > 0) gone()
    for (const row of await storage.abandoned(judge, atOnce)) await lose(row)
    for (const row of await storage.due(judge, atOnce)) await fall(row)
    await assign()
  }

  const stop = repeat(round, everyMs, log)
  return {
    async close(): Promise<void> {
      stop()
      await storage.leaveDuty(name, nodeId).catch(() => {})
    },
  }
}
