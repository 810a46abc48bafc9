import type { Language, Product } from '#protocol'

/** A shop with sentences about it whose truth is known, as a model could write them over its texts. */
export interface CitedShop {
  name: string
  language: Language
  /** The check was made with the first in view; the second were written before, in other words, and kept apart. */
  hand: 'first' | 'second'
  /** Markdown, which the server's own reader cuts into passages. */
  documents: string[]
  products: ShopProduct[]
  sentences: Cited[]
}

export type ShopProduct = Pick<
  Product,
  'id' | 'name' | 'category' | 'price' | 'currency' | 'short_description' | 'specs'
>

export interface Cited {
  kind: Kind
  /** The heading of the passage or the id of the product that is cited; several are cited together. */
  of: string | string[]
  /** Sentences that their sources say. */
  stands: string[]
  /** Sentences that they do not. */
  falls: string[]
}

export type Kind =
  | 'table'
  | 'option'
  | 'letter'
  | 'addition'
  | 'negation'
  | 'quantifier'
  | 'condition'
  | 'number'
  | 'time'
  | 'name'
  | 'comparative'
  | 'entailment'
  | 'paraphrase'
  | 'translation'
  | 'heading'
  | 'joined'
