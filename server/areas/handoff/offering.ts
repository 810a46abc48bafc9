import type { Handoff, Message } from '#protocol'
import type { Settings } from '#protocol/service'
import type { StoredMessage } from '#storage/conversation'
import type { StoredHandoff } from '#storage/handoff'
import type { Draft } from '../../journal/draft.ts'
import type { Acting } from './acting.ts'
import type { HandoffDeps } from './deps.ts'
import { noSuchHandoff, rank, unlessLate } from './move.ts'
import { type Decisions, decisionsOf, troubleIn } from './rules.ts'
import { words } from './words.ts'

export interface HandedOver {
  handoff: Handoff
  row: StoredHandoff
  /** The sentence the visitor is told. */
  told: StoredMessage
}

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

  /**
   * Part of the change that commits `question`: hands the conversation over where a person is asked for in so many
   * words, and says so. Null where not.
   */
  function handOver(draft: Draft, question: StoredMessage): HandedOver | null {
    const { priorities } = settings()
    const { asksForPerson, isAngry } = decide()
    if (draft.head.mode !== 'ai' || !asksForPerson(question.content)) return null
    const angry = isAngry(question.content) && { priority: rank(priorities.angry) }
    const reason = question.content.slice(0, reasonMax).toWellFormed()
    const { handoff } = acting.request(draft, { cause: 'question', reason, ...angry }, question.id)
    return { handoff, row: draft.kept!, told: draft.inserted.at(-1)! }
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
