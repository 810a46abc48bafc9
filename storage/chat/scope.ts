import type { Settings } from '#protocol/desk/service'
import type { AnySql } from '../engine/transaction.ts'
import type { ConversationRow } from './conversation.ts'

/** Which conversations one of the staff sees (law O1b). */
export interface Scope {
  personId: string
  visibility: Settings['visibility']
  /** Where they are a member, and who is there with them. */
  teamIds: readonly string[]
  colleagueIds: readonly string[]
}

type Seen = Pick<ConversationRow, 'mode' | 'epoch' | 'agent_id' | 'served_by' | 'team_id'>

/** Of a row that is at hand. `inScope` says the same to the database. */
export function isInScope(head: Seen, { personId, visibility, teamIds, colleagueIds }: Scope): boolean {
  const has = (ids: readonly string[], id: string | null) => id !== null && ids.includes(id)
  if (visibility === 'all') return true
  if (visibility === 'handed_over') return head.epoch > 0
  if (head.mode === 'queued' || head.agent_id === personId || head.served_by === personId) return true
  if (visibility === 'own') return false
  return has(teamIds, head.team_id) || has(colleagueIds, head.agent_id) || has(colleagueIds, head.served_by)
}

/** As a condition on rows of `conversations` called `alias`; null: every one. */
export function inScope(sql: AnySql, scope: Scope | null, alias = 'conversations') {
  if (!scope || scope.visibility === 'all') return null
  const { personId, visibility, teamIds, colleagueIds } = scope
  const row = sql(alias)
  if (visibility === 'handed_over') return sql`${row}.epoch > 0`
  const people = visibility === 'own' ? [personId] : [personId, ...colleagueIds]
  return sql`(${row}.mode = 'queued' or ${row}.agent_id = any(${people}::uuid[])
    or ${row}.served_by = any(${people}::uuid[]) or ${row}.team_id = any(${teamIds as string[]}::uuid[]))`
}
