import type postgres from 'postgres'
import type { AnySql } from './transaction.ts'

export type Condition = postgres.PendingQuery<postgres.Row[]>

/**
 * `where` with the conditions that are asked for. Left out rather than `$1 is null or …`: a plan is made once for each
 * statement (`plan_cache_mode`), and could then use no index.
 */
export function where(sql: AnySql, conditions: (Condition | false | null | undefined | '')[]) {
  const applied = conditions.filter(condition => condition instanceof Object)
  return applied.length > 0 ? sql`where ${applied.reduce((all, each) => sql`${all} and ${each}`)}` : sql``
}

/** The pattern of `like` that finds `text` wherever it stands, as it is written. */
export function containing(text: string): string {
  return `%${text.replaceAll(/[\\%_]/g, '\\$&')}%`
}
