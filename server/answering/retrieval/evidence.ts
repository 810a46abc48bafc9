import type { Language, PageContext, Product, Reference } from '#protocol'
import type { Constraints } from './question/constraints.ts'

/** A passage that may support an answer: what the answerers quote and what a reference is checked against. */
export interface Evidence {
  source: Reference['source']
  /** Id of the document, or the shop's own product id. */
  source_id: string
  title: string
  url: string | null
  /** The passage as the reader may see it quoted; for a product its facts, one sentence or line each. */
  text: string
  /** 0..1: how well it answers, comparable across sources. */
  score: number
  updated_at: string
  /** From then on it may be cited no more, in milliseconds since the epoch. */
  ends_at?: number
  /** Where each line of the text stands in its file, as the reader is told: "page 3". */
  places?: readonly string[]
  /** The catalogue row, when `source` is 'product'. */
  product?: Product
  /** A product that was talked about before, which nothing of the question names. */
  mayBeMeant?: boolean
  /** What the question asks of the columns, as the catalogue read it. */
  constraints?: Constraints
  /** For which of several questions it was found, and what it is to each; absent where there is one. */
  parts?: readonly EvidencePart[]
  /** How rare the words of the question are among all documents. */
  rarity?: Rarity
}

export interface EvidencePart extends Pick<Evidence, 'score' | 'mayBeMeant' | 'constraints'> {
  /** The number of the question among those of the message, from 0. */
  part: number
}

/** In how many of all passages each term stands (see `termId`); terms that none has are absent. */
export interface Rarity {
  passages: number
  matching: ReadonlyMap<number, number>
}

export interface Question {
  /** What is asked now; several unanswered questions are joined by a line break. */
  text: string
  /** What the visitor asked before, newest last: for questions that lean on it ("and its weight?"). */
  earlier: string[]
  language: Language
  context: PageContext
  /** Files with text that were attached in the conversation, newest last. */
  uploads?: AskedUpload[]
}

export interface AskedUpload {
  id: string
  /** Handed over with what is asked now. */
  now: boolean
}
