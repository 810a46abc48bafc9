import type { Handoff, Message } from '#protocol'
import type { Settings } from '#protocol/desk/service'
import type { StoredMessage } from '#storage/chat/conversation'
import type { StoredHandoff } from '#storage/desk/handoff'
import type { Draft } from '../../../realtime/journal/draft.ts'
import type { Acting } from './commands.ts'
import type { HandoffDeps } from './deps.ts'
import { noSuchHandoff, rank, stagedHandoff, unlessLate } from './move.ts'
import { type Decisions, decisionsOf, troubleIn } from './rules.ts'
import { words } from './words.ts'

/** What came of a message that asks for a person. */
export interface HandedOver {
  /** Null where it was not taken into the queue. */
  handed: { handoff: Handoff; row: StoredHandoff } | null
  /** The sentence the visitor is told. */
  told: StoredMessage
}

/** Part of the change that commits `question`, which `queues`: hands the conversation over, or says why not. Null where the AI does not have it. */
export type HandOver = (draft: Draft, question: StoredMessage) => HandedOver | null

const reasonMax = 500

type Rules = Settings['rules']

/** The AI hands over by decision, not by words in its text. */
export function createOffering(deps: HandoffDeps, acting: Acting) {
  const { journal, settings } = deps
  let read: Rules | undefined
  let decisions: Decisions

  /** Made ready when the rules have changed, not for each message. */
  function decide(): Decisions {
    const { rules } = settings()
    if (rules !== read) decisions = decisionsOf(rules)
    read = rules
    return decisions
  }

  /** What a message that asks for a person in so many words does; null for any other. */
  function readRequest(content: string, network: string): HandOver | null {
    const { priorities } = settings()
    const { asksForPerson, isAngry } = decide()
    if (!asksForPerson(content)) return null
    const request = acting.createRequest(network)
    const angry = isAngry(content) && { priority: rank(priorities.angry) }
    const reason = content.slice(0, reasonMax).toWellFormed()
    return (draft, question) => {
      if (draft.head.mode !== 'ai') return null
      const refusal = request.refusal(draft)
      if (refusal) {
        const sentence = words[draft.head.language][refusal.kind]
        const told = {
          role: 'system',
          content: sentence,
          status: 'complete',
          in_reply_to: question.id,
        } as const
        return { handed: null, told: draft.addMessage(told) }
      }
      const { handoff } = request.enter(draft, { cause: 'question', reason, ...angry }, question.id)
      return { handed: { handoff, row: stagedHandoff(draft)! }, told: draft.inserted.at(-1)! }
    }
  }

  /** An answer has ended: where it went wrong too often, or the visitor is angry, a person is offered, once. */
  async function consider(answer: Message, before: Message[]): Promise<void> {
    const { rules } = settings()
    const { isAngry } = decide()
    const trouble = troubleIn([...before, answer], { ...rules, isAngry }, deps.isSmallTalk)
    if (!trouble) return
    const head = await deps.findHead(answer.conversation_id)
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
          content: words[draft.head.language].offer[trouble],
          status: 'complete',
          action: 'handoff',
        })
      },
    })
    await unlessLate(offered)
  }

  return { readRequest, consider }
}
