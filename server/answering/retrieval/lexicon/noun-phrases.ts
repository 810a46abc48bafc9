import { nounPhrasesEn } from './noun-phrases.en.ts'
import { nounPhrasesZh } from './noun-phrases.zh.ts'
import { joinPatterns, type Patterns } from './patterns.ts'

/**
 * How a thing that is asked for stands among others: `joint` between two that are both asked for; `attributive` behind one
 * that only describes the next; `beside` in front of one that is not asked for ("a sleeve for my laptop"), with the verb
 * before it; `seeking` such a verb, where it is asked for all the same ("looking for"); `counted` in front of one that is
 * asked for though its name is a column's as well ("a screen under 300"); `between` parts two names; `definite` in front of
 * one that is known ("the lamp"); `opening` in front of what a question begins with, its subject.
 */
export type NounPhraseCue =
  | 'joint'
  | 'attributive'
  | 'beside'
  | 'seeking'
  | 'counted'
  | 'between'
  | 'definite'
  | 'indefinite'
  | 'opening'

export const nounPhrases: Patterns<NounPhraseCue> = joinPatterns(nounPhrasesEn, nounPhrasesZh)
