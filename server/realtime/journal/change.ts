import { hash } from 'node:crypto'
import type { StoredMessage } from '#storage/chat/message'
import type { Actor } from '#storage/identity/audit'
import type { Needs } from '#storage/realtime/participants'
import type { Draft } from './draft.ts'

/** Law D2: who writes, under which key, and what; `fingerprint` tells the same input from another. */
export interface Sender {
  id: string
  key: string
  fingerprint: string
}

export interface Change<T> {
  conversationId: string
  /** A message the decision needs to see as it is stored. */
  messageId?: string
  /** That message, where this node began it and nobody else changes it without changing its conversation. */
  message?: StoredMessage
  /** The decision needs the answer being written. */
  reply?: boolean
  /** What the decision needs to see of who takes part in the transaction. */
  needs?: Needs
  sender?: Sender
  /** For the audit log; the server itself where nobody asked. */
  actor?: Actor
  /** Runs with everything locked and must not wait. Throwing refuses the change and leaves no trace. */
  decide(draft: Draft): T
  /** The answer to a repeat: made from the event that was written under the key, the change's first unless it chose. */
  onDuplicate?(payload: Record<string, unknown>): T
}

export function fingerprintOf(...parts: unknown[]): string {
  return hash('sha256', JSON.stringify(parts), 'base64')
}
