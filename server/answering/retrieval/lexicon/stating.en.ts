import type { Patterns } from './patterns.ts'
import type { StatingCue } from './stating.ts'

export const statingEn: Patterns<StatingCue> = {
  permission:
    /\b(?:may|can|cannot|can['’]t|must|allowed|excluded|not|possible|accept|include[sd]?|cover(?:s|ed)?)\b/i,
  countedFrom:
    /\b(?:days?|weeks?|months?|hours?|years?)\s+(?:of|after|from|following|since|before)\s+(?:(?:the|your|its|their|our)\s+)?(\p{L}+)/giu,
  universal: /\b(?:all|every|any|always|everything)\b/i,
  exception: /\b(?:except|excluding|unless|apart from|other than)\b/i,
}
