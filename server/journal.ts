import { hash } from 'node:crypto'
import {
  conversationNotFound,
  type DurableEventName,
  type EventPayload,
  type Message,
  OperationError,
} from '#protocol'
import type { Actor, AuditEntry } from '#storage/audit'
import type { Head, StoredEvent, StoredMessage } from '#storage/conversation'
import type { StoredHandoff } from '#storage/handoff'
import type { JournalStorage, Locked, Step, UsedKey, Written } from '#storage/journal'
import { DatabaseUnavailable } from '#storage/transaction'
import { serverActor } from './call.ts'
import type { Clock } from './clock.ts'
import { createHeads, type Heads } from './heads.ts'
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
  /** That message, where this node began it and nobody else changes it without changing its conversation. */
  message?: StoredMessage
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
  /** A conversation's row as it was just read: the next change to it may be decided from that. */
  know(head: Head): void
  /** The row as this node knows it; another may have changed it since. */
  known(conversationId: string): Head | undefined
  /** Another node changed it: what is known of its row is old. */
  forget(conversationId: string): void
  /** Resolves when everything begun has ended. */
  idle(): Promise<void>
}

export interface JournalParts {
  storage: JournalStorage
  /** The database's time, in milliseconds since the epoch: no node's own clock decides anything. */
  clock: Clock
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
  const heads = createHeads()
  const commit = committer({ ...parts, heads })
  const lanes = Array.from({ length: parts.lanes }, () => createLane(commit))
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
    know: heads.know,
    known: heads.get,
    forget: heads.forget,
    async idle() {
      await Promise.all(lanes.map(lane => lane.idle()))
    },
  }
}

/** The last hex digits of a UUIDv7 are random. */
function laneOf(conversationId: string, lanes: number): number {
  return Number.parseInt(conversationId.slice(-4), 16) % lanes || 0
}

function createLane(commit: (batch: Entry[]) => Promise<void>) {
  const waiting: Entry[] = []
  let running: Promise<void> | null = null

  async function drain(): Promise<void> {
    while (waiting.length > 0) {
      const batch = waiting.splice(0, batchMax)
      await commit(batch)
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

/**
 * Two ways to the same end. Most changes are decided from the conversation's row as this node knows it and committed in one
 * statement, if it is still so (`advance`); what is not known, needs more, or was changed elsewhere is decided under a lock.
 */
function committer(parts: JournalParts & { heads: Heads }) {
  const { storage, heads, clock, metrics, tell, doubt } = parts

  async function commit(batch: Entry[]): Promise<void> {
    const known = new Map(
      batch.map(({ change }) => [change.conversationId, heads.get(change.conversationId)]),
    )
    for (const { change } of batch) if (needsLock(change)) known.delete(change.conversationId)
    const quick = batch.filter(({ change }) => known.get(change.conversationId))
    const others = batch.filter(({ change }) => !known.get(change.conversationId))
    await Promise.all([quick.length > 0 && advance(quick), others.length > 0 && lockAndWrite(others)])
  }

  async function advance(batch: Entry[]): Promise<void> {
    const at = new Date(clock()).toISOString()
    const before = new Map(
      batch.map(({ change }) => [change.conversationId, heads.get(change.conversationId)!]),
    )
    const messages = batch.flatMap(({ change }) => change.message ?? [])
    const { written, outcomes } = decideAll(batch, {
      at,
      heads: new Map(before),
      messages: new Map(messages.map(message => [message.id, message])),
      used: [],
      handoffs: new Map(),
    })
    const steps = written.heads.map(after => ({ before: before.get(after.id)!, after }))
    if (steps.length === 0 || !isAdvance(steps, written)) return lockAndWrite(batch)
    let moved: Set<string>
    try {
      moved = await storage.advance(steps, written, timeLeft(batch))
    } catch (error) {
      if (error instanceof DatabaseUnavailable) return giveUp(batch, error)
      // Most likely a key that was used before: under the lock it is seen whose.
      return lockAndWrite(batch)
    }
    const stands = (id: string) => moved.has(id)
    conclude(batch, outcomes, { written, stands })
    for (const { id } of written.heads) if (!stands(id)) heads.forget(id)
    // What was refused, or changed nothing, was so by what this node knew: the database has the last word.
    const open = batch.filter(
      ({ change }, index) => !stands(change.conversationId) || 'error' in outcomes[index]!,
    )
    if (open.length > 0) await lockAndWrite(open)
  }

  async function lockAndWrite(batch: Entry[]): Promise<void> {
    let outcomes: Outcome[] = []
    try {
      const written = await storage.write(
        needsOf(batch),
        locked => {
          const decided = decideAll(batch, locked)
          outcomes = decided.outcomes
          return decided.written
        },
        timeLeft(batch),
      )
      conclude(batch, outcomes, { written, stands: () => true })
      batch.forEach((entry, index) => {
        const outcome = outcomes[index]!
        if ('error' in outcome) entry.reject(outcome.error)
      })
    } catch (error) {
      if (batch.length === 1 || error instanceof DatabaseUnavailable) return giveUp(batch, error)
      // One that the database refuses must not take the others with it.
      for (const entry of batch) await lockAndWrite([entry])
    }
  }

  /** Committed: this node's readers are told, then who asked. */
  function conclude(
    batch: Entry[],
    outcomes: Outcome[],
    { written, stands }: { written: Written; stands(conversationId: string): boolean },
  ): void {
    metrics.batch.observe(batch.length)
    for (const { role, conversation_id } of written.inserted)
      if (stands(conversation_id)) metrics.messages.inc({ role })
    for (const head of written.heads) if (stands(head.id)) heads.know(head)
    for (const event of written.events) {
      if (!stands(event.conversation_id)) continue
      metrics.events.inc({ event: event.event })
      tell(event)
    }
    batch.forEach((entry, index) => {
      if (!stands(entry.change.conversationId)) return
      const outcome = outcomes[index]!
      if ('value' in outcome) entry.resolve(outcome.value)
    })
  }

  /** Nobody knows whether it was committed. */
  function giveUp(batch: Entry[], error: unknown): void {
    const ids = batch.map(({ change }) => change.conversationId)
    ids.forEach(heads.forget)
    doubt(ids)
    for (const entry of batch) entry.reject(error)
  }

  return commit
}

function timeLeft(batch: Entry[]): number {
  const waited = performance.now() - Math.min(...batch.map(entry => entry.since))
  return Math.max(answerMs - waited, leastMs)
}

function needsLock({ handoff, messageId, message }: Change<unknown>): boolean {
  return Boolean(handoff) || (messageId !== undefined && message === undefined)
}

/** Nothing but a longer log: what else a change may write is written under the lock. */
function isAdvance(steps: Step[], { inserted, updated, handoffs, audits }: Written): boolean {
  const fresh = new Set(inserted.map(({ id }) => id))
  return (
    handoffs.length + audits.length === 0 &&
    !updated.some(({ id }) => fresh.has(id)) &&
    steps.every(({ before, after }) => settled.every(field => before[field] === after[field]))
  )
}

const settled = [
  'title',
  'mode',
  'status',
  'language',
  'context',
  'metadata',
  'staff_metadata',
  'provider_id',
  'model',
  'epoch',
  'agent_id',
] as const satisfies readonly (keyof Head)[]

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
