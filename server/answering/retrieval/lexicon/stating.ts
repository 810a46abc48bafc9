import { joinPatterns, type Patterns } from './patterns.ts'
import { statingEn } from './stating.en.ts'
import { statingZh } from './stating.zh.ts'

/**
 * How shops state things. `permission`: what may be done, or may not; `countedFrom`: behind a span, what it is counted from
 * ("within 7 days of delivery"), not what it is about, in its groups; `leansBack`: a beginning that
 * speaks of what stands before it.
 */
export type StatingCue = 'permission' | 'countedFrom' | 'leansBack'

export const stating: Patterns<StatingCue> = joinPatterns(statingEn, statingZh)
