import { OperationError } from '#protocol'
import type { ReadContext } from './context.ts'
import type { Ending } from './job.ts'
import type { Detached } from './preview.ts'

/** What the AI would answer now: an answer that nobody is given and nothing is stored of. Null where nothing was asked. */
export function createSuggester(writeDetached: Detached, readContext: ReadContext) {
  return async (
    conversationId: string,
    askedBy: string,
    signal: AbortSignal,
  ): Promise<(Pick<Ending, 'references'> & { text: string }) | null> => {
    const read = await readContext(conversationId, Number.MAX_SAFE_INTEGER)
    const context = { ...read, personId: null, askedBy }
    if (context.question.text === '') return null
    const { ending } = await writeDetached(conversationId, context, signal)
    const { status, content, references, error } = ending
    if (status !== 'complete') {
      const code = error?.code === 'INSUFFICIENT_QUOTA' ? 'INSUFFICIENT_QUOTA' : 'AI_SERVICE_ERROR'
      throw new OperationError(code, error?.reason ?? 'The draft was not finished.')
    }
    return { text: content, references }
  }
}
