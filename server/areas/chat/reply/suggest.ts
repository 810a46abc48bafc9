import { OperationError } from '#protocol'
import type { StoredMessage } from '#storage/chat/message'
import { newId } from '../../../core/ids.ts'
import type { ReadContext } from './context.ts'
import type { ReplyDeps } from './deps.ts'
import { type Ending, ReplyJob, Stopped } from './job.ts'

/** What the AI would answer now: an answer that nobody is given and nothing is stored of. Null where nothing was asked. */
export function createSuggester(deps: ReplyDeps, readContext: ReadContext) {
  return async (
    conversationId: string,
    askedBy: string,
    signal: AbortSignal,
  ): Promise<(Pick<Ending, 'references'> & { text: string }) | null> => {
    const read = await readContext(conversationId, Number.MAX_SAFE_INTEGER)
    const context = { ...read, personId: null, askedBy }
    if (context.question.text === '') return null
    const detached = {
      isStored: false,
      emitDelta() {},
      emitProgress() {},
      onFirstText() {},
      async startOver() {},
      backlog: () => 0,
    }
    const message = { id: newId(), conversation_id: conversationId, epoch: 0, content: '' } as StoredMessage
    const job = new ReplyJob(message, { ...deps, ...detached, read: async () => context })
    signal.addEventListener('abort', () => job.abort(new Stopped()))
    const { status, content, references, error } = await job.write()
    if (status !== 'complete') {
      const code = error?.code === 'INSUFFICIENT_QUOTA' ? 'INSUFFICIENT_QUOTA' : 'AI_SERVICE_ERROR'
      throw new OperationError(code, error?.reason ?? 'The draft was not finished.')
    }
    return { text: content, references }
  }
}
