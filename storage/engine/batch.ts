import { DatabaseUnavailable } from './transaction.ts'

export interface BatchOptions {
  /** Statements at a time; what is asked beyond them waits, and is answered together by the next. */
  concurrency: number
  /** Questions in one statement. */
  maxBatch: number
}

const defaultOptions: BatchOptions = { concurrency: 2, maxBatch: 256 }

interface Waiting<Question, Answer> {
  question: Question
  resolve(answer: Answer): void
  reject(error: unknown): void
}

/**
 * Many questions, few statements: a single one is asked at once, and a thousand at the same moment are a handful. No answer is
 * older than its question, since a question never joins a statement that runs.
 * @param ask the answers to its questions, in their order
 */
export function batched<Question, Answer>(
  query: (questions: Question[]) => Promise<Answer[]>,
  { concurrency, maxBatch } = defaultOptions,
): (question: Question) => Promise<Answer> {
  const waiting: Waiting<Question, Answer>[] = []
  let running = 0

  async function drain(): Promise<void> {
    running += 1
    // Those of the same turn go together, also when a few promises lie between them.
    await new Promise<void>(process.nextTick)
    while (waiting.length > 0) {
      const batch = waiting.splice(0, maxBatch)
      try {
        const answers = await query(batch.map(({ question }) => question))
        for (const [at, { resolve }] of batch.entries()) resolve(answers[at]!)
      } catch (error) {
        // Who has waited this long for a database that is away is not made to wait again.
        const behind = error instanceof DatabaseUnavailable ? waiting.splice(0) : []
        for (const { reject } of [...batch, ...behind]) reject(error)
      }
    }
    running -= 1
  }

  return question =>
    new Promise((resolve, reject) => {
      waiting.push({ question, resolve, reject })
      if (running < concurrency) void drain()
    })
}

/** One answer for all who ask at the same moment. */
export function shared<Answer>(query: () => Promise<Answer>): () => Promise<Answer> {
  const answer = batched<undefined, Answer>(async questions => {
    const found = await query()
    return questions.map(() => found)
  })
  return () => answer(undefined)
}
