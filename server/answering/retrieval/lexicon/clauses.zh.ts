import type { ClauseCue } from './clauses.ts'
import type { Patterns } from './patterns.ts'

export const clausesZh: Patterns<ClauseCue> = {
  figure: /和|而|但/giu,
  quote: /但是?/iu,
  claim: /并且|而且|以及|和|且|并(?!不)/iu,
  limit: /并且|而且/i,
}
