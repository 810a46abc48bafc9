import type { Handoff, Message } from '#protocol'
import type { StoredMessage } from '#storage/chat/message'
import type { StoredHandoff } from '#storage/desk/handoff'
import type { Draft } from '../../../realtime/journal/draft.ts'
import type { Commands } from './commands.ts'
import type { HandoffDeps } from './deps.ts'
import { ignoreConflict, noSuchHandoff, stagedHandoff } from './move.ts'
import { type Decisions, offerReason } from './rules.ts'
import { words } from './words.ts'

/** What came of a message that asks for a person. */
export interface HandoffOutcome {
  /** Null where it was not taken into the queue. */
  queued: { handoff: Handoff; row: StoredHandoff } | null
  /** The sentence the visitor is told. */
  notice: StoredMessage
}

/** Part of the change that commits `question`, which `queues`: hands the conversation over, or says why not. Null where the AI does not have it. */
export type RequestHandoff = (draft: Draft, question: StoredMessage) => HandoffOutcome | null

const reasonMax = 500

/** The AI hands over by decision, not by words in its text. */
export function createTriggers(deps: HandoffDeps, commands: Commands, decisions: () => Decisions) {
  const { journal, settings } = deps

  /** What a message that asks for a person in so many words does; null for any other. */
  function readRequest(
    conversationId: string,
    content: string,
    network: string,
  ): Promise<RequestHandoff> | null {
    return decisions().asksForPerson(content) ? requestOf(conversationId, content, network) : null
  }

  async function requestOf(
    conversationId: string,
    content: string,
    network: string,
  ): Promise<RequestHandoff> {
    const request = await commands.createRequest(network, conversationId, content)
    const reason = content.slice(0, reasonMax).toWellFormed()
    return (draft, question) => {
      if (draft.head.mode !== 'ai') return null
      const refusal = request.findRefusal(draft)
      if (refusal) {
        const sentence = words[draft.head.language][refusal.kind]
        const message = {
          role: 'system',
          content: sentence,
          status: 'complete',
          in_reply_to: question.id,
        } as const
        return { queued: null, notice: draft.addMessage(message) }
      }
      const { handoff } = request.enqueue(draft, { cause: 'question', reason }, question.id)
      return { queued: { handoff, row: stagedHandoff(draft)! }, notice: draft.inserted.at(-1)! }
    }
  }

  /** An answer has ended: where it went wrong too often, or the visitor is angry, a person is offered, once. */
  async function offerHandoffIfNeeded(answer: Message, before: Message[]): Promise<void> {
    const rules = { ...settings().rules, ...decisions() }
    const reasonToOffer = offerReason([...before, answer], rules, deps.isSmallTalk)
    if (!reasonToOffer) return
    const head = await deps.findConversation(answer.conversation_id)
    if (!head) return
    const offered = journal.append({
      conversationId: head.id,
      // Once for as long as nobody else owns it: the key holds for all nodes.
      sender: { id: head.id, key: `offer:${head.epoch}`, fingerprint: '' },
      onDuplicate() {},
      decide(draft) {
        if (draft.head.mode !== 'ai' || draft.head.status === 'closed') throw noSuchHandoff()
        draft.addMessage({
          role: 'system',
          content: words[draft.head.language].offer[reasonToOffer],
          status: 'complete',
          action: 'handoff',
        })
      },
    })
    await ignoreConflict(offered)
  }

  return { readRequest, offerHandoffIfNeeded }
}
