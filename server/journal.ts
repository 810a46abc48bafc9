import { hash } from 'node:crypto'
import {
  conversationNotFound,
  type DurableEventName,
  type EventPayload,
  type Message,
  OperationError,
} from '#protocol'
import type { Actor, AuditEntry } from '#storage/audit'
import type {
  ConversationStorage,
  Head,
  Locked,
  StoredEvent,
  StoredMessage,
  UsedKey,
  Written,
} from '#storage/conversation'
import type { StoredHandoff } from '#storage/handoff'
import { DatabaseUnavailable } from '#storage/transaction'
import { serverActor } from './call.ts'
import { newId } from './ids.ts'
import type { Metrics } from './metrics.ts'

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
  /** The decision needs the conversation's handoff and the answer being written. */
  handoff?: boolean
  sender?: Sender
  /** For the audit log; the server itself where nobody asked. */
  actor?: Actor
  /** Runs with everything locked and must not wait. Throwing refuses the change and leaves no trace. */
  decide(draft: Draft): T
  /** The answer to a repeat: made from the event that was written under the key, the change's first unless it chose. */
  repeated?(payload: Record<string, unknown>): T
}

export interface Journal {
  /** Resolves once committed and told to this node's readers. Rejects with what `decide` threw, or DatabaseUnavailable. */
  append<T>(change: Change<T>): Promise<T>
  /** Resolves when everything begun has ended. */
  idle(): Promise<void>
}

export interface JournalParts {
  storage: Pick<ConversationStorage, 'write'>
  /** Tells the readers of this node: called in the order of seq (law D6). */
  tell(event: StoredEvent): void
  metrics: Pick<Metrics, 'events' | 'messages' | 'batch' | 'watch'>
  /** Whether these were committed is not known. */
  doubt(conversationIds: string[]): void
  /** How many transactions may run side by side. A conversation always goes through the same one. */
  lanes: number
}

export function fingerprintOf(...parts: unknown[]): string {
  return hash('sha256', JSON.stringify(parts), 'base64')
}

interface Entry {
  change: Change<unknown>
  since: number
  resolve(value: unknown): void
  reject(error: unknown): void
}

/** More than this waits for the next transaction: a bound on its size, far above what a busy node gathers in one. */
const batchMax = 256
/** A change is answered within this, also when it waited behind one that the database kept. */
const answerMs = 2000
const leastMs = 300

/**
 * The one path by which a durable change gets its seq, is committed and told (laws D1, D2, D3, D6). What arrives while
 * a transaction runs is committed together by the next one: no waiting is added, and a busy database sees fewer commits.
 */
export function createJournal(parts: JournalParts): Journal {
  const lanes = Array.from({ length: parts.lanes }, () => createLane(parts))
  parts.metrics.watch('parley_journal_waiting', 'Changes that wait for the next transaction', () =>
    lanes.reduce((total, lane) => total + lane.waiting(), 0),
  )
  return {
    append<T>(change: Change<T>): Promise<T> {
      const lane = lanes[laneOf(change.conversationId, lanes.length)]!
      return new Promise<T>((resolve, reject) => {
        lane.add({ change, since: performance.now(), resolve: resolve as Entry['resolve'], reject })
      })
    },
    async idle() {
      await Promise.all(lanes.map(lane => lane.idle()))
    },
  }
}

/** The last hex digits of a UUIDv7 are random. */
function laneOf(conversationId: string, lanes: number): number {
  return Number.parseInt(conversationId.slice(-4), 16) % lanes || 0
}

function createLane(parts: JournalParts) {
  const waiting: Entry[] = []
  let running: Promise<void> | null = null

  async function drain(): Promise<void> {
    while (waiting.length > 0) {
      const batch = waiting.splice(0, batchMax)
      await commit(batch, parts)
    }
    running = null
  }

  return {
    add(entry: Entry) {
      waiting.push(entry)
      running ??= drain()
    },
    idle: () => running ?? Promise.resolve(),
    waiting: () => waiting.length,
  }
}

async function commit(batch: Entry[], parts: JournalParts): Promise<void> {
  let outcomes: Outcome[] = []
  try {
    const waited = performance.now() - Math.min(...batch.map(entry => entry.since))
    const written = await parts.storage.write(
      needsOf(batch),
      locked => {
        const decided = decideAll(batch, locked)
        outcomes = decided.outcomes
        return decided.written
      },
      Math.max(answerMs - waited, leastMs),
    )
    parts.metrics.batch.observe(batch.length)
    for (const { role } of written.inserted) parts.metrics.messages.inc({ role })
    for (const event of written.events) {
      parts.metrics.events.inc({ event: event.event })
      parts.tell(event)
    }
  } catch (error) {
    // One that the database refuses must not take the others with it.
    if (batch.length > 1 && !(error instanceof DatabaseUnavailable)) {
      for (const entry of batch) await commit([entry], parts)
      return
    }
    parts.doubt(batch.map(entry => entry.change.conversationId))
    for (const entry of batch) entry.reject(error)
    return
  }
  batch.forEach((entry, index) => {
    const outcome = outcomes[index]!
    if ('error' in outcome) entry.reject(outcome.error)
    else entry.resolve(outcome.value)
  })
}

function needsOf(batch: Entry[]) {
  const changes = batch.map(entry => entry.change)
  return {
    conversationIds: [...new Set(changes.map(change => change.conversationId))],
    messageIds: changes.flatMap(change => change.messageId ?? []),
    keys: changes.flatMap(({ conversationId, sender }) =>
      sender ? { conversation_id: conversationId, sender_id: sender.id, key: sender.key } : [],
    ),
    handoffIds: [...new Set(changes.flatMap(change => (change.handoff ? change.conversationId : [])))],
  }
}

type Outcome = { value: unknown } | { error: unknown }

function decideAll(batch: Entry[], locked: Locked): { outcomes: Outcome[]; written: Written } {
  const written: Written = { heads: [], inserted: [], updated: [], events: [], handoffs: [], audits: [] }
  const changed = new Set<string>()
  const handoffs = new Map<string, StoredHandoff>()
  const outcomes = batch.map(({ change }): Outcome => {
    try {
      const head = locked.heads.get(change.conversationId)
      if (!head) throw conversationNotFound()
      const earlier =
        change.sender && findUsed(change.sender, change.conversationId, locked.used, written.events)
      if (earlier) return { value: repeat(change, earlier) }
      const draft = new Draft(head, locked.messages.get(change.messageId ?? ''), locked.at)
      draft.actor = change.actor ?? serverActor
      draft.handoff = locked.handoffs.get(head.id)
      draft.reply = locked.messages.get(head.reply_id ?? '')
      const value = change.decide(draft)
      applyDraft(draft, change.sender, { locked, written, changed })
      if (draft.kept) {
        locked.handoffs.set(head.id, draft.kept)
        handoffs.set(draft.kept.id, draft.kept)
      }
      written.audits.push(...draft.audits)
      return { value }
    } catch (error) {
      return { error }
    }
  })
  written.heads = [...changed].map(id => locked.heads.get(id)!)
  // Of a message that several changed, the last: a statement changes a row once.
  written.updated = [...new Map(written.updated.map(message => [message.id, message])).values()]
  written.handoffs = [...handoffs.values()]
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

function findUsed(
  { id, key }: Sender,
  conversationId: string,
  stored: UsedKey[],
  fresh: StoredEvent[],
): UsedKey | undefined {
  const same = (used: UsedKey) =>
    used.key === key && used.sender_id === id && used.conversation_id === conversationId
  return stored.find(same) ?? fresh.find(same)
}

function repeat(change: Change<unknown>, earlier: UsedKey): unknown {
  if (earlier.fingerprint !== change.sender!.fingerprint || !change.repeated) {
    throw new OperationError('CONFLICT', 'This key was used before, for something else.')
  }
  return change.repeated(earlier.payload)
}

type NewMessage = Pick<StoredMessage, 'role' | 'content' | 'status'> &
  Partial<
    Pick<
      StoredMessage,
      'id' | 'key' | 'author' | 'in_reply_to' | 'asked' | 'attachments' | 'degraded' | 'action'
    >
  >

/** One change being decided: a copy of the conversation as it will be, and what will be told of it. */
export class Draft {
  readonly head: Head
  readonly message: StoredMessage | undefined
  /** The database's time. */
  readonly at: string
  readonly events: StoredEvent[] = []
  readonly inserted: StoredMessage[] = []
  readonly updated: StoredMessage[] = []
  /** Where the change asked for them: the present handoff, or the last, and the answer being written. */
  handoff: StoredHandoff | undefined
  reply: StoredMessage | undefined
  /** The handoff as it will be. */
  kept: StoredHandoff | undefined
  actor: Actor = serverActor
  /** Rows for the audit log. */
  readonly audits: AuditEntry[] = []
  /** Which event answers a repeat. */
  resultAt = 0

  constructor(head: Head, message: StoredMessage | undefined, at: string) {
    this.head = { ...head }
    this.message = message
    this.at = at
  }

  /** Adds a message to the conversation. */
  say(fields: NewMessage): StoredMessage {
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
    this.tell('message:created', { message: toWire(message) })
    return message
  }

  /** Changes a message that was there before. */
  revise(message: StoredMessage, fields: Partial<StoredMessage>): StoredMessage {
    const revised = { ...message, ...fields, updated_at: this.at }
    this.updated.push(revised)
    this.tell('message:updated', { message: toWire(revised) })
    return revised
  }

  /** Takes the next seq for an event. */
  tell<E extends DurableEventName>(
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

/** Without what only the row needs. */
export function toWire({
  epoch: _epoch,
  asked: _asked,
  feedback_comment: _comment,
  ...message
}: StoredMessage): Message {
  return message
}
