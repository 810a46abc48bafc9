import type { NegationCue } from './negation.ts'
import type { Patterns } from './patterns.ts'

export const negationEn: Patterns<NegationCue> = {
  innocent:
    /\b(?:no|not)\s[a-z]{3,12}er\sthan|\b(?:no|not)\s(?:more|less)\sthan\b|\b(?:do(?:es)?|must|may|can)(?:\s?not|n['’]t)\sexceed\b|\bnot\s(?:exceeding|only|just)\b|\bno\.\s?\d|\bno\s(?:problem|matter)\b/giu,
  negator:
    /\b(?:not|no|never|without|cannot|none|neither|nor|nothing|nobody|unable|non)\b|n['’]t\b|\bnon-/giu,
  exclusion:
    /(?:\b(?:not|no|without|except(?: for)?|excluding|other than|but not|don['’]?t want|do not want|anything but|non)\s?-?\s?(?:an?\s|the\s|any\s|from\s|with\s)?)$/i,
  rulesOut:
    /\b(?:(?:that|which|who)?\s?(?:is|are|was|do|does)(?:\s?not|n['’]?t)(?:\s(?:an?|in|of|made of|from|have|contain|include|use|need|come with))?|not|no|without(?:\sany)?|except(?:\sfor)?|excluding|other than|apart from|besides|anything but|free of|minus|nothing (?:with|from|made of|in)|non|(?:do(?:es)?\s?not|don['’]?t|doesn['’]?t)\s(?:want|like|need|have|contain|include|use|eat|show me)|hate|dislike|avoid(?:ing)?|allergic to)\b\s?-?/giu,
  scopeEnd:
    /[.;:!?。！？；]|,\s(?!(?:and|or|nor)?\s?(?:[\p{L}-]+(?:\s[\p{L}-]+)?)\s?(?:,|$|\bor\b|\band\b))|\b(?:but|for|which|that|please|because|if|when|i|it|can|could|do|does|is|are|with(?!out)|(?:cheaper|less|more) than|(?:under|over|below|above|between|around|at most|up to)\s(?=[$€£¥]?\d))\b/iu,
  coordination: /\s*(?:,|\/|&)\s*(?:and|or|nor)?\s+|\s+(?:and|or|nor)\s+/,
  article: /^(?:an?|the|any|from|with|in|of|made of|too|very|one|ones)\s+/i,
  hasNone:
    /\b[\p{L}]+(?:\s[\p{L}]+)?-free\b|\b(?:no|without|free of|free from|non|zero)[\s-](?:added\s)?[\p{L}]+/giu,
  yes: /^(?:yes|true|y)$/i,
  no: /^(?:no|false|n)$/i,
}
