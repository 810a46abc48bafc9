import type { Database, Sql } from '../engine/transaction.ts'
import { mayJudge } from '../realtime/leases.ts'

export interface StoredAgent {
  id: string
  name: string | null
  avatar_url: string | null
  chosen: 'online' | 'away' | 'offline'
  connected: boolean
  capacity: number | null
  assigned_at: string | null
  /** Still of the staff. */
  employed: boolean
}

export interface Connection {
  seconds: number
  joining: boolean
}

/** The node that judges, and how long a sign of life holds. */
export interface Observer {
  nodeId: string
  seconds: number
}

/** Who is there to take conversations: by their own word, and by the sign of life of a node. */
export function presenceStorage({ sql, withDeadline, transaction }: Database) {
  async function findAgent(id: string): Promise<StoredAgent | null> {
    const [row] = await withDeadline(
      sql<StoredAgent[]>`${agentRows(sql)} where a.person_id = ${id} and p.active`,
    )
    return row ?? null
  }

  async function setPresence(
    id: string,
    chosen: StoredAgent['chosen'],
    capacity: number | null,
  ): Promise<void> {
    await withDeadline(sql`
      insert into agents (person_id, chosen, capacity) values (${id}, ${chosen}, ${capacity})
      on conflict (person_id) do update set chosen = excluded.chosen,
        capacity = coalesce(excluded.capacity, agents.capacity)`)
  }

  /** The node has sockets of these: a sign of life for `seconds`. One who was not there before is online, if `joining`. */
  function connect(ids: string[], nodeId: string, { seconds, joining }: Connection): Promise<void> {
    return transaction(async inner => {
      await inner`
        insert into agents (person_id, connected) select id, true from unnest(${ids}::uuid[]) as id
        on conflict (person_id) do update set connected = true,
          chosen = case when ${joining} then 'online' else agents.chosen end
        where not agents.connected`
      await inner`
        insert into agent_leases (person_id, node_id, until)
        select id, ${nodeId}, now() + make_interval(secs => ${seconds}) from unnest(${ids}::uuid[]) as id
        on conflict (person_id, node_id) do update set until = excluded.until`
    })
  }

  /** Those of whom no node has given a sign of life: they are no longer connected. */
  async function disconnectExpired({ nodeId, seconds }: Observer): Promise<string[]> {
    const rows = await withDeadline(sql<{ id: string }[]>`
      update agents set connected = false where connected and not exists (
        select 1 from agent_leases l where l.person_id = agents.person_id and l.until > now())
        and ${mayJudge(sql, nodeId, seconds)}
      returning person_id as id`)
    return rows.map(row => row.id)
  }

  /** An agent was given a conversation by the routing. */
  async function markAssigned(agentId: string): Promise<void> {
    await withDeadline(sql`update agents set assigned_at = now() where person_id = ${agentId}`)
  }

  return { findAgent, setPresence, connect, disconnectExpired, markAssigned }
}

export function agentRows(sql: Sql) {
  return sql`
    select a.person_id as id, p.name, a.avatar_url, a.chosen, a.connected, a.capacity, a.assigned_at,
      p.active and p.role in ('agent', 'admin', 'super_admin') as employed
    from agents a join people p on p.id = a.person_id`
}
