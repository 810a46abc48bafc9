import type { NewPassage, PassageSource } from '#storage/shop/knowledge'
import { derivation } from '../../../answering/retrieval/derivation.ts'
import { countTerms } from '../../../answering/retrieval/ranking/bm25.ts'
import { newId } from '../../../core/ids.ts'
import { yieldToLoop } from '../../../core/turns.ts'
import type { Work } from '../../../jobs/runner.ts'
import { embedInBatches } from '../../../providers/embedding/batches.ts'
import type { KnowledgeDeps } from './deps.ts'
import { batchRows, passageBatches } from './passages.ts'

export interface ProductPassage {
  source_id: string
  title: string
  url: string | null
  text: string
  updated_at: string
}

export function createIndexer({ storage, embedding, embeddingLimits, rebuildProducts }: KnowledgeDeps) {
  const { documents, passages, vectors } = storage
  const batches = embedding && embedInBatches(embedding, embeddingLimits)

  /** Cuts a document into passages and puts them in place of its old ones. Begun again from the start after an interruption. */
  async function indexDocument(id: string, work: Work): Promise<void> {
    const document = await documents.text(id)
    if (!document) return
    let first = true
    for await (const { rows, last, progress } of passageBatches(document)) {
      work.signal.throwIfAborted()
      if (!(await documents.index(document, { rows, first, last, derivation }))) return
      first = false
      if (!last) work.report(progress)
      await yieldToLoop()
    }
  }

  async function recomputeWeights(source: PassageSource): Promise<void> {
    const { corpusId } = await passages.termFigures(source, [])
    await passages.recomputeWeights(corpusId)
  }

  /**
   * Cuts, counts and weighs anew: everything, or what an older derivation made. Searches see each document, and the
   * products as a whole, old until they are new. Begun again it passes over what is new already.
   */
  async function rebuild(work: Work, { outdatedOnly = false } = {}): Promise<void> {
    const olderThan = outdatedOnly ? derivation : null
    const all = await documents.count()
    let done = 0
    for (let last: string | null = null; ; ) {
      const ids: string[] = await documents.idsAfter(last, olderThan)
      for (const id of ids) {
        await indexDocument(id, { ...work, report() {} })
        work.report((++done / (all + 1)) * 0.9)
      }
      if (ids.length === 0) break
      last = ids.at(-1)!
    }
    await recomputeWeights('document')
    work.signal.throwIfAborted()
    await rebuildProducts(work.signal, { outdatedOnly })
    await passages.analyze()
  }

  /** Searches see the old products until all new ones are there. A newer call wins over one still at work. */
  async function replaceProductPassages(
    rows: Iterable<ProductPassage> | AsyncIterable<ProductPassage>,
    version: number | null = null,
  ): Promise<void> {
    const corpusId = await passages.beginCorpus('product', { derivation, version })
    const ordinals = new Map<string, number>()
    let fresh: NewPassage[] = []
    for await (const row of rows) {
      const ordinal = ordinals.get(row.source_id) ?? 0
      ordinals.set(row.source_id, ordinal + 1)
      const counted = countTerms('product', row.title, row.text)
      fresh.push({ ...row, id: newId(), ordinal, language: null, place: null, ...counted })
      if (fresh.length % batchRows === 0) await yieldToLoop()
      if (fresh.length < passages.insertBatchMax) continue
      if (!(await passages.addTo(corpusId, fresh))) return
      fresh = []
    }
    if (!(await passages.addTo(corpusId, fresh))) return
    await passages.recomputeWeights(corpusId)
    await passages.activateCorpus(corpusId)
    await passages.analyze()
  }

  /** Gives every passage its vector of the configured model, but for those it refuses. @throws ModelError */
  async function embedMissing(work: Work): Promise<void> {
    if (!batches) return
    let dimensions: number | null = null
    for (;;) {
      work.signal.throwIfAborted()
      const rows = await vectors.missing(batches.model, batches.size())
      if (rows.length === 0) break
      const result = await batches.embed(
        rows.map(row => `${row.title}\n${row.text}`),
        work.signal,
      )
      if (result === 'refused') await vectors.refuse(batches.model, rows[0]!.id)
      if (Array.isArray(result)) {
        await vectors.store(
          batches.model,
          rows.map(({ id, source }, at) => ({ id, source, vector: result[at]! })),
        )
        dimensions = result[0]!.length
      }
      const { all, embedded, refused } = await vectors.counts(batches.model)
      work.report(all > 0 ? Math.min(1, (embedded + refused) / all) : 1)
    }
    if (dimensions) await vectors.ensureIndex(dimensions)
  }

  return { indexDocument, recomputeWeights, rebuild, replaceProductPassages, embedMissing }
}
