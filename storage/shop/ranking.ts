import { SparseVector, toSql } from 'pgvector'
import { batched } from '../engine/batch.ts'
import type { Database } from '../engine/transaction.ts'
import { unnestRows } from '../engine/unnest.ts'
import type { PassageSource, StoredPassage } from './passages.ts'

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
  /** These sources' passages are left out. */
  excludedIds?: readonly string[]
}

/** A question ranks products and documents at once. Few to a statement: one of a large index must not keep many others. */
const rankBatches = { concurrency: 6, maxBatch: 8 }

/** Words that questions are corrected to. */
const wordsMax = 60_000

/** Passages as a question finds them. */
export function rankingStorage({ sql, withDeadline }: Database) {
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
    const excludedIds = [...new Set(queries.flatMap(query => query.excludedIds ?? []))]
    const corpusIds = [...new Set(queries.map(({ corpusId }) => corpusId))]
    const rows = await withDeadline(sql<(RankedPassage & { number: number })[]>`
      with x as materialized (
        select number, corpus_id, query::sparsevec as query, asked::int[] as asked, candidates::int[] as candidates, most
        from ${rankings.of(sql, queries.map(toRow))})
      select number, id, source_id, ordinal, title, url, text, language, updated_at, place, -distance as score,
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
          ${
            excludedIds.length > 0
              ? sql`and passage_id not in (select id from passages
                  where source_id = any(${excludedIds}::text[]) and corpus_id = any(${corpusIds}::int[]))`
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

  return {
    /** The words of all that searches see, the most frequent first, and what they were read from: another state has another. */
    async words(known: string | null): Promise<{ state: string; words: Map<string, number> } | null> {
      const [row] = await withDeadline(sql<{ state: string }[]>`
        select string_agg(id || ':' || passages, ' ' order by id) as state from corpora where active`)
      const { state } = row!
      if (state === known) return null
      const rows = await withDeadline(sql<{ word: string; passages: number }[]>`
        select word, sum(term_statistics.passages)::int as passages
        from passage_words join corpora on corpora.id = corpus_id and active
          join term_statistics using (corpus_id, term)
        where term_statistics.passages > 0
        group by word order by passages desc, word limit ${wordsMax}`)
      return { state, words: new Map(rows.map(({ word, passages }) => [word, passages])) }
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
