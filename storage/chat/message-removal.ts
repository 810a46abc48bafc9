import type { Participant } from '../engine/participant.ts'
import type { TransactionSql } from '../engine/transaction.ts'
import { forgetUses } from './memory.ts'
import type { StoredMessage } from './message.ts'

/** A message whose words are removed, and by whom: who said it, or an administrator. */
export interface Removal {
  message: StoredMessage
  removed: NonNullable<StoredMessage['removed']>
  /** What is left of them in the message. */
  words: Readonly<Record<string, string | null | never[]>>
}

/** In the transaction that removes them from the message itself: from everywhere else. */
export const removalParticipant: Participant<never, null, Removal> = {
  lock: async () => null,
  unseen: () => null,
  stage() {},
  write: (sql, removals) =>
    Promise.all(
      removals.flatMap(removal => [
        removeFromLog(sql, removal),
        sql`delete from uploads where message_id = ${removal.message.id}`,
        sql`delete from message_terms where message_id = ${removal.message.id}`,
        sql`delete from question_signals where message_id = ${removal.message.id}`,
        sql`delete from evaluation_cases where message_id = ${removal.message.id}`,
        removal.removed === 'redacted' && removeTraces(sql, removal.message),
      ]),
    ),
}

/** Replay equals a fresh read (law D4). A digest of the words goes too: short ones could be guessed from it. */
async function removeFromLog(sql: TransactionSql, { message, removed, words }: Removal): Promise<void> {
  const { id, conversation_id, seq } = message
  await sql`
    update events set fingerprint = case when ${removed === 'redacted'} then null else fingerprint end,
      payload = jsonb_set(payload::jsonb, '{message}',
        (payload::jsonb -> 'message') || ${sql.json({ ...words, removed })}::jsonb)::json
    where conversation_id = ${conversation_id} and seq >= ${seq} and payload #>> '{message,id}' = ${id}`
  await sql`
    update events set payload = jsonb_set(payload::jsonb, '{text}', '""')::json
    where conversation_id = ${conversation_id} and event = 'voice:turn' and payload ->> 'message_id' = ${id}`
}

/** What was remembered, summed up, mailed or is to be answered again of it. */
async function removeTraces(sql: TransactionSql, message: StoredMessage): Promise<void> {
  const { id, conversation_id, created_at, seq } = message
  await removeMemories(sql, id)
  await sql`delete from answer_cache`
  await sql`
    update handoffs set reason = null, summary = null
    where conversation_id = ${conversation_id} and (ended_at is null or ended_at >= ${created_at})`
  await sql`
    update events set payload = jsonb_set(payload::jsonb, '{handoff}',
      (payload::jsonb -> 'handoff') || '{"reason": null, "summary": null}'::jsonb)::json
    where conversation_id = ${conversation_id} and seq >= ${seq} and event = 'handoff:changed'`
  await sql`delete from outbox where conversation_id = ${conversation_id} and created_at >= ${created_at} and status = 'queued'`
  await sql`update outbox set body = null where conversation_id = ${conversation_id} and created_at >= ${created_at}`
}

async function removeMemories(sql: TransactionSql, messageId: string): Promise<void> {
  await sql`delete from memory_readings where message_id = ${messageId}`
  await sql`delete from memory_versions where source_message_id = ${messageId}`
  const found = await sql<{ id: string; uses: string[] }[]>`
    select id, array(select message_id::text from memory_uses where memory_id = m.id) as uses
    from memories m where source_message_id = ${messageId} for update`
  if (found.length === 0) return
  const ids = found.map(memory => memory.id)
  await forgetUses(
    sql,
    ids,
    found.flatMap(({ uses }) => uses),
  )
  await sql`delete from memories where id = any(${ids}::uuid[])`
}
