import { negationEn } from './negation.en.ts'
import { negationZh } from './negation.zh.ts'
import { joinPatterns, type Patterns } from './patterns.ts'

/**
 * `innocent` looks like a negation and is none: limits ("no more than"), additions ("not only"), parts of words (非常, 无线,
 * 不锈钢); `negator` denies; `exclusion` rules out what stands behind it; `rulesOut` does so to all things up to `scopeEnd`,
 * which `coordination` parts and an `article` may begin; `hasNone` states that something is free of a thing; `yes` and `no`
 * are whole texts of a column.
 */
export type NegationCue =
  | 'innocent'
  | 'negator'
  | 'exclusion'
  | 'rulesOut'
  | 'scopeEnd'
  | 'coordination'
  | 'article'
  | 'hasNone'
  | 'yes'
  | 'no'

/** How things are denied, in any language. */
export const negation: Patterns<NegationCue> = joinPatterns(negationEn, negationZh)
