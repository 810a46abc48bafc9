import { OperationError, toPage } from '#protocol'
import type { questionOperations } from '#protocol/shop/question'
import type { QuestionStorage } from '#storage/shop/question'
import { actorOf, type Handlers } from '../../../core/call.ts'
import { lastDays } from '../../../core/time-zone.ts'
import type { Log } from '../../../observability/log.ts'
import { maskPersonal } from '../../../security/masking.ts'
import { createCollector } from './collect.ts'
import { type ExplainDeps, explainHandler } from './explain.ts'

export interface QuestionDeps extends ExplainDeps {
  storage: QuestionStorage
  /** Greetings, thanks, orders to the memory: no source is needed for the answer. */
  isSmallTalk(text: string): boolean
  /** Whose days are counted. */
  timeZone(): string
  clock(): number
  /** Tells staff that the list has changed. */
  publishChange(): void
  log: Log
}

/** What visitors asked and was not answered well, in groups of the same question. */
export function questionArea(deps: QuestionDeps) {
  const { storage, publishChange } = deps
  const collector = createCollector(deps)

  function since(days: number): number {
    return lastDays(deps.timeZone(), days, deps.clock())[0]!.start
  }

  const handlers: Handlers<typeof questionOperations> = {
    'question:explain': explainHandler(deps),

    async 'question:list'({ days, ...query }) {
      const { items, total } = await storage.list({ ...query, since: since(days) })
      const listed = items.map(({ examples, ...group }) => {
        const masked = examples.map(example => ({ ...example, question: maskPersonal(example.question) }))
        const { question, conversation_id, asked_at: last_asked_at } = masked[0]!
        return { ...group, question, conversation_id, last_asked_at, examples: masked }
      })
      return toPage(listed, total, query)
    },

    async 'question:dismiss'({ group_id, dismissed }, call) {
      if (!(await storage.dismiss(group_id, dismissed, actorOf(call))))
        throw new OperationError('NOT_FOUND', 'There is no such group of questions.')
      publishChange()
      return null
    },
  }

  return {
    handlers,
    consumer: collector.consumer,
    /** Lists what was asked before there was a list. */
    backfill: collector.backfill,
    /** How often something was asked that no source answered. */
    countUnanswered: (days: number) => storage.count(since(days)),
  }
}
