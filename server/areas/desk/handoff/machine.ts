import type { Conversation, Handoff } from '#protocol'

/** `none`: the conversation never had a handoff. */
export type State = 'none' | Handoff['status']

/**
 * request   the visitor, or a question of theirs, asks for a person
 * accept    an agent takes it, or it is assigned to one
 * take      an agent takes it over, whether or not a person was asked for
 * complete  its agent is done
 * release   its agent gives it back to the queue
 * transfer  it goes to another agent
 * cancel    the visitor goes back to the AI
 * expire    nobody came within the wait limit
 * silence   its agent left a question unanswered for too long
 * lose      its agent is gone
 * close     the conversation was closed
 */
export type Event =
  | 'request'
  | 'accept'
  | 'take'
  | 'complete'
  | 'release'
  | 'transfer'
  | 'cancel'
  | 'expire'
  | 'silence'
  | 'lose'
  | 'close'

/**
 * A state to go to; `begin`, `begin_active`: that of a new handoff, pending or with an agent at once; `same`: nothing is left
 * to do; `refuse`: not in this state.
 */
export type Step = Handoff['status'] | 'begin' | 'begin_active' | 'same' | 'refuse'

/** Law O3: every cell, and the compiler asks for each. What the server does by itself is never refused, only late. */
export const transitions: Readonly<Record<State, Readonly<Record<Event, Step>>>> = {
  none: {
    request: 'begin',
    accept: 'refuse',
    take: 'begin_active',
    complete: 'refuse',
    release: 'refuse',
    transfer: 'refuse',
    cancel: 'refuse',
    expire: 'same',
    silence: 'same',
    lose: 'same',
    close: 'same',
  },
  pending: {
    request: 'same',
    accept: 'active',
    take: 'active',
    complete: 'refuse',
    release: 'refuse',
    transfer: 'refuse',
    cancel: 'cancelled',
    expire: 'timeout',
    silence: 'same',
    lose: 'same',
    close: 'cancelled',
  },
  active: {
    request: 'same',
    accept: 'refuse',
    take: 'refuse',
    complete: 'resolved',
    release: 'pending',
    transfer: 'active',
    cancel: 'resolved',
    expire: 'same',
    silence: 'pending',
    lose: 'pending',
    close: 'resolved',
  },
  resolved: ended(),
  cancelled: ended(),
  timeout: ended(),
}

function ended(): Readonly<Record<Event, Step>> {
  return {
    request: 'begin',
    accept: 'refuse',
    take: 'begin_active',
    complete: 'refuse',
    release: 'refuse',
    transfer: 'refuse',
    cancel: 'same',
    expire: 'same',
    silence: 'same',
    lose: 'same',
    close: 'same',
  }
}

/** Law O1: who owns the conversation in each state. */
export const owners: Readonly<Record<Handoff['status'], Conversation['mode']>> = {
  pending: 'queued',
  active: 'human',
  resolved: 'ai',
  cancelled: 'ai',
  timeout: 'ai',
}
