import type { EventPayload, Handoff, Language } from '#protocol'
import type { StoredHandoff } from '#storage/desk/handoff'
import type { Change } from '../../../realtime/journal/change.ts'
import type { Draft } from '../../../realtime/journal/draft.ts'
import { type HandoffDeps, recentMax } from './deps.ts'
import { isOpen, nextOpening } from './hours.ts'
import { agentOf, type Moved, type MoveParts, move, presentHandoff, rank, stagedHandoff } from './move.ts'
import type { Queue } from './queue.ts'
import type { Decisions } from './rules.ts'
import { summarise, summaryQuestion } from './summary.ts'
import { whenIn, words } from './words.ts'

export type Commands = ReturnType<typeof createCommands>

/** Waits in another conversation; or the network has asked too often. */
export type Refusal = { kind: 'elsewhere'; pending: StoredHandoff } | { kind: 'crowded'; waitMs: number }

export interface CommandParts {
  decisions(): Decisions
  /** The queue is not what it was: told here and everywhere. */
  publishChanged(): void
  /** A row committed here. */
  apply(row: StoredHandoff): void
}

/** Changes of owner, whoever wants them: committed, told, and what follows from them begun. */
export function createCommands(
  deps: HandoffDeps,
  queue: Queue,
  { decisions, publishChanged, apply }: CommandParts,
) {
  const { journal, storage, settings } = deps
  const parts: MoveParts = { ...deps, queue }

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

  function assignTo(
    draft: Draft,
    event: 'accept' | 'transfer',
    agentId: string,
    fields: Partial<StoredHandoff> = {},
  ): Moved {
    const { name } = agentOf(agentId, queue)
    const notice = words[draft.head.language][event === 'accept' ? 'accepted' : 'transferred'](name)
    return move(draft, { event, fields: { ...fields, agent_id: agentId }, notice }, parts)
  }

  /** One change of a conversation's owner, committed; then what it began. */
  async function changeOwner(
    conversationId: string,
    {
      sender,
      actor,
      queues = false,
      decide,
    }: Pick<Change<Moved>, 'sender' | 'actor' | 'decide'> & { queues?: boolean },
  ): Promise<Handoff> {
    let pausedId: string | undefined
    let staged: StoredHandoff | undefined
    try {
      const { handoff, reply } = await journal.append<Moved>({
        conversationId,
        reply: true,
        needs: { handoff: [{ conversation_id: conversationId, queues }] },
        sender,
        actor,
        decide(draft) {
          const moved = decide(draft)
          pausedId = draft.updated[0]?.id
          staged = stagedHandoff(draft)
          return moved
        },
        onDuplicate: payload => ({
          handoff: (payload as EventPayload<'handoff:changed'>).handoff,
          reply: null,
        }),
      })
      if (reply) deps.runReply(reply)
      if (staged) followUp(handoff, staged)
      return handoff
    } catch (error) {
      if (pausedId) deps.resumeDelivery(pausedId)
      throw error
    }
  }

  /** After a commit: known here at once, and read by the other nodes. */
  function applyCommitted(row: StoredHandoff): void {
    apply(row)
    publishChanged()
  }

  /** After the commit: the desk hears of it, and whoever takes it finds a summary. */
  function followUp(handoff: Handoff, row: StoredHandoff): void {
    applyCommitted(row)
    if (handoff.status === 'pending') void updateSummary(handoff)
  }

  /** A summary for whoever takes it: at once from the text, and again when a model has written a better one. */
  async function updateSummary({ id, conversation_id }: Handoff): Promise<void> {
    try {
      const [messages, head] = await Promise.all([
        deps.newestMessages(conversation_id, recentMax),
        deps.findConversation(conversation_id),
      ])
      const summary = head && summarise(messages, head.language)
      if (!summary) return
      await storage.setSummary(id, summary)
      publishChanged()
      const improved = await deps.sumUp(messages, summaryQuestion[head.language], head.language)
      if (!improved) return
      await storage.setSummary(id, improved)
      publishChanged()
    } catch (error) {
      deps.log.warn({ handoff_id: id, error }, 'no summary')
    }
  }

  return {
    publishChanged,
    applyCommitted,
    parts,
    changeOwner,
    createRequest,
    assignTo,
    openingText,
    followUp,
  }
}
