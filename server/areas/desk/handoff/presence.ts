import type { HandoffStorage } from '#storage/desk/handoff'
import type { Log } from '../../../observability/log.ts'

export interface PresenceParts {
  storage: Pick<HandoffStorage, 'connect'>
  nodeId: string
  timings: PresenceTimings
  changed(): void
  log: Log
}

export interface PresenceTimings {
  /** How long the last sign of life of an agent's sockets holds, in seconds: a reload of the page fits in. */
  leaseS: number
  /** Between two signs of life, in milliseconds. */
  heartbeatMs: number
}

/** The agents whose sockets this node has; several tabs of one count once. */
export function createPresence({ storage, nodeId, timings, changed, log }: PresenceParts) {
  const tabs = new Map<string, number>()

  async function stay(agentIds: string[], joining: boolean): Promise<void> {
    try {
      if (agentIds.length > 0) await storage.connect(agentIds, nodeId, { seconds: timings.leaseS, joining })
    } catch (error) {
      log.warn({ error }, 'presence was not stored')
    }
  }

  /** A socket of the agent is open. @returns what its end is told by */
  function joined(agentId: string): () => void {
    tabs.set(agentId, (tabs.get(agentId) ?? 0) + 1)
    stay([agentId], true).then(changed)
    return () => {
      const left = tabs.get(agentId)! - 1
      if (left > 0) tabs.set(agentId, left)
      else tabs.delete(agentId)
    }
  }

  const beat = () => stay([...tabs.keys()], false)
  const timer = setInterval(beat, timings.heartbeatMs)
  timer.unref()

  return { joined, close: () => clearInterval(timer) }
}
