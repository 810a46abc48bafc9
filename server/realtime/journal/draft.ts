import type { DurableEventName, EventPayload, Message } from '#protocol'
import type { ConversationRow } from '#storage/chat/conversation'
import type { StoredMessage } from '#storage/chat/message'
import type { Actor } from '#storage/identity/audit'
import type { StoredEvent } from '#storage/realtime/events'
import type { Locked } from '#storage/realtime/journal'
import type { ParticipantName, Seen, Staged } from '#storage/realtime/participants'
import { serverActor } from '../../core/call.ts'
import { newId } from '../../core/ids.ts'

type NewMessage = Pick<StoredMessage, 'role' | 'content' | 'status'> &
  Partial<
    Pick<
      StoredMessage,
      | 'id'
      | 'key'
      | 'author'
      | 'in_reply_to'
      | 'asked'
      | 'attachments'
      | 'degraded'
      | 'action'
      | 'voice'
      | 'branch'
    >
  >

/** One change being decided: a copy of the conversation as it will be, and what will be told of it. */
export class Draft {
  readonly head: ConversationRow
  readonly message: StoredMessage | undefined
  /** The database's time; within a conversation it goes forward as seq does. */
  readonly at: string
  readonly events: StoredEvent[] = []
  readonly inserted: StoredMessage[] = []
  readonly updated: StoredMessage[] = []
  /** Where the change asked for it: the answer being written. */
  reply: StoredMessage | undefined
  /** What the change asked to see of who takes part in the transaction, and what it wants written there. */
  readonly seen: Seen
  readonly staged: Staged = {}
  actor: Actor = serverActor
  /** Which event answers a repeat. */
  resultAt = 0

  constructor(
    head: ConversationRow,
    message: StoredMessage | undefined,
    { at, seen }: Pick<Locked, 'at' | 'seen'>,
  ) {
    this.head = { ...head }
    this.message = message
    this.at = notBefore(head.updated_at, at)
    this.seen = seen
  }

  /** Has `row` written in the same transaction. */
  stage<K extends ParticipantName>(name: K, row: NonNullable<Staged[K]>[number]): void {
    addStaged(this.staged, { [name]: [row] })
  }

  /** Adds a message to the conversation. */
  addMessage(fields: NewMessage): StoredMessage {
    const message: StoredMessage = {
      id: newId(),
      key: null,
      author: null,
      in_reply_to: null,
      asked: null,
      feedback_comment: null,
      attachments: [],
      degraded: false,
      action: null,
      voice: null,
      branch: null,
      heard_text: null,
      edited_at: null,
      removed: null,
      ...fields,
      conversation_id: this.head.id,
      seq: this.head.seq + 1,
      epoch: this.head.epoch,
      references: [],
      usage: null,
      memories_used: [],
      error: null,
      feedback: null,
      created_at: this.at,
      updated_at: this.at,
    }
    this.head.message_count += 1
    this.head.last_message_at = this.at
    this.inserted.push(message)
    this.emit('message:created', { message: toWire(message) })
    return message
  }

  /** Changes a message that was there before. */
  updateMessage(message: StoredMessage, fields: Partial<StoredMessage>): StoredMessage {
    const updated = { ...message, ...fields, updated_at: this.at }
    this.updated.push(updated)
    this.emit('message:updated', { message: toWire(updated) })
    return updated
  }

  /** Takes the next seq for an event. */
  emit<E extends DurableEventName>(
    event: E,
    payload: Omit<EventPayload<E>, 'conversation_id' | 'seq'>,
  ): void {
    this.head.seq += 1
    this.head.updated_at = this.at
    const { id: conversation_id, seq } = this.head
    this.events.push({
      conversation_id,
      seq,
      event,
      payload: { conversation_id, seq, ...payload },
      sender_id: null,
      key: null,
      fingerprint: null,
    })
  }
}

/** More than this is no difference between two readings of one clock: the clock was wrong and was set right. */
const clockSkewMaxMs = 10_000

/**
 * `at`, or the conversation's last change where that is a little later: a transaction knows the time of its own start, and a
 * node goes by what it reckons the database's clock to say.
 */
function notBefore(lastAt: string, at: string): string {
  if (lastAt <= at) return at
  return Date.parse(lastAt) - Date.parse(at) < clockSkewMaxMs ? lastAt : at
}

/** Adds what one change wants written to what others do. */
export function addStaged(to: Staged, added: Staged): void {
  for (const name of Object.keys(added) as ParticipantName[])
    Object.assign(to, { [name]: [...(to[name] ?? []), ...added[name]!] })
}

/** Without what only the row needs. */
export function toWire({ epoch: _epoch, asked: _asked, ...message }: StoredMessage): Message {
  return message
}
