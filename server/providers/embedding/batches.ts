import { type EmbeddingModel, HostRefused, ModelError, VectorsMissing } from '../model.ts'

const batchMax = 32
/** A batch may take so long, and so much more for each of its texts. */
export interface BatchLimits {
  batchMs: number
  textMs: number
}

/** Small machines embed one text a second. */
const defaultLimits: BatchLimits = { batchMs: 15_000, textMs: 3000 }
const aboutSize = /too (?:large|long|many)|exceed|maximum|limit|context|token/i

/** Whether fewer or shorter texts may be embedded where these were not. */
export function isTooMuch(error: unknown): boolean {
  if (error instanceof VectorsMissing) return true
  if (!(error instanceof HostRefused)) return false
  return [400, 413, 422].includes(error.status) || (error.status === 500 && aboutSize.test(error.body))
}

/** Embeds in batches that the host takes: halved where it does not, and remembered. */
export function embedInBatches(
  { model, embed }: EmbeddingModel,
  { batchMs, textMs }: BatchLimits = defaultLimits,
) {
  let size = batchMax
  /** Of the last batch that was too much: how many of its texts were not embedded since, and the size to go back to. */
  let suspects = 0
  let sizeBefore = size

  function halve(texts: number): void {
    if (suspects <= 0) {
      suspects = texts
      sizeBefore = size
    }
    size = Math.ceil(texts / 2)
  }

  /** A text that is refused by itself was what made its batch too much: unless the host refuses everything. */
  async function assertAnswers(signal: AbortSignal): Promise<void> {
    await embed(['?'], AbortSignal.any([signal, AbortSignal.timeout(batchMs)]))
    size = sizeBefore
    suspects = 0
  }

  return {
    model,
    size: () => size,
    /**
     * @param texts the first `size()` that wait
     * @returns their vectors; 'refused' for a single text that the host never takes; null where fewer are to be tried
     * @throws ModelError
     */
    async embed(texts: string[], signal: AbortSignal): Promise<number[][] | 'refused' | null> {
      const limit = AbortSignal.timeout(batchMs + texts.length * textMs)
      try {
        const vectors = await embed(texts, AbortSignal.any([signal, limit]))
        suspects -= texts.length
        return vectors
      } catch (error) {
        signal.throwIfAborted()
        if (!isTooMuch(error) && !limit.aborted) throw error
        if (texts.length > 1) {
          halve(texts.length)
          return null
        }
        if (limit.aborted) throw new ModelError('The embedding model did not answer in time.')
        await assertAnswers(signal)
        return 'refused'
      }
    },
  }
}
