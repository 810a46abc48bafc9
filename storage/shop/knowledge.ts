import type { Database } from '../engine/transaction.ts'
import { type JobStorage, jobStorage } from '../platform/jobs.ts'
import { documentStorage } from './document.ts'
import { type PassageOptions, type PassageStorage, passageStorage } from './passages.ts'
import { type VectorStorage, vectorStorage } from './vectors.ts'

export type { DocumentDays, DocumentText } from './document.ts'
export type { NewPassage, PassageSource, Place } from './passages.ts'
export type { RankedPassage, TermFigures } from './ranking.ts'

export interface KnowledgeStorage {
  jobs: JobStorage
  passages: PassageStorage
  vectors: VectorStorage
  documents: ReturnType<typeof documentStorage>
}

/** Documents, their passages and vectors, and the jobs that make these. @param nodeId null for a node that is alone */
export function knowledgeStorage(
  database: Database,
  options: PassageOptions,
  nodeId: string | null = null,
): KnowledgeStorage {
  const jobs = jobStorage(database, nodeId)
  const passages = passageStorage(database, options)
  return {
    jobs,
    passages,
    vectors: vectorStorage(database),
    documents: documentStorage(database, jobs, passages),
  }
}
