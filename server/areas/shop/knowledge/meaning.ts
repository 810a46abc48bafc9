import { isTooMuch } from '../../../providers/embedding/batches.ts'
import type { KnowledgeDeps } from './deps.ts'
import type { TermSearch } from './searching.ts'

/** How deep each ranking is read before two are fused. */
export const fusionDepth = 50
const embeddingDeadlineMs = 1500
/** After a failure questions are not embedded for so long: a dead host must not slow every answer. */
const embeddingPauseMs = 30_000

type NearPassage = Awaited<ReturnType<KnowledgeDeps['storage']['vectors']['nearest']>>[number]

/** Passages that mean what is asked, nearest first; none without an embedding model, or where it does not answer in time. */
export function createMeaningRanking({
  storage,
  embedding,
  warn,
}: Pick<KnowledgeDeps, 'storage' | 'embedding' | 'warn'>) {
  let pausedUntil = 0

  return async function rankByMeaning({ text, source, limit, ids }: TermSearch): Promise<NearPassage[]> {
    if (!embedding || performance.now() < pausedUntil) return []
    try {
      const [vector] = await embedding.embed([text], AbortSignal.timeout(embeddingDeadlineMs))
      return await storage.vectors.nearest({
        source,
        model: embedding.model,
        vector: vector!,
        limit: Math.max(limit, fusionDepth),
        sourceIds: ids,
      })
    } catch (error) {
      // A question that is too much for the model says nothing of the next one.
      if (!isTooMuch(error)) pausedUntil = performance.now() + embeddingPauseMs
      warn('The embedding model did not answer; searching by words alone.', { error })
      return []
    }
  }
}
