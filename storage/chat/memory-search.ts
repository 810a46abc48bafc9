import type { Memory } from '#protocol/chat/memory'
import { memoriesMax } from '#protocol/core/limits'
import type { Database, Sql } from '../engine/transaction.ts'

export interface FoundMemory
  extends Pick<Memory, 'id' | 'content' | 'use_count' | 'updated_at' | 'last_used_at'> {
  /** By how many of the words, each counted by its rarity. */
  score: number
}

/** Of each word so many memories are looked at, the newest: one that more have tells little. */
const perTermMax = 500
const foundMax = 50

/** Bounded whatever somebody has: of each word a few, of all the best, by indexes alone. */
export function searchStatement(sql: Sql, personId: string, terms: number[]) {
  return sql`
  with found as materialized (
    select memory_id, sum(ln(1 + ${memoriesMax}::float8 / matching)) as score from (
      select h.memory_id, count(*) over (partition by x.term) as matching
      from unnest(${terms}::int[]) as x(term) cross join lateral (
        select memory_id from memory_terms where person_id = ${personId} and term = x.term
        order by memory_id desc limit ${perTermMax}) h) hits
    group by memory_id order by score desc, memory_id desc limit ${foundMax})
  select m.id, m.content, m.use_count, m.updated_at, m.last_used_at, score, top_k
  from memory_settings s cross join found join memories m on m.id = memory_id
  where s.person_id = ${personId} and enabled order by score desc, m.id desc`
}

/** The memories of somebody who lets them be used, by the words of a question, the best first. */
export function createSearch({ sql, withDeadline }: Database) {
  return async function search(
    personId: string,
    terms: number[],
  ): Promise<{ memories: FoundMemory[]; top_k: number }> {
    const rows = await withDeadline(
      sql<(FoundMemory & { top_k: number })[]>`${searchStatement(sql, personId, terms)}`,
    )
    return { memories: rows.map(({ top_k: _, ...memory }) => memory), top_k: rows[0]?.top_k ?? 0 }
  }
}
