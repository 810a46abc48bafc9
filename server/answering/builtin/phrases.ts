import type { Language } from '#protocol'
import type { Attribute } from '../retrieval/lexicon/attributes.ts'
import { phrasesEn } from './phrases.en.ts'
import { phrasesZh } from './phrases.zh.ts'

/** What the built-in answerer says in its own words: everything else it says is quoted. */
export interface Phrases {
  greeting: string
  thanks: string
  goodbye: string
  person: string
  robot: string
  wellbeing: string
  abilities: string
  acknowledged: string
  anger: string
  /** To what a doctor should be asked. */
  medical: string
  /** To what only a person can look up. */
  ownOrder: string
  whatElse: string
  whichProduct: string
  nothing: string
  /** Where a file came with the question. */
  nothingInFile: string
  /** In front of what is only near what was asked; `missing` is what no source says. */
  nearest(missing: readonly string[]): string
  otherLanguage: string
  fitting(count: number): string
  /** `label` is the column's, `extreme` as `extreme` says it. */
  best(label: string, extreme: string): string
  some: string
  /** Of products of the kind asked for, where nothing says the rest. */
  ofKind: string
  catalogueSays: string
  next: string
  variants(count: number, name: string): string
  comparison: string
  foreignCurrency(foreign: string, own: string): string
  unlisted(what: string): string
  /** Of a product, what neither columns nor description say. */
  unmentioned(title: string, what: readonly string[]): string
  yes: string
  no: string
  /** Between names. */
  comma: string
  /** Behind a name, in front of what is said of it. */
  colon: string
  /** Between two sentences. */
  space: string
  /** A column's name inside a sentence. */
  inline(label: string): string
  /** One column as a sentence; `mark` is that of its source. */
  fact(title: string, label: string, value: string, mark: string): string
  /** Columns in a row, each as `valued` says it. */
  facts(title: string, parts: readonly string[], mark: string): string
  valued(label: string, value: string): string
  /** Of a column that says yes or no. */
  answered(label: string, value: string): string
  /** The end of a quote that has none. */
  fullStop: string
  /** How the least or most of a column is said: "Lightest" is not built, "Lowest weight" is. */
  extreme(attribute: Attribute | null, lowest: boolean): string
}

export const phrases: Readonly<Record<Language, Phrases>> = { en: phrasesEn, zh: phrasesZh }

/** What stands around the words that no source says, in each language. */
const nearestFrames = Object.values(phrases).map(({ nearest }) => ({
  unsure: nearest([]),
  frame: nearest(['\n']).split('\n') as [string, string],
}))

/** Whether an answer says itself that it is only near what was asked. */
export function isOnlyNear(answer: string): boolean {
  return answer
    .split('\n')
    .some(line =>
      nearestFrames.some(
        ({ unsure, frame: [start, end] }) =>
          line === unsure || (line.startsWith(start) && line.endsWith(end)),
      ),
    )
}
