import type { TransactionSql } from '../engine/transaction.ts'
import type { NewPassage, PassageOptions, PassageSource } from './passages.ts'

/** Passages and their terms as they are stored, each within the caller's transaction. */
export function passageWriter(options: PassageOptions) {
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
      insert into passages (id, corpus_id, source_id, ordinal, title, url, text, language, updated_at, place)
      select id, ${corpusId}, source_id, ordinal, title, url, text, language, updated_at, place
      from jsonb_to_recordset(${json}) as row (id uuid, source_id text, ordinal int, title text, url text, text text,
        language text, updated_at timestamptz, place jsonb)`
    await transaction`
      insert into passage_terms (passage_id, corpus_id, length, terms, frequencies, weights)
      select id, ${corpusId}, length, terms, frequencies, ${weightsOf(transaction, average, options)}
      from jsonb_to_recordset(${json}) as row (id uuid, length real, terms int[], frequencies real[])`
    const matching = new Map<number, number>()
    for (const row of rows) for (const term of row.terms) matching.set(term, (matching.get(term) ?? 0) + 1)
    await transaction`
      insert into term_statistics (corpus_id, term, passages)
      select ${corpusId}, term, passages
      from unnest(${[...matching.keys()]}::int[], ${[...matching.values()]}::int[]) as counted (term, passages)
      on conflict (corpus_id, term) do update set passages = term_statistics.passages + excluded.passages`
    const words = new Map(rows.flatMap(row => row.words.map(({ word, term }) => [word, term] as const)))
    await transaction`
      insert into passage_words (corpus_id, word, term)
      select ${corpusId}, word, term
      from unnest(${[...words.keys()]}::text[], ${[...words.values()]}::int[]) as found (word, term)
      on conflict do nothing`
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

  return { add, removeFrom, activeCorpus, replaceSource, appendTo }
}

/** BM25's saturated frequencies as pgvector's text form, over columns `terms`, `frequencies`, `length`. */
export function weightsOf(transaction: TransactionSql, average: number, { k1, b }: PassageOptions) {
  return transaction`(
    select ('{' || coalesce(string_agg(term || ':' || frequency * ${k1 + 1}::float8
        / (frequency + ${k1}::float8 * (${1 - b}::float8 + ${b}::float8 * length / ${average}::float8)), ','), '')
      || '}/1000000000')::sparsevec
    from unnest(terms, frequencies) as counted (term, frequency))`
}
