import { batched } from '../engine/batch.ts'
import type { Database } from '../engine/transaction.ts'

export interface StoredEvent {
  conversation_id: string
  seq: number
  event: string
  payload: Record<string, unknown>
  sender_id: string | null
  key: string | null
  fingerprint: string | null
}

export type EventStorage = ReturnType<typeof eventStorage>

/** The log of events that the journal writes, as readers catch up on it. */
export function eventStorage({ sql, withDeadline }: Database) {
  /** At most `limit` events after `seq`, ascending: gap-free by law D3. */
  const after = batched(async (positions: { conversation_id: string; seq: number; limit: number }[]) => {
    const numbered = positions.map((place, at) => ({ ...place, at }))
    const rows = await withDeadline(sql<(StoredEvent & { at: number })[]>`
      select p.at, e.* from jsonb_to_recordset(${sql.json(numbered)}) as p(at int, conversation_id uuid, seq bigint, "limit" int)
      cross join lateral (
        select * from events where conversation_id = p.conversation_id and seq > p.seq order by seq limit p.limit) e
      order by p.at, e.seq`)
    const found = positions.map((): StoredEvent[] => [])
    for (const { at, ...event } of rows) found[at]!.push(event)
    return found
  })

  /** At most 200 events after each place, in one statement, each conversation's ascending. */
  async function afterEach(positions: { conversation_id: string; seq: number }[]): Promise<StoredEvent[]> {
    return withDeadline(sql<StoredEvent[]>`
      select e.* from jsonb_to_recordset(${sql.json(positions)}) as p(conversation_id uuid, seq bigint)
      cross join lateral (
        select * from events where conversation_id = p.conversation_id and seq > p.seq order by seq limit 200) e
      order by e.conversation_id, e.seq`)
  }

  return { after, afterEach }
}
