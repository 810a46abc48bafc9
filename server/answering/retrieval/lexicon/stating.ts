import { joinPatterns, type Patterns } from './patterns.ts'
import { statingEn } from './stating.en.ts'
import { statingZh } from './stating.zh.ts'

/**
 * How shops state things. `permission`: what may be done, or may not; `countedFrom`: behind a span, what it is counted from
 * ("within 7 days of delivery"), not what it is about, in its groups; `leansBack`: a beginning that
 * speaks of what stands before it; `reply`: a beginning that only answers the question above it; `cost`: who pays, or that
 * nobody does, `span` for how long and `hours` when something is open, where no amount is named; `week`: from when to when on
 * which days, which are opening hours in a few words.
 */
export type StatingCue =
  | 'permission'
  | 'countedFrom'
  | 'leansBack'
  | 'reply'
  | 'cost'
  | 'span'
  | 'hours'
  | 'week'

export const stating: Patterns<StatingCue> = joinPatterns(statingEn, statingZh)
