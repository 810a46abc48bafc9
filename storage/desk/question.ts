import type { Database } from '../engine/transaction.ts'

/** A question that was answered without a source. */
export interface UnansweredRow {
  conversation_id: string
  question: string
  at: string
}

/** What visitors asked and no source answered. */
export function questionStorage({ sql, withDeadline }: Database) {
  /** Newest first. */
  async function unanswered(since: number, limit: number): Promise<UnansweredRow[]> {
    return withDeadline(sql<UnansweredRow[]>`
      select a.conversation_id, q.content as question, a.created_at as at
      from messages a join messages q on q.id = a.in_reply_to
      where a.role = 'assistant' and a.status = 'complete' and a.sources = '[]'
        and a.created_at >= ${new Date(since).toISOString()}::text::timestamptz
      order by a.created_at desc limit ${limit}`)
  }

  return { unanswered }
}
