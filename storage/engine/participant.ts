import type { ConversationRow } from '../chat/conversation.ts'
import type { TransactionSql } from './transaction.ts'

/**
 * Takes part in the transaction that commits changes of conversations (`journal.ts`): what must be read and written with
 * them and is not of the conversation's own log.
 */
export interface Participant<Need, Seen, Row> {
  /** Reads what the changes need, locked until the transaction ends. */
  lock(sql: TransactionSql, needs: readonly Need[]): Promise<Seen>
  /** What is seen where no change needs anything. */
  unseen(): Seen
  /** A change of `head` has staged `row`: as later changes of the same transaction see it. */
  stage(seen: Seen, head: ConversationRow, row: Row): void
  /** Writes what was staged; of a row that several changes staged, the last holds. */
  write(sql: TransactionSql, rows: readonly Row[]): Promise<unknown>
}

/** Of rows with the same id the last, since one statement changes a row once. */
export function lastOfEach<Row extends { id: string }>(rows: readonly Row[]): Row[] {
  return [...new Map(rows.map(row => [row.id, row])).values()]
}
