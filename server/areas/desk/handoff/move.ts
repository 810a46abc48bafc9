import { type Handoff, OperationError, priorities } from '#protocol'
import type { Settings } from '#protocol/desk/service'
import type { StoredMessage } from '#storage/chat/message'
import type { StoredHandoff } from '#storage/desk/handoff'
import { newId } from '../../../core/ids.ts'
import type { Draft } from '../../../realtime/journal/draft.ts'
import { maskAny } from '../../../security/masking.ts'
import { deadlinesOf, nextDeadline, overdueOf } from './deadlines.ts'
import { type Event, owners, type State, transitions } from './machine.ts'
import { estimateMs, type Queue } from './queue.ts'

export interface MoveParts {
  queue: Queue
  settings(): Settings
  /** HANDOFF_TIMEOUT_S. */
  waitLimitS: number
  /** A takeover is decided: what readers were given of the answer being written, and nothing more follows from here. */
  pauseDelivery(
    reply: StoredMessage,
  ): Pick<StoredMessage, 'content' | 'references'> & Partial<Pick<StoredMessage, 'usage'>>
  /** The AI owns the conversation again: the beginning of the answer to what was left unanswered. */
  resumeReply(draft: Draft): StoredMessage | null
}

export interface Move {
  event: Event
  /** What the new state brings along. */
  fields?: Partial<StoredHandoff>
  /** A sentence for the visitor; a message that it answers. */
  notice?: string
  inReplyTo?: string
  /** Back with the AI: whether it answers what was left unanswered. */
  resume?: boolean
}

export interface Moved {
  handoff: Handoff
  /** An answer begun by it, to be written after the commit. */
  reply: StoredMessage | null
}

/**
 * One step of the machine, within one change of the conversation (laws O1, O3): ends a running answer where an agent
 * takes over, raises the epoch, and tells. Where nothing is left to do, the handoff as it is.
 * @throws OperationError CONFLICT, with the handoff as it is
 */
export function move(
  draft: Draft,
  { event, fields, notice, inReplyTo, resume }: Move,
  parts: MoveParts,
): Moved {
  const present = presentHandoff(draft)
  const state: State = present?.status ?? 'none'
  const step = transitions[state][event]
  if (step === 'refuse') throw conflict(present, parts.queue)
  if (step === 'same') {
    if (!present) throw conflict(undefined, parts.queue)
    return { handoff: toHandoff(present, parts.queue), reply: null }
  }
  const status = step === 'begin' ? 'pending' : step === 'begin_active' ? 'active' : step
  const isNew = step === 'begin' || step === 'begin_active'
  const before = isNew ? newHandoff(draft, parts.settings()) : present!
  const row: StoredHandoff = { ...before, ...timesOf(draft.at, status, before), status, ...fields }
  row.due_at = dueAfter(row, before, draft.at, parts)
  const { head } = draft
  if (status === 'active' && draft.reply?.status === 'streaming') {
    draft.updateMessage(draft.reply, { ...parts.pauseDelivery(draft.reply), status: 'stopped' })
    head.reply_id = null
    head.unanswered_id ??= draft.reply.in_reply_to
  }
  head.mode = owners[status]
  head.agent_id = status === 'active' ? row.agent_id : null
  head.served_by = head.agent_id ?? head.served_by
  head.team_id = row.team_id
  head.epoch += 1
  head.snoozed_at = null
  head.snoozed_until = null
  stageHandoff(draft, row)
  draft.stage('audit', {
    actor: draft.actor,
    scope: 'handoff',
    action: `handoff:${event}`,
    subject: row.id,
    before: isNew ? null : { status: state, agent_id: before.agent_id },
    after: { status, agent_id: row.agent_id },
  })
  draft.resultAt = draft.events.length
  const handoff = toHandoff(row, parts.queue)
  draft.emit('handoff:changed', { handoff, mode: head.mode, epoch: head.epoch, at: draft.at })
  if (notice)
    draft.addMessage({ role: 'system', content: notice, status: 'complete', in_reply_to: inReplyTo ?? null })
  return { handoff, reply: head.mode === 'ai' ? resumeUnanswered(draft, resume ?? false, parts) : null }
}

/** The conversation's present handoff, or the last: as this change leaves it. */
export function presentHandoff(draft: Draft): StoredHandoff | undefined {
  return stagedHandoff(draft) ?? draft.seen.handoff.last.get(draft.head.id)
}

/** The handoff that this change writes. */
export function stagedHandoff(draft: Draft): StoredHandoff | undefined {
  return draft.staged.handoff?.at(-1)
}

/** The handoff as the next event tells it. */
export function stageHandoff(draft: Draft, row: StoredHandoff): void {
  row.seq = draft.head.seq + 1
  draft.stage('handoff', row)
}

function resumeUnanswered(draft: Draft, resume: boolean, parts: MoveParts): StoredMessage | null {
  if (resume) return parts.resumeReply(draft)
  draft.head.unanswered_id = null
  return null
}

function newHandoff({ head, at }: Draft, settings: Settings): StoredHandoff {
  return {
    id: newId(),
    conversation_id: head.id,
    seq: head.seq,
    status: 'pending',
    cause: 'request',
    reason: null,
    summary: null,
    priority: rank(settings.priorities.initial),
    team_id: null,
    agent_id: null,
    tags: [],
    note: null,
    rating: null,
    rating_comment: null,
    created_at: at,
    queued_at: at,
    accepted_at: null,
    first_accepted_at: null,
    ended_at: null,
    due_at: null,
    warned: [],
    answers: null,
  }
}

/** Where somebody had it before, what they and the visitor said decides: it is looked at. */
function dueAfter(row: StoredHandoff, before: StoredHandoff, at: string, parts: MoveParts): string | null {
  if (row.ended_at !== null) return null
  if (before.first_accepted_at !== null) return at
  const silent = row.status === 'active' ? at : null
  const answers = { seq: 0, answered: false, unanswered: null, silent, resting: null, rests: [] }
  return nextDeadline(deadlinesOf(row, answers, at, { ...parts, settings: parts.settings() }))
}

function timesOf(at: string, status: Handoff['status'], before: StoredHandoff): Partial<StoredHandoff> {
  const warned = overdueOf(before.warned)
  if (status === 'pending') return { queued_at: at, accepted_at: null, agent_id: null, warned }
  if (status === 'active')
    return { accepted_at: at, first_accepted_at: before.first_accepted_at ?? at, warned }
  return { ended_at: at }
}

/** As everybody on the desk may see it in a list. */
export function maskHandoff<H extends Handoff>(handoff: H): H {
  const { reason, summary, rating_comment = null } = handoff
  return {
    ...handoff,
    reason: maskAny(reason),
    summary: maskAny(summary),
    rating_comment: maskAny(rating_comment),
  }
}

/** As staff see it. */
export function toHandoff(row: StoredHandoff, queue: Queue): Handoff {
  const position = queue.position(row)
  const team = queue.team(row.team_id)
  return {
    id: row.id,
    conversation_id: row.conversation_id!,
    status: row.status,
    cause: row.cause,
    reason: row.reason,
    summary: row.summary,
    priority: priorities[row.priority]!,
    team: team && { id: team.id, name: team.name },
    queue_position: position,
    estimated_wait_ms: position === null ? null : estimateMs(queue.pace(), position),
    agent: row.agent_id === null ? null : agentOf(row.agent_id, queue),
    tags: row.tags,
    note: row.note,
    rating: row.rating,
    rating_comment: row.rating_comment,
    overdue: row.ended_at === null ? overdueOf(row.warned) : [],
    created_at: row.created_at,
    queued_at: row.queued_at,
    accepted_at: row.accepted_at,
    ended_at: row.ended_at,
  }
}

/** The same where it is listed: with its clocks. */
export function toListedHandoff(row: StoredHandoff, queue: Queue): Handoff {
  const handoff = toHandoff(row, queue)
  return row.ended_at === null ? { ...handoff, clocks: queue.clocks(row) } : handoff
}

/** Somebody who answers; one this node has not heard of yet is shown without a name for a moment. */
export function agentOf(id: string, queue: Queue) {
  const unknown = {
    id,
    name: null,
    avatar_url: null,
    presence: 'offline',
    capacity: 0,
    active_count: 0,
  } as const
  return queue.agent(id) ?? unknown
}

export function conflict(row: StoredHandoff | undefined, queue: Queue): OperationError {
  if (!row)
    return new OperationError('CONFLICT', 'No one has asked for a person in this conversation.', {
      handoff: null,
    })
  const handoff = toHandoff(row, queue)
  const by = handoff.agent?.name
  const states = { pending: 'is waiting', active: `is with ${by ?? 'an agent'}` } as Record<string, string>
  return new OperationError('CONFLICT', `The handoff ${states[row.status] ?? `has ended: ${row.status}`}.`, {
    handoff,
  })
}

export function noSuchHandoff(): OperationError {
  return new OperationError('NOT_FOUND', 'There is no such handoff.')
}

/** It is no longer so, or never was: nothing is left to do. */
export async function ignoreConflict(work: Promise<unknown>): Promise<void> {
  try {
    await work
  } catch (error) {
    if (!(error instanceof OperationError)) throw error
  }
}

export function rank(name: (typeof priorities)[number]): number {
  return priorities.indexOf(name)
}
