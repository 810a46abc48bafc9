import { toSql } from 'pgvector'
import type { Database } from '../engine/transaction.ts'
import type { PassageSource } from './passages.ts'

export interface UnembeddedPassage {
  id: string
  source: PassageSource
  title: string
  text: string
}

export interface VectorQuery {
  source: PassageSource
  model: string
  vector: number[]
  limit: number
  sourceIds?: string[]
}

export type VectorStorage = ReturnType<typeof vectorStorage>

/** Most dimensions that an HNSW index takes of pgvector's `vector` and of its `halfvec`; above, the scan is exact. */
const vectorIndexMax = 2000
const halfvecIndexMax = 4000
const indexDeadlineMs = 600_000

export function vectorStorage(database: Database) {
  const { sql, withDeadline, transaction } = database

  return {
    /** Active passages that have no vector of this model and were not refused by it, at most `limit`. */
    async missing(model: string, limit: number): Promise<UnembeddedPassage[]> {
      return withDeadline(sql<UnembeddedPassage[]>`
        select passages.id, corpora.source, title, text
        from passages join corpora on corpora.id = corpus_id and active
        left join passage_vectors on passage_id = passages.id and model = ${model}
        where passage_id is null and not exists (
          select from refused_passages refused where refused.passage_id = passages.id and refused.model = ${model})
        order by passages.id limit ${limit}`)
    },

    async counts(model: string): Promise<{ all: number; embedded: number; refused: number }> {
      const [row] = await withDeadline(sql<{ all: number; embedded: number; refused: number }[]>`
        select (select coalesce(sum(passages), 0)::int from corpora where active) as "all",
          (select count(*)::int from passage_vectors where model = ${model}) as embedded,
          (select count(*)::int from refused_passages where model = ${model}) as refused`)
      return row!
    },

    /** It is not sent to this model again. A passage removed meanwhile is left out. */
    async refuse(model: string, passageId: string): Promise<void> {
      await withDeadline(sql`
        insert into refused_passages (passage_id, model)
        select id, ${model} from passages where id = ${passageId} for key share on conflict do nothing`)
    },

    /** A passage removed meanwhile is left out. */
    async store(
      model: string,
      rows: { id: string; source: PassageSource; vector: number[] }[],
    ): Promise<void> {
      const json = sql.json(
        rows.map(row => ({ ...row, dimensions: row.vector.length, vector: toSql(row.vector) })),
      )
      await withDeadline(
        sql`insert into passage_vectors (passage_id, source, model, dimensions, embedding)
          select row.id, source, ${model}, dimensions, vector::vector
          from jsonb_to_recordset(${json}) as row (id uuid, source text, dimensions int, vector text)
          where exists (select from passages where passages.id = row.id for key share)
          on conflict (passage_id) do update set model = excluded.model, dimensions = excluded.dimensions,
            embedding = excluded.embedding`,
        30_000,
      )
    },

    /** The HNSW index for vectors of this size, where there can be one. */
    async ensureIndex(dimensions: number): Promise<void> {
      const cast = castFor(dimensions)
      if (!cast) return
      for (const source of ['document', 'product'] satisfies PassageSource[])
        await transaction(async inner => {
          await inner`select set_config('statement_timeout', ${String(indexDeadlineMs)}, true)`
          await inner.unsafe(
            `create index if not exists passage_vectors_${source}_${dimensions} on passage_vectors
              using hnsw ((embedding::${cast.type}) ${cast.operators})
              where dimensions = ${dimensions} and source = '${source}'`,
          )
        }, indexDeadlineMs)
    },

    /** Ids of the nearest active passages by cosine, nearest first, each with its similarity -1..1. */
    async nearest(query: VectorQuery): Promise<{ id: string; similarity: number }[]> {
      const dimensions = query.vector.length
      const type = castFor(dimensions)?.type ?? `vector(${dimensions})`
      const distance = `embedding::${type} <=> $1::${type}`
      return transaction(async inner => {
        // Neighbours that the filters drop (another model's, an old catalogue's) are made up for.
        await inner`set local hnsw.iterative_scan = 'relaxed_order'`
        const rows = await inner.unsafe<{ id: string; similarity: number }[]>(
          `select passage_id as id, 1 - (${distance}) as similarity
           from passage_vectors join passages on passages.id = passage_id
           join corpora on corpora.id = corpus_id and active
           where dimensions = ${dimensions} and passage_vectors.source = '${query.source}' and model = $2
             and ($3::text[] is null or source_id = any($3::text[]))
           order by ${distance} limit ${query.limit}`,
          [toSql(query.vector), query.model, (query.sourceIds ?? null) as never],
        )
        return [...rows].sort((a, b) => b.similarity - a.similarity)
      })
    },
  }
}

/** `dimensions` is a number of our own counting, so that it may stand in a statement. */
function castFor(dimensions: number): { type: string; operators: string } | null {
  if (dimensions <= vectorIndexMax) return { type: `vector(${dimensions})`, operators: 'vector_cosine_ops' }
  if (dimensions <= halfvecIndexMax)
    return { type: `halfvec(${dimensions})`, operators: 'halfvec_cosine_ops' }
  return null
}
