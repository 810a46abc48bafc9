import type { HandoffStorage } from '#storage/desk/handoff'
import type { Log } from '../../../observability/log.ts'

export interface PresenceParts {
  storage: Pick<HandoffStorage, 'connect'>
  nodeId: string
  timings: PresenceTimings
  publishChanged(): void
  log: Log
}

export interface PresenceTimings {
  /** How long the last sign of life of an agent's sockets holds, in seconds: a reload of the page fits in. */
  leaseS: number
  /** Between two signs of life, in milliseconds. */
  heartbeatMs: number
}

/** The agents whose sockets this node has; several tabs of one count once. */
export function createPresence({ storage, nodeId, timings, publishChanged, log }: PresenceParts) {
  const sockets = new Map<string, number>()

  async function renew(agentIds: string[], joining: boolean): Promise<void> {
    try {
      if (agentIds.length > 0) await storage.connect(agentIds, nodeId, { seconds: timings.leaseS, joining })
    } catch (error) {
      log.warn({ error }, 'presence was not stored')
    }
  }

  /** A socket of the agent is open. @returns what its end is told by */
  function agentConnected(agentId: string): () => void {
    sockets.set(agentId, (sockets.get(agentId) ?? 0) + 1)
    renew([agentId], true).then(publishChanged)
    return () => {
      const remaining = sockets.get(agentId)! - 1
      if (remaining > 0) sockets.set(agentId, remaining)
      else sockets.delete(agentId)
    }
  }

  const beat = () => renew([...sockets.keys()], false)
  const timer = setInterval(beat, timings.heartbeatMs)
  timer.unref()

  return { agentConnected, close: () => clearInterval(timer) }
}
