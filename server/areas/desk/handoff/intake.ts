import type { Language } from '#protocol'
import type { StoredHandoff } from '#storage/desk/handoff'
import type { Draft } from '../../../realtime/journal/draft.ts'
import { type HandoffDeps, recentMax } from './deps.ts'
import { isOpen, nextOpening } from './hours.ts'
import { type Moved, type MoveParts, move, presentHandoff, rank } from './move.ts'
import type { Queue } from './queue.ts'
import type { Decisions } from './rules.ts'
import { whenIn, words } from './words.ts'

/** Waits in another conversation; or the network has asked too often. */
export type Refusal = { kind: 'elsewhere'; pending: StoredHandoff } | { kind: 'crowded'; waitMs: number }

interface IntakeParts {
  queue: Queue
  parts: MoveParts
  decisions(): Decisions
}

/** Whoever asks for a person: whether they are taken into the queue, where in it, and what they are told at once. */
export function createIntake(deps: HandoffDeps, { queue, parts, decisions }: IntakeParts) {
  const { settings } = deps

  /**
   * Somebody of `network` asks for a person: part of a change that `queues`, counted once however often it is decided.
   * Whoever has been angry since a person last spoke comes before others, however they ask.
   * @param question their words, where these are not stored yet
   */
  async function createRequest(network: string, conversationId: string, question = '') {
    const messages = await deps.newestMessages(conversationId, recentMax)
    const since = messages.findLastIndex(({ role }) => role === 'agent')
    const texts = messages.slice(since + 1).flatMap(({ role, content }) => (role === 'user' ? content : []))
    const isAngry = [...texts, question].some(decisions().isAngry)
    const angry = isAngry && { priority: rank(settings().priorities.angry) }
    let waitMs: number | undefined

    /** Why they are not taken into the queue, where they are not in it: one place a person, and a bound for each network. */
    function findRefusal(draft: Draft): Refusal | null {
      const { head } = draft
      const handoff = presentHandoff(draft)
      const pending = draft.seen.handoff.pending.get(head.person_id)
      if (handoff?.status === 'pending' || handoff?.status === 'active') return null
      if (pending && pending.conversation_id !== head.id) return { kind: 'elsewhere', pending }
      waitMs ??= deps.countRequest(network)
      return waitMs > 0 ? { kind: 'crowded', waitMs } : null
    }

    function enqueue(draft: Draft, fields: Partial<StoredHandoff>, inReplyTo?: string): Moved {
      return move(
        draft,
        { event: 'request', fields: { ...angry, ...fields }, notice: welcomeText(draft), inReplyTo },
        parts,
      )
    }

    return { findRefusal, enqueue }
  }

  /** What is said at once to somebody who asks for a person. */
  function welcomeText({ head: { language }, at }: Draft): string {
    const { hours } = settings()
    const sentences = words[language]
    if (!isOpen(hours, Date.parse(at))) return sentences.closed(openingText(language, at))
    return queue.counts().online_agents > 0 ? sentences.waiting : sentences.nobody
  }

  function openingText(language: Language, at: string): string | null {
    const { hours } = settings()
    const next = hours && nextOpening(hours, Date.parse(at))
    return hours && next ? whenIn(language, next, hours.time_zone, Date.parse(at)) : null
  }

  return { createRequest, openingText }
}
