import type { HandoffStorage, StoredHandoff } from '#storage/desk/handoff'

export interface RoundParts {
  storage: Pick<HandoffStorage, 'disconnectExpired' | 'abandoned' | 'dueHandoffs'>
  nodeId: string
  /** How long an agent's sign of life holds, in seconds. */
  agentLeaseS: number
  /** Somebody is no longer there. */
  onAgentsGone(): void
  /** The agent of this one is gone. */
  agentLost(row: StoredHandoff): Promise<void>
  /** Its time has come. */
  fireDeadline(row: StoredHandoff & { at: string }): Promise<void>
  /** Gives those who wait to those who are free, where that is wanted. */
  assignWaiting(): Promise<void>
}

const batchMax = 100

/** What happens to handoffs by itself, looked for once: run on one node at a time, by the database's clock, and again after a restart. */
export function createRound(parts: RoundParts) {
  const { storage, nodeId, agentLeaseS } = parts
  const observer = { nodeId, seconds: agentLeaseS }
  return async function runRound(): Promise<void> {
    if ((await storage.disconnectExpired(observer)).length > 0) parts.onAgentsGone()
    for (const row of await storage.abandoned(observer, batchMax)) await parts.agentLost(row)
    for (const row of await storage.dueHandoffs(observer, batchMax)) await parts.fireDeadline(row)
    await parts.assignWaiting()
  }
}
