import type { NegationCue } from './negation.ts'
import type { Patterns } from './patterns.ts'

export const negationEn: Patterns<NegationCue> = {
  innocent:
    /\b(?:no|not)\s(?:more|less|fewer|later|earlier|longer|higher|lower|larger|smaller|heavier)\sthan\b|\b(?:do(?:es)?|must|may|can)(?:\s?not|n['’]t)\sexceed\b|\bnot\s(?:exceeding|only|just)\b|\bno\.\s?\d|\bno\s(?:problem|matter)\b/giu,
  negator:
    /\b(?:not|no|never|without|cannot|none|neither|nor|nothing|nobody|unable|non)\b|n['’]t\b|\bnon-/giu,
  clauseEnd: /[,，;；。.!?！？:：\n|]|\b(?:but|however|unless|although|though|and|or)\b/iu,
  subjectBreak: /[,，;；。.!?\n]|\b(?:but|and)\b/,
  narrow: /^non-?$/i,
  exclusion:
    /(?:\b(?:not|no|without|except(?: for)?|excluding|other than|but not|don['’]?t want|do not want|anything but|non)\s?-?\s?(?:an?\s|the\s|any\s|from\s|with\s)?)$/i,
  yes: /^(?:yes|true|y)$/i,
  no: /^(?:no|false|n)$/i,
}
