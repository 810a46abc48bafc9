import type { Patterns } from './patterns.ts'
import type { StatingCue } from './stating.ts'

export const statingZh: Patterns<StatingCue> = {
  permission: /可以|不能|可|不|除外|支持|包括/i,
  countedFrom: /(\p{Script=Han}{2})(?:之?后|以后|起)/giu,
  leansBack:
    /^(?:它们?|他们|她|这(?!里)|那|该|其(?![他它余实中])|此|否则|另外|同时|因此|所以|但是?|而且|并且|如果不|在此)/i,
}
