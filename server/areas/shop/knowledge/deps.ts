import type { Job } from '#protocol/shop/knowledge'
import type { JobRow } from '#storage/platform/jobs'
import type { KnowledgeStorage } from '#storage/shop/knowledge'
import type { DocumentReader } from '../../../ingest/reader.ts'
import type { BatchLimits } from '../../../providers/embedding/batches.ts'
import type { EmbeddingModel } from '../../../providers/model.ts'

export interface KnowledgeDeps {
  storage: KnowledgeStorage
  reader: DocumentReader
  /** Without one, ranking is by words alone. */
  embedding: EmbeddingModel | null
  embeddingLimits?: BatchLimits
  clock(): number
  /** Of the shop: by whose days documents are valid. */
  timeZone(): Promise<string>
  /** Tells every other node that the days of a document have changed. */
  publishValidity?(): void
  /** Tells staff how far a job is. */
  progress(job: Job): void
  /** Removes the demo data of the other areas: the owner has begun to import (whichever area is first). */
  removeOtherDemo(): Promise<void>
  /** Derives and indexes the products anew; with `outdatedOnly` where an older derivation made what there is. */
  rebuildProducts(signal: AbortSignal, options: { outdatedOnly: boolean }): Promise<void>
  /** One line for the operator: constant text, ids in `fields`. */
  warn(text: string, fields?: Record<string, unknown>): void
}

export function toJob({ subject: _subject, attempt: _attempt, ...job }: JobRow): Job {
  return job
}
