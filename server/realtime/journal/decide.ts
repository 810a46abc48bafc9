import { conversationNotFound } from '#protocol'
import type { StoredEvent } from '#storage/realtime/events'
import type { IdempotencyRecord, Locked, Written } from '#storage/realtime/journal'
import { serverActor } from '../../core/call.ts'
import { keyReused } from '../../core/refusals.ts'
import type { Change, Sender } from './change.ts'
import { addStaged, Draft } from './draft.ts'

/** What a change's `decide` came to. */
export type Outcome = { value: unknown } | { error: unknown }

/** Decides changes one after the other, each on what those before it left. */
export function decideAll(
  changes: Change<unknown>[],
  locked: Locked,
): { outcomes: Outcome[]; written: Written } {
  const written: Written = {
    heads: [],
    inserted: [],
    updated: [],
    events: [],
    staged: {},
  }
  const changed = new Set<string>()
  const outcomes = changes.map((change): Outcome => {
    try {
      const head = locked.heads.get(change.conversationId)
      if (!head) throw conversationNotFound()
      const duplicate =
        change.sender &&
        findDuplicate(change.sender, change.conversationId, locked.idempotencyRecords, written.events)
      if (duplicate) return { value: answerDuplicate(change, duplicate) }
      const draft = new Draft(head, locked.messages.get(change.messageId ?? ''), locked)
      draft.actor = change.actor ?? serverActor
      draft.reply = locked.messages.get(head.reply_id ?? '')
      const value = change.decide(draft)
      applyDraft(draft, change.sender, { locked, written, changed })
      return { value }
    } catch (error) {
      return { error }
    }
  })
  written.heads = [...changed].map(id => locked.heads.get(id)!)
  // Of a message that several changed, the last: a statement changes a row once.
  written.updated = [...new Map(written.updated.map(message => [message.id, message])).values()]
  return { outcomes, written }
}

function applyDraft(
  draft: Draft,
  sender: Sender | undefined,
  { locked, written, changed }: { locked: Locked; written: Written; changed: Set<string> },
): void {
  if (draft.events.length > 0) {
    locked.heads.set(draft.head.id, draft.head)
    changed.add(draft.head.id)
  }
  for (const message of [...draft.inserted, ...draft.updated]) locked.messages.set(message.id, message)
  locked.stage(draft.head, draft.staged)
  addStaged(written.staged, draft.staged)
  written.inserted.push(...draft.inserted)
  written.updated.push(...draft.updated)
  draft.events.forEach((event, index) => {
    // The key stands on the event whose payload is the first result.
    const signed =
      index === draft.resultAt && sender
        ? { sender_id: sender.id, key: sender.key, fingerprint: sender.fingerprint }
        : {}
    written.events.push({ ...event, ...signed })
  })
}

function findDuplicate(
  { id, key }: Sender,
  conversationId: string,
  stored: IdempotencyRecord[],
  fresh: StoredEvent[],
): IdempotencyRecord | undefined {
  const same = (record: IdempotencyRecord) =>
    record.key === key && record.sender_id === id && record.conversation_id === conversationId
  return stored.find(same) ?? fresh.find(same)
}

function answerDuplicate(change: Change<unknown>, duplicate: IdempotencyRecord): unknown {
  if (duplicate.fingerprint !== change.sender!.fingerprint || !change.onDuplicate) {
    throw keyReused()
  }
  return change.onDuplicate(duplicate.payload)
}
