import type { Patterns } from './patterns.ts'
import type { StatingCue } from './stating.ts'

export const statingEn: Patterns<StatingCue> = {
  permission:
    /\b(?:may|can|cannot|can['’]t|must|allowed|excluded|not|possible|accept|include[sd]?|cover(?:s|ed)?)\b/i,
  countedFrom:
    /\b(?:days?|weeks?|months?|hours?|years?)\s+(?:of|after|from|following|since|before)\s+(?:(?:the|your|its|their|our)\s+)?(\p{L}+)/giu,
  leansBack:
    /^(?:(?:it|they|he|she|this|these|those|them|such|both|otherwise|however|also|then|therefore|thus|instead|in (?:this|that|these|those|such) cases?|if (?:so|not)|for (?:this|that|these|those)|after (?:this|that))\b|that(?:['’]s| is| means| way)\b|(?:the|a) (?:same|latter|former|new item)\b|(?:but|and|or|so)\b)/i,
  reply: /^(?:yes|no|yeah|nope|of course|certainly|sure|absolutely|unfortunately(?: not)?)[,.!;:–—-]\s*/i,
  span: /\b(?:immediately|instantly|at once|right away|same[ -]day|next[ -]day|as soon as|lifetime|for ever|forever|depends?|var(?:y|ies)|until|no (?:time )?limit)\b/i,
  week: /\b(?:mon|tue|wed|thu|fri|sat|sun|daily|weekdays?|weekends?)[a-z]*\.?[^.\n\d]{0,24}\d{1,2}(?:[:.]\d\d)?\s?(?:am|pm|h)?\s?(?:to|till|until|and|[-–—])\s?\d{1,2}/i,
  hours: /\b(?:open|closed|around the clock|24\/7|day and night|hours)\b/i,
  cost: /\b(?:free of charge|for free|free|no (?:extra |additional |further )?(?:charge|cost|fee)s?|at (?:your|our|the \p{L}+['’]s) (?:own )?(?:expense|cost)|(?:borne|paid|covered|met) by|(?:we|you) (?:pay|bear|cover))\b/iu,
}
