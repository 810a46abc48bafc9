import { type Quantity, quantities } from '../text/quantities.ts'
import type { Dimension } from '../text/units.ts'

export type Operator = 'below' | 'most' | 'above' | 'least' | 'between' | 'around' | 'equal'

/** An amount of a question with its condition; `low` and `high` differ for ranges only. */
export interface Bound {
  operator: Operator
  /** As written, and in base units of the dimension. */
  low: number
  high: number
  lowValue: number
  highValue: number
  dimension: Dimension | null
  unit: string | null
  /** An adjective in the condition that tells the column: "lighter" than. */
  adjective: string | null
  /** Condition and amount in the text. */
  start: number
  end: number
}

const filler = String.raw`(?:\s*(?:is|are|of|a|the|be|about|around|roughly|是|为|在|:|：))?\s*$`
const before: [Operator, RegExp][] = [
  [
    'most',
    new RegExp(
      String.raw`(?:\b(?:at most|up to|max(?:imum)?(?: of)?|(?:no|not) (?:more|heavier|larger|longer|bigger|higher|taller|wider) than|not (?:over|above|exceed(?:ing)?)|within|budget|can spend|afford)|≤|<=|不超过|最多|至多|不高于|不大于|不多于|预算|(?:不要|不能|不可|别|不想)(?:超过|大于|高于|多于))${filler}`,
      'i',
    ),
  ],
  [
    'least',
    new RegExp(
      String.raw`(?:\b(?:at least|min(?:imum)?(?: of)?|from|starting (?:at|from)|(?:no|not) (?:less|fewer|lower|smaller) than|not (?:under|below))|≥|>=|至少|最少|不少于|不低于|不小于|起码)${filler}`,
      'i',
    ),
  ],
  [
    'below',
    new RegExp(
      String.raw`(?:\b(?:under|below|beneath|(?<word>less|cheaper|lighter|smaller|shorter|fewer|lower|thinner|narrower|quieter|slimmer|shallower|dimmer) than)|<|不到|少于|低于|小于|轻于|便宜于|短于|窄于|矮于)${filler}`,
      'i',
    ),
  ],
  [
    'above',
    new RegExp(
      String.raw`(?:\b(?:over|above|exceed(?:s|ing)?|(?<word>more|greater|larger|bigger|longer|heavier|higher|taller|brighter|wider|deeper|faster) than)|>|超过|大于|高于|多于|重于|长于|高过|亮于|宽于)${filler}`,
      'i',
    ),
  ],
  [
    'around',
    /(?:\b(?:around|about|approximately|approx\.?|roughly|circa|near)|~|≈|大约|大概|差不多|约)\s*$/i,
  ],
]
const after: [Operator, RegExp][] = [
  [
    'most',
    /^\s*(?:以内|之内|内(?!存)|(?:及|或)?以下|or (?:less|under|below|cheaper|fewer|lighter)|max(?:imum)?\b|at most|tops)/i,
  ],
  [
    'least',
    /^\s*(?:(?:及|或)?以上|or (?:more|above|over|higher|larger|bigger)|and (?:up|above|more)|\+|plus\b|minimum|at least|起(?!重))/i,
  ],
  ['around', /^\s*(?:左右|上下|or so\b)/],
]
const joint = /^\s*(?:-|–|—|~|to|and|到|至|和|与)\s*$/i

/** The amounts of a question with their conditions, in order. */
export function boundsIn(text: string): Bound[] {
  const found: Bound[] = []
  const amounts = quantities(text)
  for (let at = 0; at < amounts.length; at++) {
    const first = amounts[at]!
    const second = amounts[at + 1]
    if (second && isRange(text, first, second)) {
      found.push(rangeOf(text, first, second))
      at += 1
    } else found.push(single(text, first))
  }
  return found
}

function isRange(text: string, first: Quantity, second: Quantity): boolean {
  const gap = text.slice(first.end, second.start)
  if (!joint.test(gap)) return false
  if (first.dimension !== null && first.dimension !== second.dimension && second.dimension !== null)
    return false
  const loose = /and|和|与/i.test(gap)
  return (
    !loose ||
    /(?:between|介于|在)\s*$/i.test(text.slice(0, first.start)) ||
    /^\s*之?间/.test(text.slice(second.end))
  )
}

function rangeOf(text: string, first: Quantity, second: Quantity): Bound {
  const unit = second.unit ?? first.unit
  const factor = unit?.factor ?? 1
  const opening = /(?:between|from|介于|从|在)\s*$/i.exec(text.slice(0, first.start))
  const closing = /^\s*(?:之间|间|的)/.exec(text.slice(second.end))
  return {
    operator: 'between',
    low: first.amount,
    high: second.amount,
    lowValue: first.unit ? first.value : first.amount * factor,
    highValue: second.unit ? second.value : second.amount * factor,
    dimension: unit?.dimension ?? null,
    unit: unit?.name ?? null,
    adjective: null,
    start: opening?.index ?? first.start,
    end: second.end + (closing?.[0].length ?? 0),
  }
}

function single(text: string, { amount, value, dimension, unit, start, end }: Quantity): Bound {
  const same = {
    low: amount,
    high: amount,
    lowValue: value,
    highValue: value,
    dimension,
    unit: unit?.name ?? null,
  }
  const head = text.slice(Math.max(0, start - 40), start)
  const tail = text.slice(end, end + 20)
  for (const [operator, pattern] of after) {
    const match = pattern.exec(tail)
    if (match) return { ...same, operator, adjective: null, start, end: end + match[0].length }
  }
  for (const [operator, pattern] of before) {
    const match = pattern.exec(head)
    if (!match) continue
    const adjective = match.groups?.word ?? null
    return { ...same, operator, adjective, start: start - (head.length - match.index), end }
  }
  return { ...same, operator: 'equal', adjective: null, start, end }
}
