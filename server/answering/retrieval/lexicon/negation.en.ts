import type { NegationWords } from './negation.ts'

export const negationEn: NegationWords = {
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
  // biome-ignore format: a table of words
  opposites: [
    'before after', 'include exclude', 'accept refuse', 'accept reject', 'allow forbid', 'allow prohibit', 'open close',
    'open closed', 'increase decrease', 'free paid', 'free charged', 'indoor outdoor', 'indoors outdoors', 'new used',
    'buyer seller', 'customer seller', 'first last', 'left right', 'online offline', 'enable disable', 'wired wireless',
  ],
}
