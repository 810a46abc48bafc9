import type { LimitPatterns } from './limits.ts'

export const limitsEn: LimitPatterns = {
  before: {
    most: /(?:\b(?:at most|up to|max(?:imum)?(?: of)?|(?:no|not) (?<word>more|heavier|larger|longer|bigger|higher|taller|wider|deeper|thicker|brighter|louder|older|dearer|costlier) than|not (?:over|above|exceed(?:ing)?)|within|budget|can spend|afford)|≤|<=)/i,
    least:
      /(?:\b(?:at least|min(?:imum)?(?: of)?|from|starting (?:at|from)|(?:no|not) (?<word>less|fewer|lower|smaller|shorter|narrower|lighter|thinner|cheaper) than|not (?:under|below))|≥|>=)/i,
    below:
      /(?:\b(?:under|below|beneath|(?<word>less|cheaper|lighter|smaller|shorter|fewer|lower|thinner|narrower|quieter|slimmer|shallower|dimmer) than)|<)/i,
    above:
      /(?:\b(?:over|above|exceed(?:s|ing)?|(?<word>more|greater|larger|bigger|longer|heavier|higher|taller|brighter|wider|deeper|faster) than)|>)/i,
    around: /(?:\b(?:around|about|approximately|approx\.?|roughly|circa|near)|~|≈)\s*$/i,
  },
  filler: /is|are|of|a|the|be|about|around|roughly|:|：/i,
  after: {
    most: /^\s*(?:or (?:less|under|below|cheaper|fewer|lighter)|max(?:imum)?\b|at most|tops)/i,
    least:
      /^\s*(?:or (?:more|above|over|higher|larger|bigger)|and (?:up|above|more)|\+|plus\b|minimum|at least)/i,
    around: /^\s*(?:or so\b)/i,
  },
  stated: {
    least:
      /(?:at least|minimum(?: of)?|min\.?|more than|over|above|exceed(?:s|ing)?|starting (?:at|from)|no (?:less|fewer) than|not less than)\s*$/iu,
    most: /(?:at most|up to|maximum(?: of)?|max\.?|no (?:more|later) than|not (?:more than|exceed(?:ing)?)|less than|fewer than|under|below|within)\s*$/iu,
    leastAfter: /^\s*(?:or more|and (?:more|above|up)|\+)/iu,
    mostAfter: /^\s*(?:or less|or under|and below)/iu,
  },
  range: {
    joint: /^\s*(?:-|–|—|~|to|and)\s*$/i,
    loose: /and/i,
    opening: /(?:between|from)\s*$/i,
    between: /between\s*$/i,
    closing: /^(?!)/,
    betweenAfter: /^(?!)/,
  },
}
