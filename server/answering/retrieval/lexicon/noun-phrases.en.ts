import type { NounPhraseCue } from './noun-phrases.ts'
import type { Patterns } from './patterns.ts'

export const nounPhrasesEn: Patterns<NounPhraseCue> = {
  joint:
    /^\s*(?:,|，|、|\/|&|(?:,\s*)?(?:and|or|vs\.?|versus)\b)\s*(?:(?:an?|the|some|any)\s+)?(?:[\p{Ll}-]+\s+){0,1}$/iu,
  attributive: /^[\s-]?$/,
  beside:
    /(?:^|\s)(?<verb>[\p{Ll}]+)?\s*\b(?:for|with|of|to|on|under|fits?|behind|beside)\s+(?:(?:an?|the|my|our|your|his|her|their|this|that|another|any|two|both)\s+)?(?:[\p{L}\p{N}-]+\s+){0,2}$/iu,
  seeking:
    /^(?:look|looking|search|searching|shopping|hunting|asking|ask|shop|go|market|kinds?|types?|sorts?|range|selection|which|any|all|some|most|one|need|price|prices|list|choice)$/i,
  between: /[,;]|\b(?:and|or|vs|versus|with|for|than|to|in|on|is|are)\b/i,
  definite: /\b(?:the|your|ur|this|that|these|those)\s+(?:[\p{L}-]+\s+){0,2}$/iu,
  indefinite: /\b(?:an?|any|some|another)\s+(?:[\p{L}'’-]+\s+){0,2}$/iu,
  opening:
    /^\s*(?:(?:hi|hello|so|ok(?:ay)?|and|but)[,\s]+)*(?:(?:how\s\w+\s)?(?:is|are|was|do|does|did|can|could|will|would|has|have)\s)?(?:(?:the|my|our|your|this|that)\s)?$/i,
  counted: /\b(?:an?|any|which|your|cheapest|show|sell|buy|best)\s$/i,
}
