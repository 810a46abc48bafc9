import type { Agent, Handoff } from '#protocol'
import type { Team } from '#protocol/desk/service'
import type { StoredHandoff } from '#storage/desk/handoff'
import type { StoredAgent } from '#storage/desk/presence'

/** Handling times an estimate is made from. */
export const handledMax = 50
const endedMax = 10_000

export interface QueueRules {
  /** Conversations an agent is assigned who did not say. */
  capacity(): number
  team(id: string): Team | null
  /** Of one that has not ended. */
  clocks(row: StoredHandoff): NonNullable<Handoff['clocks']>
}

/** Seats are what those online may be assigned, `free` those of them that are not taken. */
export interface Pace {
  seats: number
  free: number
  /** The median of the last ones. */
  handlingMs: number
}

/** Those in front who find no free seat wait for one to become free: each does once per handling time. */
export function estimateMs(pace: Pace | null, position: number): number | null {
  return pace && Math.round((Math.max(0, position - pace.free) / pace.seats) * pace.handlingMs)
}

/**
 * Who waits, who is served and who is there, as the database said last: what positions, estimates and loads are read
 * from without asking it. One change costs a search in the order of the queue, however long it is.
 */
export class Queue {
  readonly #present = new Map<string, StoredHandoff>()
  /** Ids of those, by conversation. */
  readonly #inConversation = new Map<string, string>()
  readonly #agents = new Map<string, StoredAgent>()
  readonly #loads = new Map<string, Set<string>>()
  readonly #handled = new Map<string, number>()
  readonly #ended = new Map<string, number>()
  #waiting: StoredHandoff[] = []
  #handlingMs: number | null = null
  readonly #rules: QueueRules

  constructor(rules: QueueRules) {
    this.#rules = rules
  }

  /** Nothing is known any more. */
  clear(): void {
    for (const known of [
      this.#present,
      this.#inConversation,
      this.#agents,
      this.#loads,
      this.#handled,
      this.#ended,
    ])
      known.clear()
    this.#waiting = []
    this.#handlingMs = null
  }

  get waiting(): readonly StoredHandoff[] {
    return this.#waiting
  }

  /** One that waits or is served. */
  find(id: string): StoredHandoff | undefined {
    return this.#present.get(id)
  }

  findIn(conversationId: string): StoredHandoff | undefined {
    return this.#present.get(this.#inConversation.get(conversationId) ?? '')
  }

  /** Takes what is not older than what is known. @returns the first place that moved, Infinity for none; null where nothing changed */
  apply(row: StoredHandoff): number | null {
    const known = this.#present.get(row.id)
    if (row.status === 'resolved') this.#handle(row)
    if (row.seq < (known?.seq ?? this.#ended.get(row.id) ?? 0)) return null
    if (known && JSON.stringify(known) === JSON.stringify(row)) return null
    const isPresent = row.status === 'pending' || row.status === 'active'
    if (!isPresent) this.#end(row)
    if (!known && !isPresent) return null
    const left = known?.status === 'pending' ? this.#remove(known) : Infinity
    if (known?.status === 'active') this.#loads.get(known.agent_id!)?.delete(known.id)
    this.#present.delete(row.id)
    if (isPresent) this.#present.set(row.id, row)
    this.#place(row, isPresent)
    if (row.status === 'active') this.#load(row.agent_id!).add(row.id)
    const entered = row.status === 'pending' ? this.#insert(row) : Infinity
    return Math.min(left, entered)
  }

  applyAgent(row: StoredAgent): void {
    this.#agents.set(row.id, row)
  }

  /** From 1; null for one that does not wait. */
  position(row: StoredHandoff): number | null {
    if (row.status !== 'pending') return null
    return this.#rank(row) + 1
  }

  /** What estimates are made from; null where nobody is there or nothing was handled yet. */
  pace(): Pace | null {
    const handlingMs = this.#handlingMs
    const online = this.agents().filter(agent => agent.presence === 'online')
    const seats = online.reduce((sum, agent) => sum + agent.capacity, 0)
    if (seats === 0 || handlingMs === null) return null
    const free = online.reduce((sum, agent) => sum + Math.max(0, agent.capacity - agent.active_count), 0)
    return { seats, free, handlingMs }
  }

  agent(id: string): Agent | null {
    const row = this.#agents.get(id)
    return row ? this.#toAgent(row) : null
  }

  /** Which team it waits for, where that is still there. */
  team(id: string | null): Team | null {
    return id === null ? null : this.#rules.team(id)
  }

  clocks(row: StoredHandoff): NonNullable<Handoff['clocks']> {
    return this.#rules.clocks(row)
  }

  /** Who may be assigned it: online, with a free seat, of its team. Whoever was not for longest comes first. */
  free(row: StoredHandoff): (Agent & { assigned_at: string })[] {
    const team = this.team(row.team_id)
    return [...this.#agents.values()]
      .map(agent => ({ ...this.#toAgent(agent), assigned_at: agent.assigned_at ?? '' }))
      .filter(agent => agent.presence === 'online' && agent.active_count < agent.capacity)
      .filter(agent => team === null || team.members.includes(agent.id))
      .sort((a, b) => (a.assigned_at < b.assigned_at ? -1 : 1))
  }

  /** Those of the staff; who has left is still known by name. */
  agents(): Agent[] {
    return [...this.#agents.values()].filter(({ employed }) => employed).map(row => this.#toAgent(row))
  }

  /** Somebody online may be assigned one more. */
  get hasFreeSeat(): boolean {
    return this.agents().some(agent => agent.presence === 'online' && agent.active_count < agent.capacity)
  }

  /** Nobody waits, nobody is served, and nobody is there. */
  get isQuiet(): boolean {
    return this.#present.size === 0 && this.agents().every(({ presence }) => presence === 'offline')
  }

  counts(): { pending: number; active: number; online_agents: number } {
    return {
      pending: this.#waiting.length,
      active: this.#present.size - this.#waiting.length,
      online_agents: this.agents().filter(agent => agent.presence === 'online').length,
    }
  }

  /** When the one who has waited longest asked for a person, ISO 8601; null where nobody waits. */
  get waitingSince(): string | null {
    return this.#waiting.reduce<string | null>(
      (first, { created_at }) => (first === null || created_at < first ? created_at : first),
      null,
    )
  }

  #toAgent({ id, name, avatar_url, chosen, connected, capacity }: StoredAgent): Agent {
    return {
      id,
      name,
      avatar_url,
      presence: connected ? chosen : 'offline',
      capacity: capacity ?? this.#rules.capacity(),
      active_count: this.#loads.get(id)?.size ?? 0,
    }
  }

  #place({ id, conversation_id }: StoredHandoff, isPresent: boolean): void {
    if (conversation_id === null) return
    if (isPresent) this.#inConversation.set(conversation_id, id)
    else if (this.#inConversation.get(conversation_id) === id) this.#inConversation.delete(conversation_id)
  }

  #load(agentId: string): Set<string> {
    const known = this.#loads.get(agentId) ?? new Set()
    this.#loads.set(agentId, known)
    return known
  }

  /** Remembered for a while: word of an earlier state may come later. */
  #end({ id, seq }: StoredHandoff): void {
    this.#ended.set(id, seq)
    if (this.#ended.size > endedMax) this.#ended.delete(this.#ended.keys().next().value!)
  }

  #handle({ id, accepted_at, ended_at }: StoredHandoff): void {
    if (accepted_at === null || ended_at === null || this.#handled.has(id)) return
    this.#handled.set(id, Date.parse(ended_at) - Date.parse(accepted_at))
    if (this.#handled.size > handledMax) this.#handled.delete(this.#handled.keys().next().value!)
    const sorted = [...this.#handled.values()].sort((a, b) => a - b)
    this.#handlingMs = sorted[sorted.length >> 1]!
  }

  /** Where it stands, or would. */
  #rank(row: StoredHandoff): number {
    let low = 0
    let high = this.#waiting.length
    while (low < high) {
      const middle = (low + high) >> 1
      if (before(this.#waiting[middle]!, row)) low = middle + 1
      else high = middle
    }
    return low
  }

  #insert(row: StoredHandoff): number {
    const at = this.#rank(row)
    this.#waiting.splice(at, 0, row)
    return at
  }

  #remove(row: StoredHandoff): number {
    const at = this.#rank(row)
    this.#waiting.splice(at, 1)
    return at
  }
}

/** The order of the queue: priority, then who asked first. */
function before(a: StoredHandoff, b: StoredHandoff): boolean {
  if (a.priority !== b.priority) return a.priority > b.priority
  if (a.created_at !== b.created_at) return a.created_at < b.created_at
  return a.id < b.id
}
