import { clausesEn } from './clauses.en.ts'
import { clausesZh } from './clauses.zh.ts'
import { joinPatterns, type Patterns } from './patterns.ts'

/**
 * Where clauses end: for what a number is said of (`figure`), for the parts of a sentence that may be quoted (`quote`), for
 * those of a claim that are supported each by itself (`claim`), and for the column that a limit is of (`limit`).
 */
export type ClauseCue = 'figure' | 'quote' | 'claim' | 'limit'

export const clauseBreaks: Patterns<ClauseCue> = joinPatterns(clausesEn, clausesZh)
