import type { HandoffStorage, StoredHandoff } from '#storage/desk/handoff'
import { repeat } from '../../../core/every.ts'
import type { Log } from '../../../observability/log.ts'

export interface LeaderParts {
  storage: Pick<
    HandoffStorage,
    'acquireLeader' | 'releaseLeader' | 'disconnectExpired' | 'abandoned' | 'dueHandoffs'
  >
  nodeId: string
  pollMs: number
  /** How long an agent's sign of life holds, in seconds. */
  agentLeaseS: number
  /** Nothing can be due. */
  isIdle(): boolean
  /** Somebody is no longer there. */
  onAgentsGone(): void
  /** The agent of this one is gone. */
  agentLost(row: StoredHandoff): Promise<void>
  /** Its time has come. */
  fireDeadline(row: StoredHandoff & { at: string }): Promise<void>
  /** Gives those who wait to those who are free, where that is wanted. */
  assignWaiting(): Promise<void>
  log: Log
}

const name = 'handoff'
/** Another node takes over when this one gave no sign of life for so long, in seconds. */
const leaseS = 5
const batchMax = 100

/** What happens by itself: on one node at a time, by the database's clock, and again after a restart. */
export function createLeader({
  storage,
  nodeId,
  pollMs,
  agentLeaseS,
  isIdle,
  onAgentsGone,
  agentLost,
  fireDeadline,
  assignWaiting,
  log,
}: LeaderParts) {
  const observer = { nodeId, seconds: agentLeaseS }

  async function runRound(): Promise<void> {
    if (isIdle()) return
    if (!(await storage.acquireLeader(name, nodeId, leaseS))) return
    if ((await storage.disconnectExpired(observer)).length > 0) onAgentsGone()
    for (const row of await storage.abandoned(observer, batchMax)) await agentLost(row)
    for (const row of await storage.dueHandoffs(observer, batchMax)) await fireDeadline(row)
    await assignWaiting()
  }

  const stop = repeat(runRound, pollMs, log)
  return {
    async close(): Promise<void> {
      stop()
      await storage.releaseLeader(name, nodeId).catch(() => {})
    },
  }
}
