import type { Reference, Usage } from '#protocol'
import type { Question } from '../../../answering/retrieval/evidence.ts'
import type { Turn } from '../../../providers/model.ts'

/** An answer that nobody is given and nothing is stored of. */
export interface WrittenAnswer {
  ending: {
    status: string
    content: string
    references: Reference[]
    usage: Usage | null
    error: { reason?: string | undefined; message: string } | null
  }
  /** With the marks that its sources do not bear out. */
  written: string
}

/** What would be answered, in whose budget. */
export type WriteAnswer = (
  question: Question,
  askedBy: string | null,
  signal: AbortSignal,
  history: Turn[],
) => Promise<WrittenAnswer>
