/** How numbers are said that no other table has: by the clock, as ends of a range, as limits. */
export const rates = {
  times: [
    [
      /(?<=\b(?:\d+|one|two|three|four|five|six|seven|eight|nine|ten|twelve|twenty|thirty))-(?=(?:year|month|week|day|hour|minute)s?\b)/giu,
      ' ',
    ],
    [/(?<![\p{L}\d])(one|an?|1) and a half (?=\p{L})/giu, '1.5 '],
    [/(?<![\p{L}\d])(two|2) and a half(?= \p{L})/giu, '2.5'],
    [/(?<![\p{L}\d])(three|3) and a half(?= \p{L})/giu, '3.5'],
    [/(?<![\p{L}\d])(?:an?|one|1) (hour|day|week|month|year) and a half/giu, '1.5 $1s'],
    [/\bnoon\b|\bmidday\b/giu, '12:00'],
    [/\bmidnight\b/giu, '24:00'],
    [
      /(下午|晚上|傍晚|晚)\s?([一二两三四五六七八九十]{1,2}|\d{1,2})(?:点|时|:00)(半)?/gu,
      (_: string, __: string, hour: string, half?: string) => ` ${afternoon(hour)}:${half ? 30 : '00'} `,
    ],
    [
      /(?:早上|上午|早晨|凌晨|中午)?\s?(十[一二]?|[一二两三四五六七八九]|\d{1,2})点(半)?(?![击评赞心])/gu,
      (_: string, hour: string, half?: string) => ` ${toHour(hour)}:${half ? 30 : '00'} `,
    ],
    [/(一|两|三|四|五|六|七|八|九|十)(?=岁|周岁)/gu, (sign: string) => `${toHour(sign)}`],
  ] as [RegExp, never][],
  rangeJoint: /^\s*(?:-|–|—|~|～|至|到|to|and|until|till|through)\s*(?:[$€£¥]\s?)?$/iu,
  loose: /and/iu,
  opening: /(?:between|from)\s*$/iu,
  rate: /^\s*an?\s/iu,
  startBefore:
    /(?:\bopens?(?: \p{L}+)? at|\bfrom|\bstarts?(?:ing)?(?: at)?|\bsince|从|smallest\D{0,20}|lowest\D{0,20}|shortest\D{0,20}|minimum\D{0,20})\s*$/iu,
  startAfter: /^\s*(?:起|开门|开始|开放|营业$)/u,
  endBefore:
    /(?:\bcloses?(?: \p{L}+)? at|\buntil|\btill|\bends? at|到|至|largest\D{0,20}|highest\D{0,20}|longest\D{0,20}|maximum\D{0,20})\s*$/iu,
  endAfter: /^\s*(?:关门|结束|打烊|截止)/u,
  below:
    /(?:(?<!no |not )\b(?:less|fewer|lighter|cheaper|shorter|younger|lower|smaller) than|\bunder|\bbelow|少于|低于|小于|不到|未满|不满|不足)\s*(?:a |an |the )?$/iu,
  belowAfter: /^\s*(?:以下|及以下)/u,
  above:
    /(?:(?<!no |not )\b(?:more|greater|heavier|longer|older|higher|larger|bigger) than|\bover|\babove|\bexceed(?:s|ing)?|超过|高于|大于|多于)\s*(?:a |an |the )?$/iu,
  leastBefore: /(?:\bstart(?:s|ing)? (?:at|from)|\bfrom|≥|满|达到|达|至少)\s*$/iu,
  leastAfter:
    /^\s*(?:or (?:more|older|above|longer)|and (?:more|above|up|over)|\+|起(?!\s?\p{Script=Han}{0,2}内)|及以上|以上)/iu,
  mostAfter: /^\s*(?:or (?:less|younger|below)|at most|以内|之内|内(?!存))/iu,
  clause: /[,，;；。!！?？\n|]|\.\s|\b(?:and|while|whereas|but)\b|而|但/giu,
}

const digits = '零一二三四五六七八九'

function toHour(text: string): number {
  if (/\d/.test(text)) return Number(text)
  if (text === '两') return 2
  if (!text.startsWith('十')) return digits.indexOf(text)
  return 10 + Math.max(0, digits.indexOf(text[1] ?? '零'))
}

function afternoon(text: string): number {
  const hour = toHour(text)
  return hour < 12 ? hour + 12 : hour
}
