import type { Handoff } from '#protocol'
import { inScope, type Scope } from '../chat/scope.ts'
import type { Database } from '../engine/transaction.ts'
import { where } from '../engine/where.ts'
import { handoffColumns, type StoredHandoff } from './handoff.ts'
import { agentRows, type StoredAgent } from './presence.ts'

/** With the beginning of the visitor's newest words. */
export interface ListedHandoff extends StoredHandoff {
  preview: string | null
}

const previewLength = 200

/** What changed since a horizon, and the horizon to ask from next time. */
export interface Changes {
  horizon: string
  handoffs: StoredHandoff[]
  agents: StoredAgent[]
}

/** Who waits and who is served: as a list, and as what every node keeps in mind of it. */
export function queueStorage({ sql, withDeadline }: Database) {
  const columns = handoffColumns(sql)

  /** Those waiting in the order of the queue; others newest first. */
  async function list(filter: {
    status: Handoff['status']
    agentId: string | null
    ids: string[] | null
    /** Of whose conversations the reader sees these; null: all. */
    scope: Scope | null
    page: number
    page_size: number
  }): Promise<{ rows: ListedHandoff[]; total: number }> {
    const which = filter.ids ? sql`id = any(${filter.ids}::uuid[])` : sql`status = ${filter.status}`
    const seen = inScope(sql, filter.scope, 'c')
    const chosen = where(sql, [
      which,
      sql`conversation_id is not null`,
      filter.agentId && sql`agent_id = ${filter.agentId}`,
      seen && sql`exists (select 1 from conversations c where c.id = conversation_id and ${seen})`,
    ])
    const order =
      filter.status === 'pending'
        ? sql`order by priority desc, created_at, id`
        : sql`order by coalesce(ended_at, accepted_at, created_at) desc, id desc`
    const [rows, [count]] = await withDeadline(
      Promise.all([
        sql<ListedHandoff[]>`
          select ${columns}, (
            select left(content, ${previewLength}) from messages
            where conversation_id = handoffs.conversation_id and role = 'user' order by seq desc limit 1) as preview
          from handoffs ${chosen} ${order}
          limit ${filter.page_size} offset ${(filter.page - 1) * filter.page_size}`,
        sql<{ total: number }[]>`select count(*) as total from handoffs ${chosen}`,
      ]),
    )
    return { rows: [...rows], total: count!.total }
  }

  /**
   * Everything that changed since `since`, at least: costs what changed, however many wait. Rows carry the transaction
   * that wrote them, and the next horizon is the oldest one still open before reading.
   */
  async function changesSince(since: string): Promise<Changes> {
    const [{ horizon }] = (await withDeadline(sql`
      select pg_snapshot_xmin(pg_current_snapshot())::text as horizon`)) as unknown as [{ horizon: string }]
    const [handoffs, agents] = await withDeadline(
      Promise.all([
        sql<StoredHandoff[]>`select ${columns} from handoffs where changed_in >= ${since}::text::xid8`,
        sql<StoredAgent[]>`${agentRows(sql)} where a.changed_in >= ${since}::text::xid8`,
      ]),
    )
    return { horizon, handoffs: [...handoffs], agents: [...agents] }
  }

  /** Where a node begins: who waits or is served, everybody of the desk, and the last `handled` that ended. */
  async function present(handled: number): Promise<Changes> {
    const [{ horizon }] = (await withDeadline(sql`
      select pg_snapshot_xmin(pg_current_snapshot())::text as horizon`)) as unknown as [{ horizon: string }]
    const [handoffs, agents, ended] = await withDeadline(
      Promise.all([
        sql<StoredHandoff[]>`select ${columns} from handoffs where status in ('pending', 'active')`,
        sql<StoredAgent[]>`${agentRows(sql)}`,
        sql<StoredHandoff[]>`
          select ${columns} from handoffs where status = 'resolved' and accepted_at is not null
          order by ended_at desc limit ${handled}`,
      ]),
    )
    return { horizon, handoffs: [...ended.reverse(), ...handoffs], agents: [...agents] }
  }

  return { list, changesSince, present }
}
