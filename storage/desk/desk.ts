import type { Database } from '../engine/transaction.ts'
import { cannedStorage } from './canned.ts'
import { noteStorage } from './note.ts'
import { visitorStorage } from './visitor.ts'

export type DeskStorage = ReturnType<typeof deskStorage>

/** What an agent has beside a conversation: notes, replies at hand, and who the visitor is. */
export function deskStorage(database: Database) {
  return { ...noteStorage(database), ...cannedStorage(database), ...visitorStorage(database) }
}
