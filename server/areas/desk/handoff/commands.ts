import type { EventPayload, Handoff, Language } from '#protocol'
import type { StoredHandoff } from '#storage/desk/handoff'
import type { Change } from '../../../realtime/journal/change.ts'
import type { Draft } from '../../../realtime/journal/draft.ts'
import { type HandoffDeps, recentMessages } from './deps.ts'
import { isOpen, nextOpening } from './hours.ts'
import { agentOf, type Moved, type MoveParts, move, presentHandoff, stagedHandoff } from './move.ts'
import type { Queue } from './queue.ts'
import { summarise, summaryQuestion } from './summary.ts'
import { whenIn, words } from './words.ts'

export type Acting = ReturnType<typeof createActing>

/** Waits in another conversation; or the network has asked too often. */
export type Refusal = { kind: 'elsewhere'; pending: StoredHandoff } | { kind: 'crowded'; waitMs: number }

export interface Spreading {
  /** The queue is not what it was: told here and everywhere. */
  changed(): void
  /** A row committed here. */
  learn(row: StoredHandoff): void
}

/** Changes of owner, whoever wants them: committed, told, and what follows from them begun. */
export function createActing(deps: HandoffDeps, queue: Queue, { changed, learn }: Spreading) {
  const { journal, storage, settings } = deps
  const parts: MoveParts = { ...deps, queue }

  /** Somebody of `network` asks for a person: part of a change that `queues`, counted once however often it is decided. */
  function createRequest(network: string) {
    let waitMs: number | undefined

    /** Why they are not taken into the queue, where they are not in it: one place a person, and a bound for each network. */
    function refusal(draft: Draft): Refusal | null {
      const { head } = draft
      const handoff = presentHandoff(draft)
      const pending = draft.seen.handoff.pending.get(head.person_id)
      if (handoff?.status === 'pending' || handoff?.status === 'active') return null
      if (pending && pending.conversation_id !== head.id) return { kind: 'elsewhere', pending }
      waitMs ??= deps.takePlace(network)
      return waitMs > 0 ? { kind: 'crowded', waitMs } : null
    }

    function enter(draft: Draft, fields: Partial<StoredHandoff>, inReplyTo?: string): Moved {
      return move(draft, { event: 'request', fields, said: welcome(draft), inReplyTo }, parts)
    }

    return { refusal, enter }
  }

  /** What is said at once to somebody who asks for a person. */
  function welcome({ head: { language }, at }: Draft): string {
    const { hours } = settings()
    const tell = words[language]
    if (!isOpen(hours, Date.parse(at))) return tell.closed(opening(language, at))
    return queue.counts().online_agents > 0 ? tell.waiting : tell.nobody
  }

  function opening(language: Language, at: string): string | null {
    const { hours } = settings()
    const next = hours && nextOpening(hours, Date.parse(at))
    return hours && next ? whenIn(language, next, hours.time_zone, Date.parse(at)) : null
  }

  function take(
    draft: Draft,
    event: 'accept' | 'transfer',
    agentId: string,
    fields: Partial<StoredHandoff> = {},
  ): Moved {
    const { name } = agentOf(agentId, queue)
    const said = words[draft.head.language][event === 'accept' ? 'accepted' : 'transferred'](name)
    return move(draft, { event, fields: { ...fields, agent_id: agentId }, said }, parts)
  }

  /** One change of a conversation's owner, committed; then what it began. */
  async function change(
    conversationId: string,
    {
      sender,
      actor,
      queues = false,
      decide,
    }: Pick<Change<Moved>, 'sender' | 'actor' | 'decide'> & { queues?: boolean },
  ): Promise<Handoff> {
    let halted: string | undefined
    let kept: StoredHandoff | undefined
    try {
      const { handoff, reply } = await journal.append<Moved>({
        conversationId,
        reply: true,
        needs: { handoff: [{ conversation_id: conversationId, queues }] },
        sender,
        actor,
        decide(draft) {
          const moved = decide(draft)
          halted = draft.updated[0]?.id
          kept = stagedHandoff(draft)
          return moved
        },
        onDuplicate: payload => ({
          handoff: (payload as EventPayload<'handoff:changed'>).handoff,
          reply: null,
        }),
      })
      if (reply) deps.runReply(reply)
      if (kept) followUp(handoff, kept)
      return handoff
    } catch (error) {
      if (halted) deps.unhaltReply(halted)
      throw error
    }
  }

  /** After a commit: known here at once, and read by the other nodes. */
  function heed(row: StoredHandoff): void {
    learn(row)
    changed()
  }

  /** After the commit: the desk hears of it, and whoever takes it finds a summary. */
  function followUp(handoff: Handoff, row: StoredHandoff): void {
    heed(row)
    if (handoff.status === 'pending') void sumUp(handoff)
  }

  /** A summary for whoever takes it: at once from the text, and again when a model has written a better one. */
  async function sumUp({ id, conversation_id }: Handoff): Promise<void> {
    try {
      const [messages, head] = await Promise.all([
        deps.newest(conversation_id, recentMessages),
        deps.findHead(conversation_id),
      ])
      const summary = head && summarise(messages, head.language)
      if (!summary) return
      await storage.setSummary(id, summary)
      changed()
      const better = await deps.sumUp(messages, summaryQuestion[head.language], head.language)
      if (!better) return
      await storage.setSummary(id, better)
      changed()
    } catch (error) {
      deps.log.warn({ handoff_id: id, error }, 'no summary')
    }
  }

  return { learn: heed, parts, change, createRequest, take, opening, followUp }
}
