import { toPage } from '#protocol'
import type { serviceOperations } from '#protocol/desk/service'
import type { UnansweredRow } from '#storage/desk/question'
import type { Handlers } from '../../../core/call.ts'
import { lastDays } from '../../../core/time-zone.ts'

export interface QuestionDeps {
  storage: { unanswered(since: number, limit: number): Promise<UnansweredRow[]> }
  /** Greetings and thanks: no source is needed for the answer. */
  isSmallTalk(text: string): boolean
  timeZone(): string
  clock(): number
}

/** More in one period nobody reads; the figure of the overview ends here too. */
const answersMax = 2000

/** What visitors asked and no source answered, the same words once. */
export function questionsOf(deps: QuestionDeps) {
  /** Newest first. */
  async function unanswered(days: number) {
    const [first] = lastDays(deps.timeZone(), days, deps.clock())
    const rows = await deps.storage.unanswered(first!.start, answersMax)
    const unsourced = rows.filter(({ question }) => question.trim() !== '' && !deps.isSmallTalk(question))
    return [...Map.groupBy(unsourced, ({ question }) => wordsOf(question)).values()].map(same => {
      const { question, conversation_id, at } = same[0]!
      return { question, count: same.length, last_asked_at: at, conversation_id }
    })
  }

  const handlers: Pick<Handlers<typeof serviceOperations>, 'question:list'> = {
    async 'question:list'({ days, ...query }) {
      const all = await unanswered(days)
      const begin = (query.page - 1) * query.page_size
      return toPage(all.slice(begin, begin + query.page_size), all.length, query)
    },
  }

  return {
    handlers,
    /** How often something was asked that no source answered. */
    count: async (days: number) => (await unanswered(days)).reduce((sum, { count }) => sum + count, 0),
  }
}

/** The same question is the same whatever its case, its spaces and its marks at the end. */
function wordsOf(question: string): string {
  return question
    .normalize('NFKC')
    .toLowerCase()
    .replace(/\s+/g, ' ')
    .replace(/[\s?!.。！？]+$/, '')
    .trim()
}
