import type { Handoff, Message } from '#protocol'
import type { StoredMessage } from '#storage/conversation'
import type { StoredHandoff } from '#storage/handoff'
import type { Draft } from '../../journal.ts'
import type { Acting } from './acting.ts'
import { type HandoffDeps, recentMessages } from './deps.ts'
import { noSuchHandoff, rank, unlessLate } from './move.ts'
import { asksForPerson, isAngry, troubleIn } from './rules.ts'
import { words } from './words.ts'

export interface HandedOver {
  handoff: Handoff
  row: StoredHandoff
  /** The sentence the visitor is told. */
  told: StoredMessage
}

const reasonMax = 500

/** The AI hands over by decision, not by words in its text. */
export function createOffering(deps: HandoffDeps, acting: Acting) {
  const { journal, settings } = deps

  /**
   * Part of the change that commits `question`: hands the conversation over where a person is asked for in so many
   * words, and says so. Null where not.
   */
  function handOver(draft: Draft, question: StoredMessage): HandedOver | null {
    const { rules, priorities } = settings()
    if (draft.head.mode !== 'ai' || !asksForPerson(question.content, rules)) return null
    const angry = isAngry(question.content, rules) && { priority: rank(priorities.angry) }
    const reason = question.content.slice(0, reasonMax).toWellFormed()
    const { handoff } = acting.request(draft, { cause: 'question', reason, ...angry }, question.id)
    return { handoff, row: draft.kept!, told: draft.inserted.at(-1)! }
  }

  /** An answer has ended: where it went wrong too often, or the visitor is angry, a person is offered, once. */
  async function consider(answer: Message, question: string): Promise<void> {
    const { rules } = settings()
    const went = answer.status === 'complete' && answer.references.length > 0
    if (went && !isAngry(question, rules)) return
    const messages = await deps.newest(answer.conversation_id, recentMessages)
    const trouble = troubleIn(messages, rules, deps.isSmallTalk)
    if (!trouble) return
    const head = await deps.findHead(answer.conversation_id)
    if (!head) return
    const offered = journal.append({
      conversationId: head.id,
      // Once for as long as nobody else owns it: the key holds for all nodes.
      sender: { id: head.id, key: `offer:${head.epoch}`, fingerprint: '' },
      repeated() {},
      decide(draft) {
        if (draft.head.mode !== 'ai' || draft.head.status === 'closed') throw noSuchHandoff()
        draft.say({
          role: 'system',
          content: words[draft.head.language].offer[trouble],
          status: 'complete',
          action: 'handoff',
        })
      },
    })
    await unlessLate(offered)
  }

  return { handOver, consider }
}
