import { viewCountMax } from '#protocol/core/limits'
import { type ViewName, viewNames } from '#protocol/desk/view'
import type { ConversationRow } from '../chat/conversation.ts'
import { inScope, type Scope } from '../chat/scope.ts'
import { columnList } from '../engine/columns.ts'
import type { Database } from '../engine/transaction.ts'
import { type Condition, where } from '../engine/where.ts'
import { handoffRow, type StoredHandoff } from './handoff.ts'

/** Where a page ends: in the queue by priority and time, elsewhere by the ten minutes of the last change. */
export interface ViewPlace {
  priority: number | null
  at: string
  id: string
}

export interface ViewRow {
  head: ConversationRow
  handoff: StoredHandoff | null
  preview: string | null
  place: ViewPlace
}

/** What is asked of a view. */
export interface ViewPage {
  view: ViewName
  tag?: string | undefined
  /** Where the page before ended. */
  after: ViewPlace | null
  limit: number
}

/** Who looks: what they see, and who is of a team with them. */
export interface ViewReader {
  personId: string
  scope: Scope | null
  teamIds: readonly string[]
  colleagueIds: readonly string[]
}

export type ViewStorage = ReturnType<typeof viewStorage>

const previewLength = 200

/** Conversations as the desk looks at them: each view is one statement over an index, whatever else is stored. */
export function viewStorage({ sql, withDeadline }: Database) {
  const handoffColumns = sql.unsafe(columnList(handoffRow.all, 'h'))

  /** What makes a conversation `c` one of the view. */
  function conditionOf(view: ViewName, { personId, teamIds, colleagueIds }: ViewReader): Condition {
    const people = view === 'mine' ? [personId] : [...new Set([personId, ...colleagueIds])]
    const conditions: Record<ViewName, Condition> = {
      waiting: sql`c.mode = 'queued'`,
      mine: sql`c.mode = 'human' and c.snoozed_at is null and c.agent_id = any(${people}::uuid[])`,
      snoozed: sql`c.snoozed_at is not null`,
      team: sql`c.mode = 'human' and c.snoozed_at is null and (c.agent_id = any(${people}::uuid[]) or c.team_id = any(${teamIds as string[]}::uuid[]))`,
      ai: sql`c.mode = 'ai' and c.status = 'open' and c.changed_about >= date_bin('10 minutes', now() - interval '30 minutes', timestamptz '2000-01-01 00:00:00+00')`,
      all: sql`true`,
      ended: sql`c.mode = 'ai' and (c.epoch > 0 or c.status = 'closed')`,
    }
    return conditions[view]
  }

  async function list(page: ViewPage, reader: ViewReader): Promise<ViewRow[]> {
    const rows = await withDeadline(page.view === 'waiting' ? waiting(page, reader) : byChange(page, reader))
    const ids = rows.map(({ id }) => id)
    if (ids.length === 0) return []
    const [handoffs, previews] = await withDeadline(
      Promise.all([
        sql<StoredHandoff[]>`
          select ${handoffColumns} from unnest(${ids}::uuid[]) as c(id) cross join lateral (
            select * from handoffs where conversation_id = c.id order by created_at desc, id desc limit 1) h`,
        sql<{ id: string; preview: string }[]>`
          select c.id, m.preview from unnest(${ids}::uuid[]) as c(id) cross join lateral (
            select left(content, ${previewLength}) as preview from messages
            where conversation_id = c.id and role = 'user' order by seq desc limit 1) m`,
      ]),
    )
    const handoffOf = new Map(handoffs.map(row => [row.conversation_id, row]))
    const previewOf = new Map(previews.map(({ id, preview }) => [id, preview]))
    return rows.map(({ priority, at, ...head }) => ({
      head,
      handoff: handoffOf.get(head.id) ?? null,
      preview: previewOf.get(head.id) ?? null,
      place: { priority, at, id: head.id },
    }))
  }

  type Placed = ConversationRow & Pick<ViewPlace, 'priority' | 'at'>

  function waiting({ tag, after, limit }: ViewPage, { scope }: ViewReader) {
    return sql<Placed[]>`
      select c.*, h.priority, h.created_at as at from handoffs h join conversations c on c.id = h.conversation_id
      ${where(sql, [
        sql`h.status = 'pending'`,
        inScope(sql, scope, 'c'),
        tag && sql`h.tags @> ${sql.json([tag])}`,
        after &&
          sql`(-h.priority, h.created_at, c.id) > (${-(after.priority ?? 0)}, ${after.at}::text::timestamptz, ${after.id})`,
      ])}
      order by h.priority desc, h.created_at, c.id limit ${limit}`
  }

  /** By its present handoff, or the last. Those that have the tag are few: they are looked up first. */
  function isTagged(tag: string): Condition {
    return sql`c.id in (
      select h.conversation_id from handoffs h where h.tags @> ${sql.json([tag])} and not exists (
        select 1 from handoffs later where later.conversation_id = h.conversation_id and later.created_at > h.created_at))`
  }

  function byChange({ view, tag, after, limit }: ViewPage, reader: ViewReader) {
    return sql<Placed[]>`
      select c.*, null::int as priority, c.changed_about as at from conversations c
      ${where(sql, [
        conditionOf(view, reader),
        inScope(sql, reader.scope, 'c'),
        tag && isTagged(tag),
        after && sql`(c.changed_about, c.id) < (${after.at}::text::timestamptz, ${after.id})`,
      ])}
      order by c.changed_about desc, c.id desc limit ${limit}`
  }

  /** Of each view, up to `viewCountMax`. */
  async function counts(reader: ViewReader): Promise<Record<ViewName, number>> {
    const counted = await withDeadline(
      Promise.all(
        viewNames.map(
          view => sql<{ count: number }[]>`
            select count(*) as count from (select 1 from conversations c
            ${where(sql, [conditionOf(view, reader), inScope(sql, reader.scope, 'c')])}
            limit ${viewCountMax}) c`,
        ),
      ),
    )
    return Object.fromEntries(viewNames.map((view, index) => [view, counted[index]![0]!.count])) as Record<
      ViewName,
      number
    >
  }

  return { list, counts }
}
