import type { Database } from '../engine/transaction.ts'

export interface AnswerCacheBounds {
  maxAgeMs: number
  maxRows: number
}

export type AnswerCacheStorage = ReturnType<typeof answerCacheStorage>

/** Answers of models by a digest of what they were asked with, for all nodes. */
export function answerCacheStorage({ sql, withDeadline }: Database) {
  return {
    /** Null where there is none so young. */
    async find(key: string, maxAgeMs: number): Promise<string | null> {
      const [row] = await withDeadline(sql<{ content: string }[]>`
        select content from answer_cache
        where key = ${key} and created_at > now() - ${maxAgeMs} * interval '1 millisecond'`)
      return row?.content ?? null
    },

    async save(key: string, content: string): Promise<void> {
      await withDeadline(sql`
        insert into answer_cache (key, content) values (${key}, ${content})
        on conflict (key) do update set content = excluded.content, created_at = now()`)
    },

    /** Removes what is too old, and the oldest beyond so many. */
    async prune({ maxAgeMs, maxRows }: AnswerCacheBounds): Promise<void> {
      await withDeadline(sql`
        delete from answer_cache
        where created_at <= now() - ${maxAgeMs} * interval '1 millisecond'
          or key in (select key from answer_cache order by created_at desc offset ${maxRows})`)
    },
  }
}
