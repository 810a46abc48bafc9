import type { Handoff } from '#protocol'
import { assignments, columnList, describeRow } from '../engine/columns.ts'
import { lastOfEach, type Participant } from '../engine/participant.ts'
import type { Database, TransactionSql } from '../engine/transaction.ts'
import { where } from '../engine/where.ts'
import { mayJudge } from '../realtime/leases.ts'

/** A handoff's row. Written only together with its conversation, under that one's lock. */
export interface StoredHandoff {
  id: string
  /** Null once the conversation was deleted: only figures remain. */
  conversation_id: string | null
  /** Of the event that wrote it. */
  seq: number
  status: Handoff['status']
  cause: Handoff['cause']
  reason: string | null
  summary: string | null
  /** Index into `priorities`. */
  priority: number
  team_id: string | null
  agent_id: string | null
  tags: string[]
  note: string | null
  rating: number | null
  rating_comment: string | null
  created_at: string
  queued_at: string
  accepted_at: string | null
  ended_at: string | null
  due_at: string | null
  warned: string[]
}

/** Its columns. `created` with the row and never again; `changed` by later moves; `summary` comes by itself (`setSummary`). */
export const handoffRow = describeRow<StoredHandoff>()({
  id: ['uuid', 'created'],
  conversation_id: ['uuid', 'created'],
  seq: ['bigint', 'changed'],
  status: ['text', 'changed'],
  cause: ['text', 'created'],
  reason: ['text', 'changed'],
  summary: ['text', 'summary'],
  priority: ['smallint', 'changed'],
  team_id: ['uuid', 'changed'],
  agent_id: ['uuid', 'changed'],
  tags: ['jsonb', 'changed'],
  note: ['text', 'changed'],
  rating: ['smallint', 'changed'],
  rating_comment: ['text', 'changed'],
  created_at: ['timestamptz', 'created'],
  queued_at: ['timestamptz', 'changed'],
  accepted_at: ['timestamptz', 'changed'],
  ended_at: ['timestamptz', 'changed'],
  due_at: ['timestamptz', 'changed'],
  warned: ['jsonb', 'changed'],
})

/** With the beginning of the visitor's newest words. */
export interface ListedHandoff extends StoredHandoff {
  preview: string | null
}

const previewLength = 200

export interface StoredAgent {
  id: string
  name: string | null
  avatar_url: string | null
  chosen: 'online' | 'away' | 'offline'
  connected: boolean
  capacity: number | null
  assigned_at: string | null
}

/** What changed since a horizon, and the horizon to ask from next time. */
export interface Changes {
  horizon: string
  handoffs: StoredHandoff[]
  agents: StoredAgent[]
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

export type HandoffStorage = ReturnType<typeof handoffStorage>

export function handoffStorage(database: Database) {
  const { sql, withDeadline } = database
  const columns = sql.unsafe(inserts.list)

  async function find(id: string): Promise<StoredHandoff | null> {
    const [row] = await withDeadline(sql<StoredHandoff[]>`select ${columns} from handoffs where id = ${id}`)
    return row ?? null
  }

  /** The present one of a conversation, or the last. */
  async function lastOf(conversationId: string): Promise<StoredHandoff | null> {
    const [row] = await withDeadline(lastHandoffs(sql as unknown as TransactionSql, [conversationId]))
    return row ?? null
  }

  /** Those waiting in the order of the queue; others newest first. */
  async function list(filter: {
    status: Handoff['status']
    agentId: string | null
    ids: string[] | null
    page: number
    page_size: number
  }): Promise<{ rows: ListedHandoff[]; total: number }> {
    const which = filter.ids ? sql`id = any(${filter.ids}::uuid[])` : sql`status = ${filter.status}`
    const chosen = where(sql, [
      which,
      sql`conversation_id is not null`,
      filter.agentId && sql`agent_id = ${filter.agentId}`,
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
        sql<StoredAgent[]>`${agentRows} where a.changed_in >= ${since}::text::xid8`,
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
        sql<StoredAgent[]>`${agentRows}`,
        sql<StoredHandoff[]>`
          select ${columns} from handoffs where status = 'resolved' and accepted_at is not null
          order by ended_at desc limit ${handled}`,
      ]),
    )
    return { horizon, handoffs: [...ended.reverse(), ...handoffs], agents: [...agents] }
  }

  const agentRows = sql`
    select a.person_id as id, p.name, a.avatar_url, a.chosen, a.connected, a.capacity, a.assigned_at
    from agents a join people p on p.id = a.person_id`

  async function findAgent(id: string): Promise<StoredAgent | null> {
    const [row] = await withDeadline(sql<StoredAgent[]>`${agentRows} where a.person_id = ${id} and p.active`)
    return row ?? null
  }

  /** Makes sure that somebody of the staff has a row among the agents. */
  async function ensureAgent(id: string): Promise<void> {
    await withDeadline(sql`
      insert into agents (person_id) select id from people
      where id = ${id} and active and role in ('agent', 'admin', 'super_admin') on conflict do nothing`)
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
    return database.transaction(async inner => {
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

  /** Conversations of agents who were there after taking them, and are gone. */
  async function abandoned({ nodeId, seconds }: Observer, limit: number): Promise<StoredHandoff[]> {
    return withDeadline(sql<StoredHandoff[]>`
      select ${columns} from handoffs where status = 'active' and (
        select max(until) between handoffs.accepted_at and now() from agent_leases l where l.person_id = handoffs.agent_id)
        and ${mayJudge(sql, nodeId, seconds)}
      order by accepted_at limit ${limit}`)
  }

  /** Those whose time has come, with the database's time: while it was away nobody could do what would have kept them. */
  async function dueHandoffs(
    { nodeId, seconds }: Observer,
    limit: number,
  ): Promise<(StoredHandoff & { at: string })[]> {
    return withDeadline(sql<(StoredHandoff & { at: string })[]>`
      select ${columns}, now() as at from handoffs where status in ('pending', 'active') and due_at <= now()
        and ${mayJudge(sql, nodeId, seconds)}
      order by due_at limit ${limit}`)
  }

  /** Since when the visitor waits for a word of the agent who took it; null when they do not. */
  async function unansweredSince({ conversation_id, accepted_at }: StoredHandoff): Promise<string | null> {
    const [row] = await withDeadline(sql<{ answered: boolean; since: string | null }[]>`
      with taken as (select * from messages where conversation_id = ${conversation_id} and created_at >= ${accepted_at}),
        last as (select max(seq) as seq from taken where role = 'agent')
      select last.seq is not null as answered,
        (select min(created_at) from taken where role = 'user' and seq > last.seq) as since from last`)
    return row!.answered ? row!.since : accepted_at
  }

  /** Notes what was warned of and when to look again, unless it has changed meanwhile: false. */
  async function reschedule(
    { id, status, due_at }: StoredHandoff,
    next: Pick<StoredHandoff, 'warned' | 'due_at'>,
  ): Promise<boolean> {
    const rows = await withDeadline(sql`
      update handoffs set warned = ${sql.json(next.warned)}, due_at = ${next.due_at}
      where id = ${id} and status = ${status} and due_at = ${due_at} returning id`)
    return rows.length > 0
  }

  async function setSummary(id: string, summary: string): Promise<void> {
    await withDeadline(sql`
      update handoffs set summary = ${summary} where id = ${id} and status in ('pending', 'active')`)
  }

  /** An agent was given a conversation by the routing. */
  async function markAssigned(agentId: string): Promise<void> {
    await withDeadline(sql`update agents set assigned_at = now() where person_id = ${agentId}`)
  }

  return {
    find,
    lastOf,
    list,
    changesSince,
    present,
    findAgent,
    ensureAgent,
    setPresence,
    connect,
    disconnectExpired,
    abandoned,
    dueHandoffs,
    unansweredSince,
    reschedule,
    setSummary,
    markAssigned,
  }
}

/** Per conversation the present handoff, or the last. */
export function lastHandoffs(sql: TransactionSql, conversationIds: string[]) {
  return sql<StoredHandoff[]>`
    select ${sql.unsafe(columnList(handoffRow.all, 'h'))} from unnest(${conversationIds}::uuid[]) as c(id) cross join lateral (
      select * from handoffs where conversation_id = c.id order by created_at desc, id desc limit 1) h`
}

interface HandoffNeed {
  conversation_id: string
  /** The change may put the conversation's visitor into the queue: nobody else gives them a place meanwhile. */
  queues?: boolean
}

interface SeenHandoffs {
  /** By conversation: the present one, or the last. */
  last: Map<string, StoredHandoff>
  /** By person: one in which they wait, in whichever conversation. */
  pending: Map<string, StoredHandoff>
}

export const handoffParticipant: Participant<HandoffNeed, SeenHandoffs, StoredHandoff> = {
  async lock(sql, needs) {
    const ids = needs.map(({ conversation_id }) => conversation_id)
    const queueing = needs.flatMap(({ conversation_id, queues }) => (queues ? conversation_id : []))
    const [last, pending] = await Promise.all([
      lastHandoffs(sql, [...new Set(ids)]),
      queueing.length > 0 ? lockPending(sql, queueing) : [],
    ])
    return {
      last: new Map(last.map(row => [row.conversation_id!, row])),
      pending: new Map(pending.map(({ person_id, ...row }) => [person_id, row])),
    }
  },
  unseen: () => ({ last: new Map(), pending: new Map() }),
  stage({ last, pending }, head, row) {
    last.set(head.id, row)
    if (row.status === 'pending') pending.set(head.person_id, row)
    else if (pending.get(head.person_id)?.id === row.id) pending.delete(head.person_id)
  },
  write: (sql, rows) => writeHandoffs(sql, lastOfEach(rows)),
}

/** Those in which the visitors of these conversations wait. */
async function lockPending(
  sql: TransactionSql,
  conversationIds: string[],
): Promise<(StoredHandoff & { person_id: string })[]> {
  const people = sql`select person_id from conversations where id = any(${conversationIds}::uuid[])`
  const [, rows] = await Promise.all([
    // In one order everywhere, so that two nodes cannot wait for each other; the next statement sees what the lock settled.
    sql`
      select pg_advisory_xact_lock(hashtextextended(person_id::text, 0))
      from (select distinct person_id from (${people}) as p order by person_id) as p`,
    sql<(StoredHandoff & { person_id: string })[]>`
      select c.person_id, ${sql.unsafe(columnList(handoffRow.all, 'h'))} from handoffs h join conversations c on c.id = h.conversation_id
      where c.person_id in (${people}) and h.status = 'pending'`,
  ])
  return [...rows]
}

const inserts = handoffRow.rows(handoffRow.all)
const changed = handoffRow.names('changed')

/**
 * Those begun are inserted, the others updated: `on conflict` would see none where the row is just being updated from
 * elsewhere (a summary comes without the conversation's lock), and fail on the second of the table's unique indexes.
 */
async function writeHandoffs(sql: TransactionSql, rows: StoredHandoff[]): Promise<void> {
  const list = sql.unsafe(inserts.list)
  await sql`
    with x as (select * from ${inserts.of(sql, rows)}),
      updated as (
        update handoffs h set ${sql.unsafe(assignments(changed))} from x where h.id = x.id returning h.id)
    insert into handoffs (${list}) select ${list} from x where id not in (select id from updated)`
}
