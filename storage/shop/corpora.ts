import type { Database, TransactionSql } from '../engine/transaction.ts'
import { type passageWriter, weightsOf } from './passage-writer.ts'
import type { NewPassage, PassageOptions, PassageSource } from './passages.ts'

/** The mean length may move this far before the weights are computed anew. */
const driftMax = 0.1
const batchDeadlineMs = 30_000
const weightBatchMax = 100
const deleteBatchMax = 200
/** The embedded database has one connection for all. */
const insertBatchMax = { embedded: 50, postgres: 250 }

/** Corpora: filled while no search sees them, activated as a whole, and kept in order. */
export function corpusStorage(
  database: Database,
  { add }: Pick<ReturnType<typeof passageWriter>, 'add'>,
  options: PassageOptions,
) {
  const { sql, withDeadline, transaction } = database

  /** Computes the weights anew where the mean length has moved; a ranking meanwhile sees old and new ones mixed, both close. */
  async function recomputeWeights(corpusId: number): Promise<void> {
    const [corpus] = await withDeadline(sql<{ passages: number; length: number; average: number | null }[]>`
      select passages, length, average from corpora where id = ${corpusId}`)
    if (!corpus?.average || corpus.passages === 0) return
    const average = Math.max(1, corpus.length / corpus.passages)
    if (Math.abs(average / corpus.average - 1) <= driftMax) return
    let last: string | null = '00000000-0000-0000-0000-000000000000'
    while (last) {
      const after: string = last
      last = await transaction(async inner => {
        const [row] = await inner<{ last: string | null }[]>`
          with batch as (select passage_id from passage_terms where passage_id > ${after} and corpus_id = ${corpusId}
              order by passage_id limit ${weightBatchMax}),
            changed as (update passage_terms set weights = ${weightsOf(inner, average, options)}
              where passage_id in (select passage_id from batch))
          select passage_id as last from batch order by passage_id desc limit 1`
        return row?.last ?? null
      }, batchDeadlineMs)
    }
    await withDeadline(sql`update corpora set average = ${average} where id = ${corpusId}`)
  }

  /** In batches, so that nobody waits long for the embedded database's one connection. */
  async function removeCorpus(corpusId: number): Promise<void> {
    let removed: number
    do {
      const rows = await withDeadline(
        sql`delete from passages where id in (select id from passages where corpus_id = ${corpusId} limit ${deleteBatchMax})`,
        batchDeadlineMs,
      )
      removed = rows.count
    } while (removed > 0)
    await withDeadline(sql`delete from corpora where id = ${corpusId}`, batchDeadlineMs)
  }

  return {
    /** How many passages a call of `addTo` may bring before others wait too long for the database. */
    insertBatchMax: insertBatchMax[database.kind],
    recomputeWeights,

    /** A corpus that no search sees until it is activated. */
    async beginCorpus(
      source: PassageSource,
      { derivation, version }: { derivation: number; version: number | null },
    ): Promise<number> {
      const [row] = await withDeadline(sql<{ id: number }[]>`
        insert into corpora (source, derivation, catalogue_version)
        values (${source}, ${derivation}, ${version}) returning id`)
      return row!.id
    },

    /** What the active corpus of products was made from, and by which derivation. */
    async productCorpus(): Promise<{ version: number | null; derivation: number }> {
      const [row] = await withDeadline(sql<{ version: number | null; derivation: number }[]>`
        select catalogue_version as version, derivation from corpora where source = 'product' and active`)
      return row!
    },

    /** @returns false when a newer corpus of the source has taken its place meanwhile. */
    addTo(corpusId: number, rows: NewPassage[]): Promise<boolean> {
      return transaction(inner => add(inner, corpusId, rows), batchDeadlineMs)
    },

    /** From here on searches see this corpus; older ones of its source, unfinished ones too, are removed. */
    async activateCorpus(corpusId: number): Promise<void> {
      const activated = await transaction(async inner => {
        // One that was filled while another version became active would answer of what is gone.
        const [current] = await inner`
          select 1 from corpora where id = ${corpusId} and (catalogue_version is null or catalogue_version in (
            select version from catalogue_versions where active)) for update`
        if (current) await activate(inner, corpusId)
        return current !== undefined
      })
      if (!activated) return removeCorpus(corpusId)
      const old = await withDeadline(sql<{ id: number }[]>`
        select id from corpora where not active and id < ${corpusId}
          and source = (select source from corpora where id = ${corpusId})`)
      for (const { id } of old) await removeCorpus(id)
    },

    /** Gives the space of replaced rows back and tells the planner what is there, where no autovacuum does so. */
    async analyze(): Promise<void> {
      if (database.kind === 'embedded')
        await withDeadline(sql`vacuum (analyze) passages, passage_terms, term_statistics`, 120_000)
    },
  }
}

async function activate(transaction: TransactionSql, corpusId: number): Promise<void> {
  await transaction`update corpora set active = false
    where active and source = (select source from corpora where id = ${corpusId})`
  await transaction`update corpora set active = true where id = ${corpusId}`
}
