import type { Settings } from '#protocol/desk/service'
import type { AnySql } from '../engine/transaction.ts'

/** Which conversations one of the staff sees (law O1b). */
export interface Scope {
  personId: string
  visibility: Settings['visibility']
  /** Where they are a member, and who is there with them. */
  teamIds: readonly string[]
  colleagueIds: readonly string[]
}

/** A condition on rows of `conversations` called `alias`; null: every one. `isInScope` says the same of a row that is at hand. */
export function inScope(sql: AnySql, scope: Scope | null, alias = 'conversations') {
  if (!scope || scope.visibility === 'all') return null
  const { personId, visibility, teamIds, colleagueIds } = scope
  const row = sql(alias)
  if (visibility === 'handed_over') return sql`${row}.epoch > 0`
  const people = visibility === 'own' ? [personId] : [personId, ...colleagueIds]
  return sql`(${row}.mode = 'queued' or ${row}.agent_id = any(${people}::uuid[])
    or ${row}.served_by = any(${people}::uuid[]) or ${row}.team_id = any(${teamIds as string[]}::uuid[]))`
}
