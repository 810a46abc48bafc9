import { joinAlternatives, type Patterns } from './patterns.ts'
import { superlativesEn } from './superlatives.en.ts'
import { superlativesZh } from './superlatives.zh.ts'

/**
 * Which end of a column is meant: `little` its low end and `general` its high one, of any column; `none` are no
 * superlatives; `wish` sorts like one when nothing else does ("a cheap one"); `comparative` compares, with the adjective in
 * its group `positive`, or with its ending in `degrees`.
 */
export type SuperlativeCue = 'little' | 'general' | 'none' | 'wish' | 'comparative'

export interface SuperlativeWords extends Patterns<SuperlativeCue> {
  /**
   * Tried in this order. In the groups: `verb` with its `degree`, `degree` with its `adjective`, `superlative` with its
   * ending, or `positive`, the adjective itself.
   */
  patterns: readonly RegExp[]
  adjectiveOfVerb: Readonly<Record<string, string>>
}

const languages = [superlativesEn, superlativesZh]
const joined = (cue: SuperlativeCue) => joinAlternatives(languages.map(language => language[cue]))

/** How the most or the least is asked for, in any language. */
export const superlatives: SuperlativeWords = {
  patterns: languages.flatMap(({ patterns }) => patterns),
  adjectiveOfVerb: Object.assign({}, ...languages.map(({ adjectiveOfVerb }) => adjectiveOfVerb)),
  little: joined('little'),
  general: joined('general'),
  none: joined('none'),
  wish: joined('wish'),
  comparative: joined('comparative'),
}
