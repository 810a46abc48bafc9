import type { AnswerCacheStorage } from '#storage/models/answer-cache'
import type { ChatModel } from '../../providers/model.ts'

/** What models answered, to be given again. */
export interface AnswerCache {
  /** As the model wrote it; null where it was not asked so lately. */
  find(key: string): Promise<string | null>
  save(key: string, content: string): void
}

interface AnswerCacheParts {
  storage: AnswerCacheStorage
  maxAgeMs: number
  warn(text: string, fields: { error: unknown }): void
}

/** Some tens of megabytes at most. */
const maxRows = 20_000
const contentMax = 8000
/** Old ones are removed at every so many that are saved. */
const pruneEvery = 100

/** The answers of all nodes. It only saves work: where it fails, the model is asked. */
export function createAnswerCache({ storage, maxAgeMs, warn }: AnswerCacheParts): AnswerCache {
  let savedCount = 0
  return {
    async find(key) {
      try {
        return await storage.find(key, maxAgeMs)
      } catch (error) {
        warn('the answer cache was not read', { error })
        return null
      }
    },
    save(key, content) {
      if (content.length > contentMax) return
      const isDue = savedCount++ % pruneEvery === 0
      storage
        .save(key, content)
        .then(() => (isDue ? storage.prune({ maxAgeMs, maxRows }) : undefined))
        .catch(error => warn('an answer was not cached', { error }))
    },
  }
}

/** Gives a known answer as the model would, which is not asked. */
export function replay(model: ChatModel, content: string): ChatModel {
  return {
    ...model,
    async answer(_request, onText) {
      onText(content)
      return { prompt_tokens: 0, completion_tokens: 0 }
    },
  }
}
