import type { StoredMessage } from '#storage/chat/message'
import type { Evidence, Question } from '../../../answering/retrieval/evidence.ts'
import { newId } from '../../../core/ids.ts'
import type { Turn } from '../../../providers/model.ts'
import type { ReplyDeps } from './deps.ts'
import type { CitationFilter, ReplyContext } from './generate.ts'
import { type Ending, ReplyJob, Stopped } from './job.ts'

/** An answer that nobody is given and nothing is stored of, with what it was written from. */
export interface Preview {
  ending: Ending
  evidence: Evidence[]
  /** As it was written: with the marks that its sources do not bear out. */
  written: string
}

export type Detached = (
  conversationId: string,
  context: ReplyContext,
  signal: AbortSignal,
) => Promise<Preview>

/** Writes answers beside all conversations. */
export function createDetached(deps: ReplyDeps): Detached {
  return async (conversationId, context, signal) => {
    let evidence: Evidence[] = []
    let written = ''
    const detached = {
      isStored: false,
      emitDelta() {},
      emitProgress() {},
      onFirstText() {},
      async startOver() {},
      backlog: () => 0,
      read: async () => context,
      async retrieve(question: Question) {
        evidence = await deps.retrieve(question)
        return evidence
      },
      filter(sources: Evidence[], question: Question): CitationFilter {
        const filter = deps.filter(sources, question)
        written = ''
        return {
          push(text) {
            written += text
            return filter.push(text)
          },
          end: isWhole => filter.end(isWhole),
          references: () => filter.references(),
        }
      },
    }
    const message = { id: newId(), conversation_id: conversationId, epoch: 0, content: '' } as StoredMessage
    const job = new ReplyJob(message, { ...deps, ...detached })
    signal.addEventListener('abort', () => job.abort(new Stopped()))
    const ending = await job.write()
    return { ending, evidence, written }
  }
}

/** What the AI would answer to a question that begins a conversation, or that was asked after those turns. */
export function createPreview(writeDetached: Detached) {
  return (
    question: Question,
    askedBy: string | null,
    signal: AbortSignal,
    history: Turn[] = [],
  ): Promise<Preview> =>
    writeDetached(
      newId(),
      { messages: [], question, history, choice: {}, personId: null, askedBy, requestId: null },
      signal,
    )
}
