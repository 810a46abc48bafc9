import { joinPatterns, type Patterns } from './patterns.ts'
import { qualifiersEn } from './qualifiers.en.ts'
import { qualifiersZh } from './qualifiers.zh.ts'

/**
 * What widens or narrows a statement. `universal`: all of something; `exclusive`: nothing else; `exception`: not all;
 * `obligation`: it has to be so; `condition`: begins one, `loose` is one that only says when something is asked;
 * `instruction`: what the reader may do; `comparison`: of things; `answer`: a yes or no in front; `backward`: a sentence that
 * leans on the one before; `clause`: where one ends; `predicate`: what makes one; `elliptic`: one that takes it
 * from the one before; `restricting`: in front of a number, for whom or when something holds; `denyingCondition`: holds where
 * it is not so; `extreme`: an end of a range.
 */
export type QualifierCue =
  | 'universal'
  | 'exclusive'
  | 'exception'
  | 'obligation'
  | 'condition'
  | 'loose'
  | 'instruction'
  | 'comparison'
  | 'answer'
  | 'backward'
  | 'clause'
  | 'predicate'
  | 'elliptic'
  | 'restricting'
  | 'denyingCondition'
  | 'extreme'

export const qualifiers: Patterns<QualifierCue> = joinPatterns(qualifiersEn, qualifiersZh)
