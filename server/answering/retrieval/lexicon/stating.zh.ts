import type { Patterns } from './patterns.ts'
import type { StatingCue } from './stating.ts'

export const statingZh: Patterns<StatingCue> = {
  permission: /可以|不能|可|不|除外|支持|包括/i,
  countedFrom: /(\p{Script=Han}{2})(?:之?后|以后|起)/giu,
  universal: /所有|全部|任何|一律|都/i,
  exception: /除外|除了|除非|不包括/i,
}
