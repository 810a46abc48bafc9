import type { UploadStorage, UploadText } from '#storage/chat/upload'
import type { Evidence, Question } from '../../../answering/retrieval/evidence.ts'
import { queryTerms, withSynonyms } from '../../../answering/retrieval/ranking/bm25.ts'
import {
  rankUploadPassages,
  type UploadPassage,
  uploadPassages,
} from '../../../answering/retrieval/ranking/uploads.ts'

/** The newest files of a conversation that are asked. */
const searchedMax = 10
/** Files whose passages are kept ready, and for how long: what is erased is in no memory for longer. */
const cacheMax = 100
const cacheMs = 600_000
const minScore = 0.2
/** A file that comes with the question is what the question is about, whatever its words. */
const nowScore = 0.5
const nowPassages = 3

interface ReadUpload extends UploadText {
  passages: UploadPassage[]
}

/** Finds what the files of a conversation say about a question. */
export function createUploadSearch(storage: Pick<UploadStorage, 'texts'>) {
  const cache = new Map<string, ReadUpload>()

  /** Passages of the conversation's files that may answer, best first. */
  async function findEvidence({ text, uploads = [] }: Question, limit: number): Promise<Evidence[]> {
    if (uploads.length === 0) return []
    const searched = uploads.slice(-searchedMax)
    const files = await readAll(searched.map(({ id }) => id))
    const terms = withSynonyms('document', text, queryTerms('document', text))
    return files
      .flatMap(file => {
        const now = searched.some(({ id, now }) => now && id === file.id)
        return rankUploadPassages(file.passages, terms).map(({ passage, score }, place) => ({
          file,
          passage,
          score: now && place < nowPassages ? Math.max(score, nowScore) : score,
        }))
      })
      .filter(({ score }) => score >= minScore)
      .sort((a, b) => b.score - a.score)
      .slice(0, limit)
      .map(({ file, passage, score }) => ({
        source: 'upload',
        source_id: file.id,
        title: file.name,
        url: null,
        text: passage.text,
        score,
        updated_at: file.created_at,
      }))
  }

  async function readAll(ids: string[]): Promise<ReadUpload[]> {
    const missing = ids.filter(id => !cache.has(id))
    for (const upload of missing.length > 0 ? await storage.texts(missing) : []) {
      cache.set(upload.id, { ...upload, passages: await uploadPassages(upload.text) })
      setTimeout(() => cache.delete(upload.id), cacheMs).unref()
    }
    const found = ids.flatMap(id => cache.get(id) ?? [])
    for (const id of cache.keys()) if (cache.size > cacheMax) cache.delete(id)
    return found
  }

  /** A conversation is gone: what was read of its files is held no longer. */
  const clearCache = () => cache.clear()

  return { findEvidence, clearCache }
}
