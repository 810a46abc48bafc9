import { OperationError } from '#protocol'
import type { HandoffStorage } from '#storage/desk/handoff'
import type { Queue } from './queue.ts'

export type Agents = ReturnType<typeof createAgents>

/** The agents as this node knows them, read anew where it matters. */
export function createAgents(storage: HandoffStorage, queue: Queue) {
  /** Reads an agent whom this node may not have heard of yet. */
  async function refreshAgent(id: string): Promise<void> {
    const row = await storage.findAgent(id)
    if (row) queue.applyAgent(row)
  }

  async function assertPresent(id: string): Promise<void> {
    await refreshAgent(id)
    const agent = queue.agent(id)
    if (!agent) throw new OperationError('NOT_FOUND', 'There is no such agent.')
    if (agent.presence === 'offline')
      throw new OperationError('CONFLICT', 'This agent is offline.', { agent })
  }

  return { refresh: refreshAgent, assertPresent }
}
