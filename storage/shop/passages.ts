import type { Database } from '../engine/transaction.ts'
import { corpusStorage } from './corpora.ts'
import { passageWriter } from './passage-writer.ts'
import { rankingStorage } from './ranking.ts'

export type PassageSource = 'document' | 'product'

/** Where the lines of a text stand in their file: on which page or slide, in which row, from 1. */
export interface Place {
  unit: 'page' | 'row' | 'slide'
  /** For each line of the text. */
  at: number[]
}

export interface StoredPassage {
  id: string
  source_id: string
  ordinal: number
  title: string
  url: string | null
  text: string
  language: string | null
  updated_at: string
  place: Place | null
}

/** A passage to be indexed, with its term counts as `countTerms` makes them. */
export interface NewPassage extends StoredPassage {
  terms: number[]
  frequencies: number[]
  length: number
  /** The words it consists of, as written, each once, with their terms. */
  words: { word: string; term: number }[]
}

export interface PassageOptions {
  /** BM25's parameters. */
  k1: number
  b: number
}

export type PassageStorage = ReturnType<typeof passageStorage>

/** Passages as they are stored, gathered in corpora, and ranked. */
export function passageStorage(database: Database, options: PassageOptions) {
  const { add, ...writer } = passageWriter(options)
  return { ...writer, ...corpusStorage(database, { add }, options), ...rankingStorage(database) }
}
