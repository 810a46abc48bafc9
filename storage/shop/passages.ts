import { SparseVector, toSql } from 'pgvector'
import { batched } from '../engine/batch.ts'
import type { Database, TransactionSql } from '../engine/transaction.ts'
import { unnestRows } from '../engine/unnest.ts'

export type PassageSource = 'document' | 'product'

export interface StoredPassage {
  id: string
  source_id: string
  ordinal: number
  title: string
  url: string | null
  text: string
  language: string | null
  updated_at: string
}

/** A passage to be indexed, with its term counts as `countTerms` makes them. */
export interface NewPassage extends StoredPassage {
  terms: number[]
  frequencies: number[]
  length: number
}

export interface RankedPassage extends StoredPassage {
  /** BM25; 0 where no term matches. */
  score: number
  /** Which of the asked terms the passage has. */
  matched: number[]
}

/** What the inverse document frequencies are computed from. */
export interface TermFigures {
  corpusId: number
  passages: number
  /** Term -> how many passages have it; terms that none has are absent, and there may be others. */
  matching: Map<number, number>
}

export interface Ranking {
  corpusId: number
  /** The query's side of the inner product: term -> weight. */
  weights: Map<number, number>
  limit: number
  /** Only passages with one of these terms are looked at. */
  candidates?: number[]
  /** Only these sources' passages are looked at. */
  sourceIds?: string[]
  /** Only these passages are looked at, and given even where no term matches. */
  passageIds?: string[]
}

export interface PassageOptions {
  /** BM25's parameters. */
  k1: number
  b: number
}

export type PassageStorage = ReturnType<typeof passageStorage>

/** The mean length may move this far before the weights are computed anew. */
const driftMax = 0.1
const batchDeadlineMs = 30_000
const weightBatchMax = 100
const deleteBatchMax = 200
/** The embedded database has one connection for all. */
const insertBatchMax = { embedded: 50, postgres: 250 }
/** A question ranks products and documents at once. Few to a statement: one of a large index must not keep many others. */
const rankBatches = { concurrency: 6, maxBatch: 8 }

export function passageStorage(database: Database, { k1, b }: PassageOptions) {
  const { sql, withDeadline, transaction } = database

  const figuresOf = batched(async (queries: { source: PassageSource; terms: number[] }[]) => {
    const sources = [...new Set(queries.map(({ source }) => source))]
    const terms = [...new Set(queries.flatMap(({ terms }) => terms))]
    const rows = await withDeadline(sql<
      { source: PassageSource; id: number; passages: number; term: number | null; matching: number }[]
    >`
      select source, corpora.id, corpora.passages, term, term_statistics.passages as matching
      from corpora left join term_statistics on corpus_id = corpora.id and term = any(${terms}::int[])
        and term_statistics.passages > 0
      where source = any(${sources}) and active`)
    const figures = new Map<PassageSource, TermFigures>()
    for (const { source, id, passages, term, matching } of rows) {
      const known = figures.get(source) ?? { corpusId: id, passages, matching: new Map() }
      if (term !== null) known.matching.set(term, matching)
      figures.set(source, known)
    }
    return queries.map(({ source }) => figures.get(source)!)
  })

  /** All looked up in one way: by their candidates, or the only one as it says. */
  async function rankAll(queries: Ranking[]): Promise<RankedPassage[][]> {
    const [{ candidates, sourceIds, passageIds }] = queries as [Ranking]
    const rows = await withDeadline(sql<(RankedPassage & { number: number })[]>`
      with x as materialized (
        select number, corpus_id, query::sparsevec as query, asked::int[] as asked, candidates::int[] as candidates, most
        from ${rankings.of(sql, queries.map(toRow))})
      select number, id, source_id, ordinal, title, url, text, language, updated_at, -distance as score,
        array(select term from unnest(x.asked) as term where term = any(best.terms)) as matched
      from x cross join lateral (
        select passage_id, terms, weights <#> x.query as distance from passage_terms
        where corpus_id = x.corpus_id
          ${candidates ? sql`and terms && x.candidates` : sql``}
          ${passageIds ? sql`and passage_id = any(${passageIds}::uuid[])` : sql``}
          ${
            sourceIds
              ? sql`and passage_id in (select id from passages
                  where corpus_id = x.corpus_id and source_id = any(${sourceIds}::text[]))`
              : sql``
          }
        order by distance, passage_id limit x.most) as best
      join passages on id = best.passage_id
      order by number, distance, source_id, ordinal`)
    const ranked = queries.map((): RankedPassage[] => [])
    for (const { number, ...passage } of rows) ranked[number]!.push(passage)
    return ranked
  }

  const rankTogether = batched(rankAll, rankBatches)

  /** BM25's saturated frequencies as pgvector's text form, over columns `terms`, `frequencies`, `length`. */
  function weightsOf(transaction: TransactionSql, average: number) {
    return transaction`(
      select ('{' || coalesce(string_agg(term || ':' || frequency * ${k1 + 1}::float8
          / (frequency + ${k1}::float8 * (${1 - b}::float8 + ${b}::float8 * length / ${average}::float8)), ','), '')
        || '}/1000000000')::sparsevec
      from unnest(terms, frequencies) as counted (term, frequency))`
  }

  /** Adds to a corpus within the caller's transaction. @returns false when the corpus is gone. */
  async function add(transaction: TransactionSql, corpusId: number, rows: NewPassage[]): Promise<boolean> {
    const [corpus] = await transaction<{ passages: number; average: number | null }[]>`
      select passages, average from corpora where id = ${corpusId} for update`
    if (!corpus) return false
    if (rows.length === 0) return true
    const length = rows.reduce((sum, row) => sum + row.length, 0)
    const average = corpus.average ?? Math.max(1, length / rows.length)
    const json = transaction.json(rows as never)
    await transaction`
      insert into passages (id, corpus_id, source_id, ordinal, title, url, text, language, updated_at)
      select id, ${corpusId}, source_id, ordinal, title, url, text, language, updated_at
      from jsonb_to_recordset(${json}) as row (id uuid, source_id text, ordinal int, title text, url text, text text,
        language text, updated_at timestamptz)`
    await transaction`
      insert into passage_terms (passage_id, corpus_id, length, terms, frequencies, weights)
      select id, ${corpusId}, length, terms, frequencies, ${weightsOf(transaction, average)}
      from jsonb_to_recordset(${json}) as row (id uuid, length real, terms int[], frequencies real[])`
    const matching = new Map<number, number>()
    for (const row of rows) for (const term of row.terms) matching.set(term, (matching.get(term) ?? 0) + 1)
    await transaction`
      insert into term_statistics (corpus_id, term, passages)
      select ${corpusId}, term, passages
      from unnest(${[...matching.keys()]}::int[], ${[...matching.values()]}::int[]) as counted (term, passages)
      on conflict (corpus_id, term) do update set passages = term_statistics.passages + excluded.passages`
    await transaction`
      update corpora set passages = passages + ${rows.length}, length = length + ${length}::float8, average = ${average}
      where id = ${corpusId}`
    return true
  }

  /** Removes the passages of one source within the caller's transaction. */
  async function removeFrom(
    transaction: TransactionSql,
    corpusId: number,
    sourceIds: string[],
  ): Promise<void> {
    await transaction`select 1 from corpora where id = ${corpusId} for update`
    const removedRows = transaction`
      select id from passages where corpus_id = ${corpusId} and source_id = any(${sourceIds}::text[])`
    await transaction`
      update term_statistics set passages = term_statistics.passages - counted.passages
      from (select term, count(*)::int as passages from passage_terms, unnest(terms) as term
        where passage_id in (${removedRows}) group by term) as counted
      where corpus_id = ${corpusId} and term_statistics.term = counted.term`
    await transaction`
      update corpora set passages = corpora.passages - counted.passages, length = corpora.length - counted.length
      from (select count(*)::int as passages, coalesce(sum(length), 0)::float8 as length from passage_terms
        where passage_id in (${removedRows})) as counted
      where id = ${corpusId}`
    await transaction`
      delete from passages where corpus_id = ${corpusId} and source_id = any(${sourceIds}::text[])`
  }

  async function activeCorpus(transaction: TransactionSql, source: PassageSource): Promise<number> {
    const [row] = await transaction<
      { id: number }[]
    >`select id from corpora where source = ${source} and active`
    return row!.id
  }

  /** Replaces what is indexed of one document within the caller's transaction; no rows remove it. */
  async function replaceSource(
    transaction: TransactionSql,
    source: PassageSource,
    { sourceId, rows }: { sourceId: string; rows: NewPassage[] },
  ): Promise<void> {
    const corpusId = await activeCorpus(transaction, source)
    await removeFrom(transaction, corpusId, [sourceId])
    await add(transaction, corpusId, rows)
  }

  /** Adds more passages of a source to what `replaceSource` began. */
  async function appendTo(
    transaction: TransactionSql,
    source: PassageSource,
    rows: NewPassage[],
  ): Promise<void> {
    await add(transaction, await activeCorpus(transaction, source), rows)
  }

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
            changed as (update passage_terms set weights = ${weightsOf(inner, average)}
              where passage_id in (select passage_id from batch))
          select passage_id as last from batch order by passage_id desc limit 1`
        return row?.last ?? null
      }, batchDeadlineMs)
    }
    await withDeadline(sql`update corpora set average = ${average} where id = ${corpusId}`)
  }

  async function activate(transaction: TransactionSql, corpusId: number): Promise<void> {
    await transaction`update corpora set active = false
      where active and source = (select source from corpora where id = ${corpusId})`
    await transaction`update corpora set active = true where id = ${corpusId}`
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
    replaceSource,
    appendTo,
    removeFrom,
    activeCorpus,
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

    async termFigures(source: PassageSource, terms: number[]): Promise<TermFigures> {
      return figuresOf({ source, terms })
    },

    /** The best passages by BM25, best first; equal ones in their documents' order. */
    async rank(ranking: Ranking): Promise<RankedPassage[]> {
      if (ranking.candidates) return rankTogether(ranking)
      const [ranked] = await rankAll([ranking])
      return ranked!
    },
  }
}

/** Questions of rankings; the lists and the vector in PostgreSQL's text form. */
const rankings = unnestRows({
  number: 'int',
  corpus_id: 'int',
  query: 'text',
  asked: 'text',
  candidates: 'text',
  most: 'int',
})

function toRow({ corpusId, weights, limit, candidates = [] }: Ranking, number: number) {
  return {
    number,
    corpus_id: corpusId,
    query: toSql(sparseVector(weights)),
    asked: `{${[...weights.keys()].join(',')}}`,
    candidates: `{${candidates.join(',')}}`,
    most: limit,
  }
}

/** As many as the column `weights` has. */
const termDimensions = 1_000_000_000

/** Terms are counted from 1, as PostgreSQL counts; a `SparseVector` counts from 0. */
function sparseVector(weights: ReadonlyMap<number, number>): SparseVector {
  return new SparseVector(new Map([...weights].map(([term, weight]) => [term - 1, weight])), termDimensions)
}
